package io.sluice.transport.tls;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.Squash;

/// `tls` of a client.
public record TlsClientConfig(
    @Squash TlsConfig common,
    @Doc("Talk without TLS. Of no effect if an authority is configured.") boolean insecure,
    @Doc("Do not check the server's certificate.") boolean insecureSkipVerify,
    @Doc("The name to expect in the server's certificate, and to send it; empty for the host.")
        String serverNameOverride)
    implements Checked {
  public static TlsClientConfig defaults() {
    return new TlsClientConfig(TlsConfig.defaults(), false, false, "");
  }

  /// Whether this asks for plain text.
  public boolean plaintext() {
    return insecure && !common.hasCa();
  }

  @Override
  public void check(Findings findings) {
    if (insecureSkipVerify && !plaintext()) {
      findings.warning("insecure_skip_verify", "anybody may pretend to be this destination");
    }
    if (insecure && common.hasCa()) {
      findings.warning("insecure", "of no effect beside ca_file or ca_pem: TLS stays on");
    }
  }
}

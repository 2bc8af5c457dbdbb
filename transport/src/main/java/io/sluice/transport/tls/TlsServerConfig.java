package io.sluice.transport.tls;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.Squash;

/// `tls` of a server.
public record TlsServerConfig(
    @Squash TlsConfig common,
    @Doc("File with the authorities of client certificates; a client without one is refused.")
        String clientCaFile,
    @Doc("Read client_ca_file again when it changes.") boolean clientCaFileReload)
    implements Checked {
  public static TlsServerConfig defaults() {
    return new TlsServerConfig(TlsConfig.defaults(), "", false);
  }

  @Override
  public void check(Findings findings) {
    findings.require(
        common.hasCert() || common.hasKey(),
        "cert_file",
        "missing (expected: a certificate and its key)");
  }
}

package io.sluice.extensions.admin;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.transport.Endpoint;
import io.sluice.transport.Network;

/// `extensions::admin`.
public record AdminConfig(
    @Doc(
            "Where to listen, host:port. A loopback address: what can be done here is for this machine.")
        String endpoint)
    implements Checked {
  private static final String ENDPOINT = "localhost:55680";

  public static AdminConfig defaults() {
    return new AdminConfig(ENDPOINT);
  }

  @Override
  public void check(Findings findings) {
    Endpoint.check(endpoint, Network.TCP, findings);
    try {
      findings.require(
          endpoint.isEmpty() || Gate.loopback(Endpoint.parse(endpoint).host()),
          "endpoint",
          "'" + endpoint + "' (expected: a loopback address, as in localhost:55680)");
    } catch (IllegalArgumentException _) { // said above
    }
  }
}

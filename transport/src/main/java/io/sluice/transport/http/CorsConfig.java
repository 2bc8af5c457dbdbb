package io.sluice.transport.http;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import java.util.List;

/// `cors`.
public record CorsConfig(
    @Doc("Origins that may send, with * as a wildcard; none for no CORS at all.")
        List<String> allowedOrigins,
    @Doc("Headers that may be sent; * for all; replaces the default list.")
        List<String> allowedHeaders,
    @Doc("Headers of the answer that scripts may read.") List<String> exposedHeaders,
    @Doc("How long a browser may keep the answer to a preflight, in seconds; 0 to say nothing.")
        int maxAge)
    implements Checked {
  public CorsConfig {
    allowedOrigins = List.copyOf(allowedOrigins);
    allowedHeaders = List.copyOf(allowedHeaders);
    exposedHeaders = List.copyOf(exposedHeaders);
  }

  public static CorsConfig defaults() {
    return new CorsConfig(List.of(), List.of(), List.of(), 0);
  }

  @Override
  public void check(Findings findings) {
    if (allowedOrigins.isEmpty()) {
      findings.warning("allowed_origins", "empty, so CORS is off");
    }
  }
}

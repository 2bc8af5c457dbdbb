package io.sluice.exporters.otlp;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.QueueConfig;
import io.sluice.component.RetryConfig;
import io.sluice.component.Squash;
import io.sluice.data.Signal;
import io.sluice.transport.http.HttpClientConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// `otlp_http`.
public record OtlpHttpExporterConfig(
    @Squash HttpClientConfig client,
    @Doc("Encoding of the bodies: proto or json.") Encoding encoding,
    @Doc("Where traces go; empty for the endpoint with /v1/traces.") String tracesEndpoint,
    @Doc("Where metrics go; empty for the endpoint with /v1/metrics.") String metricsEndpoint,
    @Doc("Where logs go; empty for the endpoint with /v1/logs.") String logsEndpoint,
    @Doc("Where profiles go; empty for the endpoint with /v1development/profiles.")
        String profilesEndpoint,
    @Doc("What happens when an attempt fails.") RetryConfig retryOnFailure,
    @Doc("Where batches wait; on unless disabled.") Optional<QueueConfig> sendingQueue)
    implements Checked {
  private static final int WRITE_BUFFER_BYTES = 512 << 10;

  /// How a body is written.
  public enum Encoding {
    PROTO,
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static OtlpHttpExporterConfig defaults() {
    return new OtlpHttpExporterConfig(
        HttpClientConfig.defaults().with("", Duration.ofSeconds(30), "gzip", WRITE_BUFFER_BYTES),
        Encoding.PROTO,
        "",
        "",
        "",
        "",
        RetryConfig.defaults(),
        Optional.of(QueueConfig.defaults()));
  }

  /// Where batches of this signal go.
  ///
  /// @throws IllegalArgumentException if that is nowhere, or no URL
  URI uri(Signal signal) {
    var own =
        switch (signal) {
          case TRACES -> tracesEndpoint;
          case METRICS -> metricsEndpoint;
          case LOGS -> logsEndpoint;
          case PROFILES -> profilesEndpoint;
        };
    if (!own.isEmpty()) {
      return parse(own);
    }
    if (client.endpoint().isEmpty()) {
      throw new IllegalArgumentException(
          "missing (expected: endpoint, or " + signal + "_endpoint)");
    }
    var base = client.endpoint();
    var trimmed = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    return parse(
        trimmed + (signal == Signal.PROFILES ? "/v1development/profiles" : "/v1/" + signal));
  }

  private static URI parse(String text) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException("not a URL (expected: http://host:port)");
    }
    var scheme = uri.getScheme();
    if (uri.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException(
          "'" + text + "' (expected: http:// or https:// with a host)");
    }
    return uri;
  }

  @Override
  public void check(Findings findings) {
    check(findings, "endpoint", client.endpoint());
    check(findings, "traces_endpoint", tracesEndpoint);
    check(findings, "metrics_endpoint", metricsEndpoint);
    check(findings, "logs_endpoint", logsEndpoint);
    check(findings, "profiles_endpoint", profilesEndpoint);
    findings.require(
        !client.endpoint().isEmpty()
            || !tracesEndpoint.isEmpty()
            || !metricsEndpoint.isEmpty()
            || !logsEndpoint.isEmpty()
            || !profilesEndpoint.isEmpty(),
        "endpoint",
        "missing (expected: a URL here or in one of the endpoints for a signal)");
  }

  private static void check(Findings findings, String key, String text) {
    if (!text.isEmpty()) {
      try {
        parse(text);
      } catch (IllegalArgumentException e) {
        findings.error(key, String.valueOf(e.getMessage()));
      }
    }
  }
}

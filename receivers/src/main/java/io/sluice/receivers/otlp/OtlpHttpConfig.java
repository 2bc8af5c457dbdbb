package io.sluice.receivers.otlp;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.Squash;
import io.sluice.data.Signal;
import io.sluice.transport.http.HttpServerConfig;
import java.net.URI;

/// `protocols::http`.
public record OtlpHttpConfig(
    @Squash HttpServerConfig server,
    @Doc("Path for traces.") String tracesUrlPath,
    @Doc("Path for metrics.") String metricsUrlPath,
    @Doc("Path for logs.") String logsUrlPath)
    implements Checked {
  private static final String PROFILES_PATH = "/v1development/profiles";

  public static OtlpHttpConfig defaults() {
    return new OtlpHttpConfig(
        HttpServerConfig.defaults().withoutTimeouts("localhost:4318"),
        "/v1/traces",
        "/v1/metrics",
        "/v1/logs");
  }

  String path(Signal signal) {
    var path =
        switch (signal) {
          case TRACES -> tracesUrlPath;
          case METRICS -> metricsUrlPath;
          case LOGS -> logsUrlPath;
          case PROFILES -> PROFILES_PATH;
        };
    return path.startsWith("/") ? path : "/" + path;
  }

  @Override
  public void check(Findings findings) {
    path(findings, "traces_url_path", tracesUrlPath);
    path(findings, "metrics_url_path", metricsUrlPath);
    path(findings, "logs_url_path", logsUrlPath);
    distinct(findings, "metrics_url_path", Signal.METRICS, Signal.TRACES, Signal.PROFILES);
    distinct(
        findings, "logs_url_path", Signal.LOGS, Signal.TRACES, Signal.METRICS, Signal.PROFILES);
    distinct(findings, "traces_url_path", Signal.TRACES, Signal.PROFILES);
  }

  private void distinct(Findings findings, String key, Signal signal, Signal... others) {
    for (var other : others) {
      findings.require(
          !path(signal).equals(path(other)),
          key,
          "'" + path(signal) + "' (expected: not the path of " + other + ")");
    }
  }

  private static void path(Findings findings, String key, String path) {
    try {
      URI.create(path);
    } catch (IllegalArgumentException e) {
      findings.error(key, "'" + path + "' (expected: a path, such as /v1/traces)");
    }
  }
}

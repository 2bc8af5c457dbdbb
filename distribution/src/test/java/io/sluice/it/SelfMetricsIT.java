package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Signal;
import io.sluice.it.Gateway.Kind;
import io.sluice.testkit.Payloads;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// After the same traffic, a scrape of Sluice has every series that a scrape of the real Collector has: dashboards
/// and alerts go on working.
final class SelfMetricsIT {
  private static final String YAML =
      """
      receivers:
        otlp: {protocols: {grpc: {endpoint: "127.0.0.1:@grpc@"}, http: {endpoint: "127.0.0.1:@http@"}}}
        otlp/end: {protocols: {grpc: {endpoint: "127.0.0.1:@end@"}, http: {endpoint: "127.0.0.1:@end_http@"}}}
      processors:
        memory_limiter: {check_interval: 1s, limit_mib: 4000}
        batch: {timeout: 10ms}
      exporters:
        nop:
        otlp_grpc: {endpoint: "127.0.0.1:@end@", tls: {insecure: true}}
        otlp_grpc/dead: {endpoint: "127.0.0.1:@nobody@", tls: {insecure: true}, retry_on_failure: {enabled: false}}
        otlp_http: {endpoint: "http://127.0.0.1:@end_http@"}
        file: {path: "%dir%/out.json"}
      service:
        telemetry: {metrics: {level: %level%}}
        pipelines:
          traces: {receivers: [otlp], processors: [memory_limiter, batch], exporters: [otlp_grpc, otlp_grpc/dead, otlp_http, file]}
          logs: {receivers: [otlp], processors: [memory_limiter], exporters: [otlp_http]}
          traces/end: {receivers: [otlp/end], exporters: [nop]}
          logs/end: {receivers: [otlp/end], exporters: [nop]}
      """;

  private static final Pattern SERIES = Pattern.compile("^(\\w+)(?:\\{(.*)})? \\S+$");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");

  /// What comes last: a destination given up, and the first answer of an HTTP one.
  private static final Pattern FAILED =
      Pattern.compile("(?m)^otelcol_exporter_send_failed_spans\\{.*otlp_grpc/dead.* 5(\\.0)?$");

  private static final Pattern SENT =
      Pattern.compile("(?m)^otelcol_exporter_sent_log_records\\{.*otlp_http.* 5(\\.0)?$");

  @ParameterizedTest
  @CsvSource({"normal, 20", "detailed, 50"})
  void everySeriesOfTheCollectorIsThere(String level, int atLeast) {
    var yaml = YAML.replace("%level%", level);
    var theirs = series(Kind.COLLECTOR, yaml);
    assertThat(theirs).hasSizeGreaterThan(atLeast);
    theirs.removeAll(series(Kind.SLUICE, yaml));
    assertThat(theirs).as("missing").isEmpty();
  }

  /// Names with the keys of their labels.
  private static Set<String> series(Kind kind, String yaml) {
    try (var gateway = Gateway.start(kind, yaml);
        var grpc = new GrpcCaller(gateway.port("grpc"))) {
      grpc.call(Signal.TRACES, Payloads.spans("s", 5).otlp().flatten().toArray());
      grpc.call(Signal.TRACES, new byte[] {0x0a, 0x10});
      var logs = Payloads.logs("l", 5).otlp().flatten().toArray();
      Http.post(gateway.uri("http", "/v1/logs"), "application/x-protobuf", logs);
      Http.post(gateway.uri("http", "/v1/logs"), "text/plain", logs);
      Eventually.happens(
          () -> {
            var scrape = gateway.scrape();
            return FAILED.matcher(scrape).find() && SENT.matcher(scrape).find();
          },
          gateway::scrape);
      var all = new TreeSet<String>();
      gateway
          .scrape()
          .lines()
          .filter(line -> line.matches("(otelcol|http|rpc)_.*"))
          .forEach(line -> all.add(key(line)));
      return all;
    }
  }

  private static String key(String line) {
    var parts = SERIES.matcher(line);
    assertThat(parts.matches()).as(line).isTrue();
    var keys = new TreeSet<String>();
    if (parts.group(2) != null) {
      LABEL.matcher(parts.group(2)).results().forEach(label -> keys.add(label.group(1)));
    }
    return parts.group(1) + "{" + String.join(",", keys) + "}";
  }
}

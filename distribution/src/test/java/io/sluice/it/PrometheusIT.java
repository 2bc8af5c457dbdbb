package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.Prometheus.Version;
import io.sluice.testkit.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Metrics go through Sluice into a real Prometheus, which is asked for what it has; and through the real
/// Collector, of which it must have the same.
@Tag("backend")
final class PrometheusIT {
  private static final String WRITE_1 = "prometheus.WriteRequest";
  private static final String WRITE_2 = "io.prometheus.write.v2.Request";

  private static final String YAML =
      """
      receivers:
        otlp: {protocols: {http: {endpoint: "127.0.0.1:@http@"}}}
      exporters:
        prometheusremotewrite:
          endpoint: ENDPOINT
          protobuf_message: PROTOCOL
          external_labels: {via: VIA}
          retry_on_failure: {max_elapsed_time: 10s, max_interval: 5s}
      service:
        pipelines:
          metrics: {receivers: [otlp], exporters: [prometheusremotewrite]}
      """;

  private static final String EXPECTED =
      """
      {__name__=cpu_utilization_ratio I O V} 0.125@T1 0.25@T2
      {__name__=http_server_duration_milliseconds_bucket I le=+Inf O V} 6@T1 12@T2
      {__name__=http_server_duration_milliseconds_bucket I le=0.5 O V} 1@T1 2@T2
      {__name__=http_server_duration_milliseconds_bucket I le=10 O V} 3@T1 6@T2
      {__name__=http_server_duration_milliseconds_bucket I le=2500000 O V} 5@T1 10@T2
      {__name__=http_server_duration_milliseconds_count I O V} 6@T1 12@T2
      {__name__=http_server_duration_milliseconds_sum I O V} 42.5@T1 85@T2
      {__name__=http_server_requests_total a_b=2;1 I key_9lives=x key_private=x O V} 1@T1 2@T2
      {__name__=http_server_requests_total gr_e=ß ☃ "quoted" \\ / http_response_status_code=200 http_route=/a I O V} 9007199254740994@T1 9007199254740996@T2
      {__name__=latency_seconds I O V} count 10 sum 12.5 NEGATIVE 2] [3 ZERO 2] [0 FIRST 1] [0 SECOND 2] [0 THIRD 3]@T1 count 20 sum 25 NEGATIVE 4] [3 ZERO 4] [0 FIRST 2] [0 SECOND 4] [0 THIRD 6]@T2
      {__name__=queue_size_bytes I O V} -7@T1 -14@T2
      {__name__=rpc_time_seconds I O quantile=0.5 V} 2@T1 2@T2
      {__name__=rpc_time_seconds I O quantile=1 V} 5@T1 5@T2
      {__name__=rpc_time_seconds_count I O V} 4@T1 8@T2
      {__name__=rpc_time_seconds_sum I O V} 10@T1 20@T2
      {__name__=target_info host_name=h1 I V} 1@T1 1@T2
      """;

  private static Prometheus prometheus;
  private static Prometheus older;

  @BeforeAll
  static void start() {
    prometheus = Prometheus.start();
    older = Prometheus.start(Version.TWO);
  }

  @AfterAll
  static void stop() {
    for (var each : new Prometheus[] {prometheus, older}) {
      if (each != null) { // there is none here
        each.close();
      }
    }
  }

  private static Prometheus of(Version version) {
    return version == Version.THREE ? prometheus : older;
  }

  private static String yaml(String protocol, String via) {
    return yaml(prometheus, protocol, via);
  }

  private static String yaml(Prometheus to, String protocol, String via) {
    return YAML.replace("ENDPOINT", to.endpoint())
        .replace("PROTOCOL", protocol)
        .replace("VIA", via);
  }

  private static void send(Gateway gateway, byte[] request) {
    var answer = Http.post(gateway.uri("http", "/v1/metrics"), "application/x-protobuf", request);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  /// Whole seconds but for the milliseconds, so that nothing is rounded.
  private static long recently() {
    return System.currentTimeMillis() / 1000 * 1000 - 120_000 + 123;
  }

  @ParameterizedTest
  @CsvSource({"THREE, " + WRITE_1, "THREE, " + WRITE_2, "TWO, " + WRITE_1})
  void hasWhatWasSent(Version version, String protocol) {
    var prometheus = of(version);
    var service = protocol.equals(WRITE_1) ? "sent1" : "sent2";
    long first = recently();
    long second = first + 15_000;
    try (var sluice = Gateway.sluice(yaml(prometheus, protocol, "sluice"))) {
      var requests = new MetricRequests(service);
      send(sluice, requests.at(first, 1));
      send(sluice, requests.at(second, 2));
      awaits(prometheus, service, second);
      assertThat(String.join("\n", prometheus.lines(service, second)) + "\n")
          .isEqualTo(expected(service, first, second));
      assertThat(exemplars(prometheus, "sluice", service, second))
          .containsExactlyInAnyOrderElementsOf(expectedExemplars(protocol, first, second));
    }
  }

  /// Of a request of version 1 Prometheus takes exemplars before histograms: the first of a new series is lost.
  private static List<String> expectedExemplars(String protocol, long first, long second) {
    var all =
        new ArrayList<>(
            List.of(
                exemplar("http_server_requests_total", 1.5, first),
                exemplar("http_server_requests_total", 1.5, second),
                exemplar("http_server_duration_milliseconds_bucket", 7, first),
                exemplar("http_server_duration_milliseconds_bucket", 7, second),
                exemplar("latency_seconds", 2, second)));
    if (protocol.equals(WRITE_2)) {
      all.add(exemplar("latency_seconds", 2, first));
    }
    return all;
  }

  private static String exemplar(String metric, double value, long timeMs) {
    return metric
        + " "
        + value
        + "@"
        + (timeMs - 1)
        + " {span_id="
        + MetricRequests.SPAN
        + " trace_id="
        + MetricRequests.TRACE
        + " user=u7}";
  }

  /// The last series that is written.
  private static void awaits(Prometheus prometheus, String service, long timeMs) {
    Eventually.happens(
        () ->
            prometheus.lines(service, timeMs).stream()
                .anyMatch(line -> line.contains("target_info") && line.endsWith("@" + timeMs)),
        () -> prometheus.lines(service, timeMs) + "\n" + prometheus.log());
  }

  private static String expected(String service, long first, long second) {
    return EXPECTED
        .replace(" I ", " instance=i-1 job=it/" + service + " ")
        .replace(" O ", " otel_scope_name=lib otel_scope_tier=gold otel_scope_version=1.2 ")
        .replace("V}", "via=sluice}")
        .replace("NEGATIVE", "[1 -2.378414230005442 -2")
        .replace("ZERO", "-1e-128 1e-128")
        .replace("FIRST", "1 1.189207115002721")
        .replace("SECOND", "2 2.378414230005442")
        .replace("THIRD", "2.378414230005442 2.82842712474619")
        .replace("T1", String.valueOf(first))
        .replace("T2", String.valueOf(second));
  }

  private static List<String> exemplars(
      Prometheus prometheus, String gateway, String service, long timeMs) {
    var found = new ArrayList<String>();
    var data =
        prometheus.query(
            "query_exemplars",
            "query",
            "{job=\"it/" + service + "\",via=\"" + gateway + "\"}",
            "start",
            String.valueOf(timeMs / 1000 - 60),
            "end",
            String.valueOf(timeMs / 1000 + 60));
    for (var each : Json.list(data)) {
      var name = Json.object(Json.object(each).get("seriesLabels")).get("__name__");
      for (var exemplar : Json.list(Json.object(each).get("exemplars"))) {
        var fields = Json.object(exemplar);
        found.add(
            name
                + " "
                + Double.parseDouble(Json.text(fields.get("value")))
                + "@"
                + Prometheus.ms(fields.get("timestamp"))
                + " "
                + Prometheus.labels(fields.get("labels")));
      }
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(strings = {WRITE_1, WRITE_2})
  void hasTheSameOfTheCollector(String protocol) {
    var service = protocol.equals(WRITE_1) ? "same1" : "same2";
    long first = recently();
    long second = first + 15_000;
    var gate = "--feature-gates=exporter.prometheusremotewritexporter.enableSendingRW2";
    try (var sluice = Gateway.sluice(yaml(protocol, "sluice"));
        var collector = Gateway.start(Gateway.Kind.COLLECTOR, yaml(protocol, "collector"), gate)) {
      for (var gateway : List.of(sluice, collector)) {
        var requests = new MetricRequests(service);
        send(gateway, requests.at(first, 1));
        send(gateway, requests.at(second, 2));
      }
      Eventually.happens(
          () ->
              prometheus.lines(service, second).stream()
                      .filter(line -> line.contains("target_info") && line.endsWith("@" + second))
                      .count()
                  == 2,
          () -> prometheus.lines(service, second) + "\n" + collector.log());
      assertThat(via("sluice", service, second)).isEqualTo(via("collector", service, second));
      if (protocol.equals(WRITE_1)) { // by version 2 the Collector sends none of histograms
        assertThat(exemplars(prometheus, "sluice", service, second))
            .isEqualTo(exemplars(prometheus, "collector", service, second));
      }
    }
  }

  private static List<String> via(String gateway, String service, long timeMs) {
    return prometheus.lines(service, timeMs).stream()
        .filter(line -> line.contains("via=" + gateway + "}"))
        .map(line -> line.replace("via=" + gateway + "}", "}"))
        .toList();
  }
}

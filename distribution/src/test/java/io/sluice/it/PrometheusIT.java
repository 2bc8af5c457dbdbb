package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

  @BeforeAll
  static void start() {
    prometheus = Prometheus.start();
  }

  @AfterAll
  static void stop() {
    if (prometheus != null) { // there is none here
      prometheus.close();
    }
  }

  private static String yaml(String protocol, String via) {
    return YAML.replace("ENDPOINT", prometheus.endpoint())
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
  @ValueSource(strings = {WRITE_1, WRITE_2})
  void hasWhatWasSent(String protocol) {
    var service = protocol.equals(WRITE_1) ? "sent1" : "sent2";
    long first = recently();
    long second = first + 15_000;
    try (var sluice = Gateway.sluice(yaml(protocol, "sluice"))) {
      var requests = new MetricRequests(service);
      send(sluice, requests.at(first, 1));
      send(sluice, requests.at(second, 2));
      awaits(service, second);
      assertThat(String.join("\n", lines(service, second)) + "\n")
          .isEqualTo(expected(service, first, second));
      assertThat(exemplars("sluice", service, second))
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
  private static void awaits(String service, long timeMs) {
    Eventually.happens(
        () ->
            lines(service, timeMs).stream()
                .anyMatch(line -> line.contains("target_info") && line.endsWith("@" + timeMs)),
        () -> lines(service, timeMs) + "\n" + prometheus.log());
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

  private static List<String> lines(String service, long timeMs) {
    var selector = "{job=\"it/" + service + "\"}[5m]";
    return prometheus.select(selector, timeMs / 1000 + 1).stream()
        .map(series -> labels(series.get("metric")) + values(series))
        .sorted()
        .toList();
  }

  private static String labels(@Nullable Object metric) {
    return new TreeMap<>(Json.object(metric))
        .entrySet().stream()
            .map(label -> label.getKey() + "=" + Json.text(label.getValue()).replace("\n", "/"))
            .collect(Collectors.joining(" ", "{", "}"));
  }

  private static String values(Map<String, Object> series) {
    var text = new StringBuilder();
    for (var sample : Json.list(series.get("values"))) {
      var pair = Json.list(sample);
      text.append(' ').append(pair.get(1)).append('@').append(ms(pair.get(0)));
    }
    for (var sample : Json.list(series.get("histograms"))) {
      var pair = Json.list(sample);
      var histogram = Json.object(pair.get(1));
      text.append(" count ").append(histogram.get("count"));
      text.append(" sum ").append(histogram.get("sum"));
      Json.list(histogram.get("buckets"))
          .forEach(bucket -> text.append(' ').append(bucket.toString().replace(",", "")));
      text.append('@').append(ms(pair.get(0)));
    }
    return text.toString();
  }

  private static long ms(@Nullable Object seconds) {
    return Math.round(Double.parseDouble(Json.text(seconds)) * 1000);
  }

  private static List<String> exemplars(String gateway, String service, long timeMs) {
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
                + ms(fields.get("timestamp"))
                + " "
                + labels(fields.get("labels")));
      }
    }
    return found;
  }

  /// A late sample is rejected alone; it is counted, and what came with it is there.
  @ParameterizedTest
  @ValueSource(strings = {WRITE_1, WRITE_2})
  void onlyTheSampleThatIsOutOfOrderIsLost(String protocol) {
    var service = protocol.equals(WRITE_1) ? "late1" : "late2";
    long first = recently();
    long second = first + 10_000;
    try (var sluice = Gateway.sluice(yaml(protocol, "sluice"))) {
      var requests = new MetricRequests(service);
      send(sluice, requests.gauges(50, _ -> first));
      send(sluice, requests.gauges(50, i -> i == 13 ? first - 5_000 : second));
      send(sluice, requests.gauges(50, i -> second + 1000));
      awaits(service, second + 1000);
      assertThat(lines(service, second))
          .filteredOn(line -> line.contains("=g_"))
          .hasSize(50)
          .allMatch(line -> line.contains("@" + second) != line.contains("=g_13 "));
      assertThat(sluice.scrape())
          .containsPattern("sluice_items\\{[^}]*rejected_by_destination[^}]*} 1\\b");
    }
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
              lines(service, second).stream()
                      .filter(line -> line.contains("target_info") && line.endsWith("@" + second))
                      .count()
                  == 2,
          () -> lines(service, second) + "\n" + collector.log());
      assertThat(via("sluice", service, second)).isEqualTo(via("collector", service, second));
      if (protocol.equals(WRITE_1)) { // by version 2 the Collector sends none of histograms
        assertThat(exemplars("sluice", service, second))
            .isEqualTo(exemplars("collector", service, second));
      }
    }
  }

  private static final String DURABLE =
      """
      receivers:
        otlp: {protocols: {http: {endpoint: "127.0.0.1:@http@"}}}
      extensions:
        file_storage: {directory: %dir%, create_directory: true}
      exporters:
        prometheus_remote_write:
          endpoint: ENDPOINT
          protobuf_message: PROTOCOL
          external_labels: {via: sluice}
          sending_queue: {storage: file_storage}
          retry_on_failure: {max_interval: 1s}
      service:
        extensions: [file_storage]
        pipelines:
          metrics: {receivers: [otlp], exporters: [prometheus_remote_write]}
      """;

  /// What came while the server was away is there afterwards, in order, or it would have been rejected.
  @ParameterizedTest
  @ValueSource(strings = {WRITE_1, WRITE_2})
  void nothingIsLostWhileTheServerIsAway(String protocol) {
    var yaml = DURABLE.replace("PROTOCOL", protocol);
    long first = recently();
    try (var server = Prometheus.start();
        var sluice = Gateway.sluice(yaml.replace("ENDPOINT", server.endpoint()))) {
      var requests = new MetricRequests("away");
      send(sluice, requests.at(first, 1));
      Eventually.happens(() -> count(server, first) == 1, server::log);
      server.kill();
      for (int i = 1; i < 20; i++) {
        send(sluice, requests.at(first + i * 1000L, 1 + i));
      }
      try (var again = server.again()) {
        Eventually.happens(() -> count(again, first + 19_000) == 20, again::log);
      }
    }
  }

  /// With a queue on disk the sample at fault is kept, as OTLP and alone.
  @Test
  void theSampleAtFaultBecomesADeadLetter() {
    long first = recently();
    var yaml = DURABLE.replace("PROTOCOL", WRITE_1).replace("ENDPOINT", prometheus.endpoint());
    try (var sluice = Gateway.sluice(yaml)) {
      var requests = new MetricRequests("letters");
      send(sluice, requests.gauges(50, _ -> first));
      send(sluice, requests.gauges(50, i -> i == 13 ? first - 5_000 : first + 1000));
      send(sluice, requests.gauges(50, i -> first + 2000));
      awaits("letters", first + 2000);
      assertThat(sluice.scrape())
          .containsPattern("sluice_exporter_dead_lettered_metric_points\\{[^}]*} 1\\b");
    }
  }

  private static long count(Prometheus server, long timeMs) {
    return server.select("cpu_utilization_ratio[5m]", timeMs / 1000 + 1).stream()
        .mapToLong(series -> Json.list(series.get("values")).size())
        .sum();
  }

  private static List<String> via(String gateway, String service, long timeMs) {
    return lines(service, timeMs).stream()
        .filter(line -> line.contains("via=" + gateway + "}"))
        .map(line -> line.replace("via=" + gateway + "}", "}"))
        .toList();
  }
}

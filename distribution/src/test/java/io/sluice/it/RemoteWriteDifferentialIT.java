package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The same points under the same settings, by Sluice and by the real Collector, make the same series in one
/// Prometheus. Each setting is an exporter of its own in one pipeline.
final class RemoteWriteDifferentialIT {
  private static final String WRITE_1 = "prometheus.WriteRequest";
  private static final String WRITE_2 = "io.prometheus.write.v2.Request";
  private static final String GATE =
      "--feature-gates=exporter.prometheusremotewritexporter.enableSendingRW2";

  /// By name, in flow style. Of an external label that a point has too, the point's counts.
  private static final Map<String, String> SETTINGS =
      new TreeMap<>(
          Map.of(
              "plain", "",
              "namespace", "namespace: shop",
              "external", "external_labels: {via: VIA, http_route: all, other.label: x}",
              "promoted", "resource_to_telemetry_conversion: {enabled: true}",
              "selected",
                  "resource_to_telemetry_conversion: {enabled: true, exclude_service_attributes: true}",
              "short", "add_metric_suffixes: false",
              "unscoped", "disable_scope_info: true",
              "untargeted", "target_info: {enabled: false}",
              "custom", "convert_explicit_histograms_to_nhcb: true",
              "both", "convert_explicit_histograms_to_nhcb: true, keep_classic_histograms: true"));

  private static Prometheus prometheus;

  @BeforeAll
  static void start() {
    prometheus = Prometheus.start();
  }

  @AfterAll
  static void stop() {
    prometheus.close();
  }

  private static String yaml(String protocol, String gateway) {
    var exporters = new StringBuilder();
    SETTINGS.forEach((name, setting) -> {
      var via = gateway + "-" + name;
      exporters
          .append("  prometheusremotewrite/" + name + ": {endpoint: \"")
          .append(prometheus.endpoint())
          .append("\", protobuf_message: ")
          .append(protocol)
          .append(setting.contains("external_labels") ? "" : ", external_labels: {via: VIA}")
          .append(setting.isEmpty() ? "" : ", " + setting)
          .append("}\n");
      var text = exporters.toString().replace("VIA", via);
      exporters.setLength(0);
      exporters.append(text);
    });
    var names =
        SETTINGS.keySet().stream()
            .map(name -> "prometheusremotewrite/" + name)
            .collect(Collectors.joining(", "));
    return """
    receivers:
      otlp: {protocols: {http: {endpoint: "127.0.0.1:@http@"}}}
    exporters:
    EXPORTERS
    service:
      pipelines:
        metrics: {receivers: [otlp], exporters: [NAMES]}
    """
        .replace("EXPORTERS\n", exporters)
        .replace("NAMES", names);
  }

  private static void send(Gateway gateway, byte[] request) {
    var answer = Http.post(gateway.uri("http", "/v1/metrics"), "application/x-protobuf", request);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {WRITE_1, WRITE_2})
  void makesTheSeriesOfTheCollector(String protocol) {
    var service = "settings" + protocol.length();
    long first = System.currentTimeMillis() / 1000 * 1000 - 120_000 + 123;
    long second = first + 15_000;
    long ended = second + 15_000;
    try (var sluice = Gateway.sluice(yaml(protocol, "sluice"));
        var collector = Gateway.start(Gateway.Kind.COLLECTOR, yaml(protocol, "collector"), GATE)) {
      var requests = new MetricRequests(service);
      for (var gateway : List.of(sluice, collector)) {
        send(gateway, requests.at(first, 1));
        send(gateway, requests.at(second, 2));
      }
      Eventually.happens(
          () -> series(service, second).values().stream().allMatch(each -> each.size() > 8),
          () -> series(service, second) + "\n" + collector.log());
      settled(service, second);
      var made = series(service, second);
      for (var name : SETTINGS.keySet()) {
        assertThat(made.get("sluice-" + name)).as(name).isEqualTo(made.get("collector-" + name));
      }
      settingsCount(made);
      assertThat(made.keySet()).noneMatch(writer -> left(writer, service, ended).isEmpty());
      for (var gateway : List.of(sluice, collector)) {
        send(gateway, requests.ended(ended));
      }
      for (var writer : made.keySet()) {
        Eventually.happens(
            () -> left(writer, service, ended).isEmpty(),
            () -> writer + " " + left(writer, service, ended));
      }
    }
  }

  /// That both do the same would prove little if a setting did nothing.
  private static void settingsCount(Map<String, List<String>> made) {
    var classic = "{__name__=http_server_duration_milliseconds_bucket ";
    var whole = "{__name__=http_server_duration_milliseconds i";
    assertThat(made.get("sluice-namespace")).allMatch(line -> line.startsWith("{__name__=shop_"));
    assertThat(made.get("sluice-external"))
        .allMatch(line -> line.contains(" other_label=x "))
        .anyMatch(line -> line.contains(" http_route=/a "))
        .anyMatch(line -> line.contains(" http_route=all "));
    assertThat(made.get("sluice-promoted"))
        .allMatch(line -> line.contains(" host_name=h1 "))
        .anyMatch(line -> line.contains(" service_name="));
    assertThat(made.get("sluice-selected"))
        .allMatch(line -> line.contains(" host_name=h1 "))
        .noneMatch(line -> line.contains(" service_name="));
    assertThat(made.get("sluice-short")).noneMatch(line -> line.contains("_total "));
    assertThat(made.get("sluice-unscoped")).noneMatch(line -> line.contains(" otel_scope_"));
    assertThat(made.get("sluice-untargeted")).noneMatch(line -> line.contains("target_info"));
    assertThat(made.get("sluice-plain")).noneMatch(line -> line.startsWith(whole));
    assertThat(made.get("sluice-custom"))
        .noneMatch(line -> line.startsWith(classic))
        .anyMatch(line -> line.startsWith(whole) && line.contains(" count 12 sum 85 "));
    assertThat(made.get("sluice-both"))
        .anyMatch(line -> line.startsWith(classic))
        .anyMatch(line -> line.startsWith(whole));
  }

  /// Until two looks in a row agree.
  private static void settled(String service, long timeMs) {
    var last = new ArrayList<Map<String, List<String>>>();
    Eventually.happens(
        () -> {
          last.add(series(service, timeMs));
          Eventually.pause();
          return last.size() > 10 && last.getLast().equals(last.get(last.size() - 10));
        },
        () -> "goes on");
  }

  /// By what wrote them.
  private static Map<String, List<String>> series(String service, long timeMs) {
    var byWriter = new LinkedHashMap<String, List<String>>();
    for (var gateway : List.of("sluice", "collector")) {
      SETTINGS.keySet().forEach(name -> byWriter.put(gateway + "-" + name, new ArrayList<>()));
    }
    for (var line : prometheus.lines(service, timeMs)) {
      var via = line.replaceAll(".* via=([a-z]+-[a-z]+)[ }].*", "$1");
      byWriter
          .computeIfAbsent(via, _ -> new ArrayList<>())
          .add(line.replace("via=" + via, "via=*"));
    }
    return byWriter;
  }

  /// Series that have not ended, but for `target_info`, which does not.
  private static List<String> left(String via, String service, long endedMs) {
    var selector = "{job=\"it/" + service + "\",via=\"" + via + "\",__name__!~\".*target_info\"}";
    return prometheus.select(selector, endedMs / 1000 + 1).stream()
        .map(series -> Prometheus.labels(series.get("metric")))
        .toList();
  }
}

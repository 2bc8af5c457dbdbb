package io.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.telemetry.Exposition.Style;
import io.sluice.telemetry.Telemetry.Level;
import io.sluice.telemetry.View.Names;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The lines a scrape gets. Those expected were seen on the real Collector.
final class ExpositionTest {
  private final Telemetry telemetry =
      new Telemetry(new SimpleMeterRegistry(), Level.DETAILED, new Books());

  private List<String> lines(Style style) {
    telemetry.counter("otelcol_process_cpu_seconds", "").increment(2);
    telemetry.counter("otelcol_process_uptime", "").increment(1.5);
    telemetry.counter("otelcol_processor_incoming_items", "", "otel.signal", "a\"\n\\").increment();
    var _ = telemetry.gauge("otelcol_process_memory_rss", "", () -> 7);
    var histogram = telemetry.seconds("http.server.request.duration", "Help.", "http.route", "/x");
    histogram.record(0.005);
    histogram.record(20);
    return new Exposition(
            telemetry, Map.of("service.name", "me", "service.instance.id", "1"), style)
        .text()
        .lines()
        .filter(line -> !line.contains("sluice_items"))
        .toList();
  }

  @Test
  void namesAreTheInstrumentsOwnWithoutSuffixes() {
    assertThat(lines(Style.PLAIN))
        .contains(
            "target_info{service_instance_id=\"1\",service_name=\"me\"} 1",
            "# TYPE otelcol_process_cpu_seconds counter",
            "otelcol_process_cpu_seconds 2",
            "otelcol_process_uptime 1.5",
            "otelcol_process_memory_rss 7",
            "otelcol_processor_incoming_items{otel_signal=\"a\\\"\\n\\\\\"} 1",
            "# HELP http_server_request_duration Help.",
            "# TYPE http_server_request_duration histogram",
            "http_server_request_duration_bucket{http_route=\"/x\",le=\"0.005\"} 1",
            "http_server_request_duration_bucket{http_route=\"/x\",le=\"10\"} 1",
            "http_server_request_duration_bucket{http_route=\"/x\",le=\"+Inf\"} 2",
            "http_server_request_duration_sum{http_route=\"/x\"} 20.005",
            "http_server_request_duration_count{http_route=\"/x\"} 2");
  }

  @Test
  void suffixesAreUnitAndType() {
    assertThat(lines(new Style(true, false, Optional.empty())))
        .contains(
            "otelcol_process_cpu_seconds_total 2",
            "otelcol_process_uptime_seconds_total 1.5",
            "otelcol_process_memory_rss_bytes 7",
            "# TYPE http_server_request_duration_seconds histogram");
  }

  @Test
  void scopesAndResourceAreLabels() {
    var names = new Names(List.of("service.name"), List.of());
    assertThat(lines(new Style(false, true, Optional.of(names))))
        .contains(
            "otelcol_process_memory_rss{otel_scope_name=\"go.opentelemetry.io/collector/service\","
                + "otel_scope_schema_url=\"\",otel_scope_version=\"\",service_name=\"me\"} 7");
  }

  @Test
  void excludedAttributesOfTheResourceAreNoLabels() {
    var names = new Names(List.of(), List.of("service.name"));
    assertThat(lines(new Style(false, false, Optional.of(names))))
        .contains("otelcol_process_memory_rss{service_instance_id=\"1\"} 7");
  }
}

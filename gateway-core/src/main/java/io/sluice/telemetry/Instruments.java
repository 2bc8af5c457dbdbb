package io.sluice.telemetry;

import io.sluice.telemetry.Metric.Kind;
import java.util.List;
import java.util.Map;

/// Scope, unit and kind of each metric as the Collector's instruments have them: what views select by,
/// what OTLP carries and what suffixes are made of. Read off names, which follow rules.
final class Instruments {
  private static final String COLLECTOR = "go.opentelemetry.io/collector/";
  private static final String LIBRARIES = "go.opentelemetry.io/contrib/instrumentation/";
  private static final String OURS = "io.sluice";

  static final String HTTP = LIBRARIES + "net/http/otelhttp";
  static final String RPC = LIBRARIES + "google.golang.org/grpc/otelgrpc";
  static final String EXPORTERS = COLLECTOR + "exporter/exporterhelper";
  static final String REMOTE_WRITE =
      "github.com/open-telemetry/opentelemetry-collector-contrib/exporter/prometheusremotewriteexporter";
  static final String PROCESSORS = COLLECTOR + "processor/processorhelper";
  static final String BATCH = COLLECTOR + "processor/batchprocessor";

  private static final List<Map.Entry<String, String>> SCOPES =
      List.of(
          Map.entry("otelcol_process_", COLLECTOR + "service"),
          Map.entry("otelcol_receiver_", COLLECTOR + "receiver/receiverhelper"),
          Map.entry("otelcol_exporter_prometheusremotewrite_", REMOTE_WRITE),
          Map.entry("otelcol_exporter_", EXPORTERS),
          Map.entry("otelcol_processor_batch_", BATCH),
          Map.entry(
              "otelcol_processor_memory_limiter_", COLLECTOR + "processor/memorylimiterprocessor"),
          Map.entry("otelcol_processor_incoming_items", PROCESSORS),
          Map.entry("otelcol_processor_outgoing_items", PROCESSORS),
          Map.entry("otelcol_processor_internal_duration", PROCESSORS),
          Map.entry("http.", HTTP),
          Map.entry("rpc.", RPC));

  private static final List<Map.Entry<String, String>> UNITS =
      List.of(
          Map.entry("_process_uptime", "s"),
          Map.entry("_process_cpu_seconds", "s"),
          Map.entry("duration", "s"),
          Map.entry("_bytes", "By"),
          Map.entry("_memory_rss", "By"),
          Map.entry(".size", "By"),
          Map.entry("_spans", "{span}"),
          Map.entry("_log_records", "{record}"),
          Map.entry("_metric_points", "{datapoint}"),
          Map.entry("_profile_samples", "{sample}"),
          Map.entry("_items", "{item}"),
          Map.entry("_requests", "{request}"),
          Map.entry("_queue_size", "{batch}"),
          Map.entry("_queue_capacity", "{batch}"),
          Map.entry("_send_size", "{unit}"),
          Map.entry("_enqueue_size", "{unit}"),
          Map.entry("_trigger_send", "{time}"),
          Map.entry("_cardinality", "{combination}"),
          Map.entry("_sent_batches", "{batch}"),
          Map.entry("_consumers", "{consumer}"),
          Map.entry("_written_samples", "{sample}"),
          Map.entry("_written_histograms", "{histogram}"),
          Map.entry("_written_exemplars", "{exemplar}"),
          Map.entry("_translated_time_series", "1"),
          Map.entry("_failed_translations", "1"));

  private static final List<String> UP_DOWN =
      List.of("_in_flight_requests", "_cardinality", "_consumers");

  private Instruments() {}

  static String scope(String metric) {
    return SCOPES.stream()
        .filter(scope -> metric.startsWith(scope.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(OURS);
  }

  static String unit(String metric) {
    return UNITS.stream()
        .filter(unit -> metric.endsWith(unit.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  static Kind counter(String metric) {
    return metric.startsWith("otelcol_process_") ? Kind.OBSERVABLE_COUNTER : Kind.COUNTER;
  }

  static Kind gauge(String metric) {
    return UP_DOWN.stream().anyMatch(metric::endsWith)
        ? Kind.UP_DOWN_COUNTER
        : Kind.OBSERVABLE_GAUGE;
  }
}

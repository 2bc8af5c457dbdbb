package io.sluice.it;

import static io.sluice.it.ConfigRow.EXPORTERS;
import static io.sluice.it.ConfigRow.RECEIVERS;
import static io.sluice.it.ConfigRow.accepted;
import static io.sluice.it.ConfigRow.refused;
import static io.sluice.it.ConfigRow.service;

import java.util.List;

/// Pipelines, and what the gateway says of itself.
final class ServiceRows {
  private ServiceRows() {}

  static List<ConfigRow> references() {
    return List.of(
        refused(
            "unknown receiver in a pipeline",
            service("{pipelines: {traces: {receivers: [x], exporters: [nop]}}}")),
        refused(
            "unknown processor in a pipeline",
            service(
                "{pipelines: {traces: {receivers: [otlp], processors: [x], exporters: [nop]}}}")),
        refused(
            "unknown exporter in a pipeline",
            service("{pipelines: {traces: {receivers: [otlp], exporters: [x]}}}")),
        refused("pipeline without receivers", service("{pipelines: {traces: {exporters: [nop]}}}")),
        refused(
            "pipeline without exporters", service("{pipelines: {traces: {receivers: [otlp]}}}")),
        refused(
            "pipeline of an unknown signal",
            service("{pipelines: {events: {receivers: [otlp], exporters: [nop]}}}")),
        refused(
            "processor twice",
            service(
                "{pipelines: {traces: {receivers: [otlp], processors: [batch, batch], exporters: [nop]}}}")),
        refused(
            "unknown extension",
            service(
                "{extensions: [x], pipelines: {traces: {receivers: [otlp], exporters: [nop]}}}")),
        refused(
            "connector that feeds nobody",
            service("{pipelines: {traces: {receivers: [otlp], exporters: [forward]}}}")),
        refused(
            "connector that nobody feeds",
            service("{pipelines: {traces: {receivers: [forward], exporters: [nop]}}}")),
        refused(
            "circle",
            service("{pipelines: {traces: {receivers: [otlp, forward], exporters: [forward]}}}")),
        refused(
            "connector of another signal",
            service(
                "{pipelines: {traces: {receivers: [otlp], exporters: [forward]}, logs: {receivers: [forward], exporters: [nop]}}}")),
        accepted(
            "connector",
            service(
                "{pipelines: {traces: {receivers: [otlp], exporters: [forward]}, traces/2: {receivers: [forward], exporters: [nop]}}}")),
        refused(
            "unknown log level",
            service(
                "{telemetry: {logs: {level: loud}}, pipelines: {traces: {receivers: [otlp], exporters: [nop]}}}")),
        refused(
            "unknown metrics level",
            service(
                "{telemetry: {metrics: {level: all}}, pipelines: {traces: {receivers: [otlp], exporters: [nop]}}}")));
  }

  static List<ConfigRow> telemetry() {
    return List.of(
        accepted("logs", telemetry("logs: {level: DEBUG, encoding: json, output_paths: [stdout]}")),
        accepted(
            "fields of logs",
            telemetry("logs: {initial_fields: {a: b}, sampling: {enabled: false}}")),
        accepted("resource", telemetry("resource: {service.name: a, b: }")),
        refused("address", telemetry("metrics: {address: \"localhost:8888\"}")),
        accepted("no metrics", telemetry("metrics: {level: none}")),
        accepted(
            "where metrics are read",
            telemetry(
                "metrics: {readers: [{pull: {exporter: {prometheus: {host: a, port: 1}}}}]}")),
        accepted(
            "metrics are sent",
            telemetry(
                "metrics: {readers: [{periodic: {exporter: {otlp: {protocol: http/protobuf, endpoint: \"http://a:1\"}}}}]}")),
        refused("unknown key", telemetry("unknown: 1")));
  }

  private static String telemetry(String text) {
    return RECEIVERS
        + EXPORTERS
        + "service: {telemetry: {"
        + text
        + "}, pipelines: {traces: {receivers: [otlp], exporters: [nop]}}}\n";
  }
}

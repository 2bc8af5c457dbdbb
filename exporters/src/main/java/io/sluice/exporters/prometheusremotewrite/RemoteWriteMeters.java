package io.sluice.exporters.prometheusremotewrite;

import io.micrometer.core.instrument.Counter;
import io.sluice.component.ComponentContext;
import io.sluice.exporters.prometheus.Troubles;
import io.sluice.telemetry.Telemetry;
import java.util.OptionalLong;

/// `otelcol_exporter_prometheusremotewrite_*`, under the Collector's names, and ours.
final class RemoteWriteMeters {
  private static final String PREFIX = "otelcol_exporter_prometheusremotewrite_";

  private final Telemetry telemetry;
  private final String exporter;
  private final String endpoint;
  private final Counter translated;
  private final Counter failed;
  private final Counter batches;

  RemoteWriteMeters(ComponentContext context, String endpoint) {
    telemetry = context.telemetry();
    exporter = context.id().toString();
    this.endpoint = endpoint;
    translated =
        counter(
            "translated_time_series",
            "Number of Prometheus time series that were translated from OTel metrics [Development]");
    failed =
        counter(
            "failed_translations",
            "Number of translation operations that failed to translate metrics from Otel to"
                + " Prometheus [Development]");
    batches =
        counter(
            "sent_batches",
            "Number of remote write request batches sent to the remote write endpoint regardless of"
                + " success or failure [Development]");
  }

  private Counter counter(String name, String help) {
    return telemetry.counter(PREFIX + name, help, "exporter", exporter, "endpoint", endpoint);
  }

  /// @return takes the figure away again
  Runnable consumers(int count) {
    return telemetry.gauge(
        PREFIX + "consumers",
        "Number of configured workers to use to fan out the outgoing requests [Development]",
        () -> count,
        "exporter",
        exporter,
        "endpoint",
        endpoint);
  }

  void translated(int series) {
    translated.increment(series);
  }

  void sent() {
    batches.increment();
  }

  void failed(Troubles troubles) {
    failed.increment();
    troubles
        .points()
        .forEach((reason, points) ->
            telemetry
                .counter(
                    "sluice_exporter_prometheusremotewrite_untranslated_points",
                    "Number of points that have no place in Prometheus, by reason",
                    "exporter",
                    exporter,
                    "reason",
                    reason.toString())
                .increment(points));
  }

  void withoutExemplars(long missing) {
    if (missing > 0) {
      telemetry
          .counter(
              "sluice_exporter_prometheusremotewrite_unwritten_exemplars",
              "Number of exemplars that the destination did not write, by what it says (remote write 2.0)",
              "exporter",
              exporter)
          .increment(missing);
    }
  }

  void written(Answers.Written written) {
    written("samples", "Samples", written.samples());
    written("histograms", "Histograms", written.histograms());
    written("exemplars", "Exemplars", written.exemplars());
  }

  private void written(String name, String words, OptionalLong count) {
    if (count.isPresent()) {
      counter(
              "written_" + name,
              "Number of Prometheus "
                  + words
                  + " that were successfully written to the remote write endpoint (only available"
                  + " when using remote write v2) [Development]")
          .increment(count.getAsLong());
    }
  }
}

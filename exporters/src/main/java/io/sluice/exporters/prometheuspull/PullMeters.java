package io.sluice.exporters.prometheuspull;

import io.sluice.component.ComponentContext;
import io.sluice.exporters.prometheus.Troubles;
import io.sluice.telemetry.Telemetry;
import java.util.function.DoubleSupplier;

/// `sluice_exporter_prometheus_*`.
final class PullMeters {
  private static final String PREFIX = "sluice_exporter_prometheus_";

  private final Telemetry telemetry;
  private final String exporter;

  PullMeters(ComponentContext context) {
    telemetry = context.telemetry();
    exporter = context.id().toString();
  }

  /// @return takes the figure away again
  Runnable series(DoubleSupplier count) {
    return telemetry.gauge(
        PREFIX + "series", "Number of series kept for scrapes", count, "exporter", exporter);
  }

  void refused(Troubles troubles, Refusals refusals) {
    troubles.points().forEach((reason, points) -> refused(reason.toString(), points));
    refusals.reasons().forEach(reason -> refused(reason.toString(), refusals.points(reason)));
  }

  private void refused(String reason, long points) {
    telemetry
        .counter(
            PREFIX + "refused_points",
            "Number of points that are not on the page, by reason",
            "exporter",
            exporter,
            "reason",
            reason)
        .increment(points);
  }

  void otherHelp() {
    telemetry
        .counter(
            PREFIX + "help_conflicts",
            "Number of times a metric came with another help than before, which is not shown",
            "exporter",
            exporter)
        .increment();
  }

  void scraped(int status) {
    telemetry
        .counter(
            PREFIX + "scrapes",
            "Number of scrapes, by status",
            "exporter",
            exporter,
            "status",
            String.valueOf(status))
        .increment();
  }
}

package io.sluice.exporters.prometheuspull;

import io.sluice.exporters.prometheus.SeriesTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The series of one metric. Confined to the exporter's loop.
///
/// @param name on the page
record Family(String name, SeriesTable.Type type, String help, Map<String, Metric> metrics) {
  private static final long BYTES = 200;

  /// A copy, for the page.
  record View(String name, SeriesTable.Type type, String help, List<Metric.View> metrics) {}

  Family(String name, SeriesTable.Type type, String help) {
    this(name, type, help, new HashMap<>());
  }

  /// About what it costs without its series.
  long bytes() {
    return BYTES + 2L * (name.length() + help.length());
  }

  View view() {
    return new View(name, type, help, metrics.values().stream().map(Metric::view).toList());
  }
}

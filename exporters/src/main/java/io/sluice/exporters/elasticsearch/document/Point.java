package io.sluice.exporters.elasticsearch.document;

import io.sluice.data.Fields;
import io.sluice.data.MetricCursor;
import io.sluice.wire.Bytes;

/// A data point and what is said of it by its metric.
///
/// @param item its number in the batch
record Point(Metric metric, Bytes message, int item) {
  /// What points of one metric share.
  record Metric(
      Bytes name, Bytes unit, MetricCursor.Kind kind, boolean monotonic, int temporality) {
    static final int CUMULATIVE = 2;

    int attributesField() {
      return switch (kind) {
        case HISTOGRAM -> 9;
        case EXPONENTIAL_HISTOGRAM -> 1;
        case GAUGE, SUM, SUMMARY, EMPTY -> 7;
      };
    }
  }

  Fields fields() {
    return Fields.of(message);
  }
}

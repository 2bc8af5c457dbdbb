package io.sluice.data;

import io.sluice.wire.Bytes;

/// Moves over the points of a metric. Times are nanoseconds since the epoch, unsigned.
public final class PointCursor {
  private final RecordCursor record;
  private final MetricCursor.Kind kind;

  PointCursor(RecordCursor record, MetricCursor.Kind kind) {
    this.record = record;
    this.kind = kind;
  }

  public boolean next() {
    return record.next();
  }

  /// The data point message, of the type that belongs to the metric's kind.
  public Bytes point() {
    return record.message();
  }

  public Attributes attributes() {
    return record.attributes(kind.attributes);
  }

  public long startTime() {
    return record.fields.fixed64(2);
  }

  public long time() {
    return record.fields.fixed64(3);
  }

  public int flags() {
    return (int) record.fields.varint(number() || kind == MetricCursor.Kind.SUMMARY ? 8 : 10);
  }

  /// Whether a gauge or sum holds an integer rather than a decimal.
  public boolean isInt() {
    return number() && record.fields.lastOf(4, 6) == 6;
  }

  public long intValue() {
    return record.fields.fixed64(6);
  }

  public double decimalValue() {
    return record.fields.decimal(4);
  }

  /// Observations in a histogram or summary.
  public long count() {
    return record.fields.fixed64(4);
  }

  public double sum() {
    return record.fields.decimal(5);
  }

  private boolean number() {
    return kind == MetricCursor.Kind.GAUGE || kind == MetricCursor.Kind.SUM;
  }
}

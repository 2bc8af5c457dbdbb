package io.sluice.data;

import io.sluice.wire.Bytes;

/// Moves over the metrics of a scope; each holds points of one kind.
public final class MetricCursor {
  private final RecordCursor record;
  private final Fields data = new Fields();

  /// What a metric is, with the numbers of its field in a metric and of the attributes in its points.
  public enum Kind {
    EMPTY(0, 0),
    GAUGE(5, 7),
    SUM(7, 7),
    HISTOGRAM(9, 9),
    EXPONENTIAL_HISTOGRAM(10, 1),
    SUMMARY(11, 7);

    final int field;
    final int attributes;

    Kind(int field, int attributes) {
      this.field = field;
      this.attributes = attributes;
    }

    static Kind of(int field) {
      return switch (field) {
        case 5 -> GAUGE;
        case 7 -> SUM;
        case 9 -> HISTOGRAM;
        case 10 -> EXPONENTIAL_HISTOGRAM;
        case 11 -> SUMMARY;
        default -> EMPTY;
      };
    }
  }

  MetricCursor(RecordCursor record) {
    this.record = record;
  }

  /// Stands on one Metric message that is at hand.
  public static MetricCursor at(Bytes message) {
    return new MetricCursor(RecordCursor.at(message));
  }

  public boolean next() {
    return record.next();
  }

  /// The Metric message.
  public Bytes metric() {
    return record.message();
  }

  public String name() {
    return record.fields.text(1);
  }

  public String description() {
    return record.fields.text(2);
  }

  public String unit() {
    return record.fields.text(3);
  }

  public Attributes metadata() {
    return record.attributes(12);
  }

  public Kind kind() {
    return Kind.of(record.fields.lastOf(5, 7, 9, 10, 11));
  }

  /// 0 unspecified, 1 delta, 2 cumulative.
  public int temporality() {
    return (int) data().varint(2);
  }

  public boolean monotonic() {
    return kind() == Kind.SUM && data().varint(3) != 0;
  }

  public PointCursor points() {
    return new PointCursor(new RecordCursor(data(), 1), kind());
  }

  private Fields data() {
    return data.over(record.fields.bytes(kind().field));
  }
}

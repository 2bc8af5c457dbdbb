package io.sluice.exporters.elasticsearch.document;

import io.sluice.data.AnyValue;
import io.sluice.data.Fields;
import io.sluice.data.MetricCursor.Kind;
import io.sluice.wire.Bytes;
import java.util.Arrays;

/// Writes the value of a point as a field of Elasticsearch can hold it: a number, a `histogram` of centroids,
/// or an `aggregate_metric_double`.
final class PointValue {
  private static final String AGGREGATE = "aggregate_metric_double";
  private static final String DOC_COUNT = "_doc_count";

  /// Observations stand at the upper bounds of their buckets, not in the middle.
  private static final String RAW = "histogram:raw";

  private static final String TOO_MANY = "a count of more than " + Long.MAX_VALUE;

  private PointValue() {}

  /// Why there is no such value; empty if there is one.
  static String missing(Point point) {
    var metric = point.metric();
    var fields = point.fields();
    return switch (metric.kind()) {
      case EMPTY -> "a metric without data has no value";
      case SUMMARY -> missingAggregate(fields);
      case GAUGE, SUM -> missingNumber(fields);
      case HISTOGRAM, EXPONENTIAL_HISTOGRAM -> {
        var wrong = cumulative(metric);
        if (wrong.isEmpty()) {
          wrong =
              hinted(point, AGGREGATE) ? missingAggregate(fields) : missingBuckets(point, fields);
        }
        yield wrong.isEmpty() && fields.fixed64(4) < 0 ? TOO_MANY : wrong;
      }
    };
  }

  private static String missingAggregate(Fields fields) {
    double sum = fields.decimal(5);
    return !Double.isFinite(sum)
        ? "a sum of " + sum + " is no number in JSON"
        : fields.fixed64(4) < 0 ? TOO_MANY : "";
  }

  private static String missingBuckets(Point point, Fields fields) {
    if (point.metric().kind() == Kind.EXPONENTIAL_HISTOGRAM) {
      boolean fits =
          fields.fixed64(7) >= 0
              && fit(Buckets.of(fields.message(8)).counts)
              && fit(Buckets.of(fields.message(9)).counts);
      return fits ? "" : TOO_MANY;
    }
    var counts = fields.allFixed64(6);
    var bounds = fields.allFixed64(7);
    if (counts.length != 0 && counts.length != bounds.length + 1) {
      return "a histogram with " + counts.length + " buckets and " + bounds.length + " bounds";
    }
    if (bounds.length == 0 && fields.fixed64(4) != 0) {
      return missingAggregate(fields); // their mean stands for all
    }
    for (int i = 0; i < counts.length && bounds.length > 0; i++) {
      if (counts[i] != 0 && !Double.isFinite(middle(bounds, i))) {
        return "a histogram with observations between bounds that are no numbers in JSON";
      }
    }
    return fit(counts) ? "" : TOO_MANY;
  }

  /// Whether the server can hold such counts: there they have a sign.
  private static boolean fit(long[] counts) {
    return Arrays.stream(counts).allMatch(count -> count >= 0);
  }

  private static String missingNumber(Fields fields) {
    return switch (fields.lastOf(4, 6)) {
      case 4 ->
          Double.isFinite(fields.decimal(4)) ? "" : fields.decimal(4) + " is no number in JSON";
      case 6 -> "";
      default -> "a point without a recorded value";
    };
  }

  private static String cumulative(Point.Metric metric) {
    return metric.temporality() == Point.Metric.CUMULATIVE
        ? "a cumulative histogram cannot be stored (expected: delta, as by cumulative_to_delta)"
        : "";
  }

  static void write(Json json, Point point) {
    var fields = point.fields();
    switch (point.metric().kind()) {
      case EMPTY -> json.nothing();
      case GAUGE, SUM -> {
        if (fields.lastOf(4, 6) == 6) {
          json.number(fields.fixed64(6));
        } else {
          json.decimal(fields.decimal(4));
        }
      }
      case SUMMARY -> aggregate(json, fields);
      case HISTOGRAM -> {
        if (hinted(point, AGGREGATE)) {
          aggregate(json, fields);
        } else {
          histogram(json, fields, hinted(point, RAW));
        }
      }
      case EXPONENTIAL_HISTOGRAM -> {
        if (hinted(point, AGGREGATE)) {
          aggregate(json, fields);
        } else {
          exponential(json, fields, hinted(point, RAW));
        }
      }
    }
  }

  private static void aggregate(Json json, Fields fields) {
    json.open().key("sum").decimal(fields.decimal(5));
    json.key("value_count").unsigned(fields.fixed64(4));
    json.close();
  }

  /// The name of the dynamic template that gives a field its type.
  static String template(Point point) {
    var metric = point.metric();
    return switch (metric.kind()) {
      case EMPTY, SUMMARY -> "summary";
      case GAUGE, SUM -> {
        boolean counter = metric.monotonic() && metric.temporality() == Point.Metric.CUMULATIVE;
        boolean whole = point.fields().lastOf(4, 6) == 6;
        yield (counter ? "counter_" : "gauge_") + (whole ? "long" : "double");
      }
      case HISTOGRAM, EXPONENTIAL_HISTOGRAM -> hinted(point, AGGREGATE) ? "summary" : "histogram";
    };
  }

  /// How many documents this one stands for, if an attribute asks to say so; 0 else.
  static long docCount(Point point) {
    if (!hinted(point, DOC_COUNT)) {
      return 0;
    }
    return point.metric().kind() == Kind.GAUGE || point.metric().kind() == Kind.SUM
        ? 1
        : point.fields().fixed64(4);
  }

  private static boolean hinted(Point point, String hint) {
    var value =
        new AttributeList()
            .over(point.message(), point.metric().attributesField())
            .value(Keys.HINTS);
    return value != null
        && AnyValue.decode(value) instanceof AnyValue.Array(var hints)
        && hints.contains(new AnyValue.Text(hint));
  }

  private static void histogram(Json json, Fields fields, boolean raw) {
    var counts = fields.allFixed64(6);
    var bounds = fields.allFixed64(7);
    var centroids = new Centroids();
    if (bounds.length == 0) {
      long count = fields.fixed64(4);
      centroids.add(count, fields.decimal(5) / count);
    }
    for (int i = 0; i < counts.length && bounds.length > 0; i++) {
      centroids.add(counts[i], raw ? upper(bounds, i) : middle(bounds, i));
    }
    centroids.write(json);
  }

  /// Those above all bounds are said to be at the last.
  private static double upper(long[] bounds, int bucket) {
    return Double.longBitsToDouble(bounds[Math.min(bucket, bounds.length - 1)]);
  }

  /// Where in a bucket its observations are said to be.
  private static double middle(long[] bounds, int bucket) {
    if (bucket == 0) {
      double first = Double.longBitsToDouble(bounds[0]);
      return first > 0 ? first / 2 : first;
    }
    double below = Double.longBitsToDouble(bounds[bucket - 1]);
    return bucket == bounds.length
        ? below
        : below + (Double.longBitsToDouble(bounds[bucket]) - below) / 2;
  }

  private static void exponential(Json json, Fields fields, boolean raw) {
    int scale = zigZag(fields.varint(6));
    var centroids = new Centroids();
    var negative = Buckets.of(fields.message(9));
    for (int i = negative.counts.length - 1; i >= 0; i--) {
      double value = raw ? negative.bound(i, scale) : negative.middle(i, scale);
      centroids.add(negative.counts[i], -value);
    }
    centroids.add(fields.fixed64(7), 0);
    var positive = Buckets.of(fields.message(8));
    for (int i = 0; i < positive.counts.length; i++) {
      double value = raw ? positive.bound(i + 1, scale) : positive.middle(i, scale);
      centroids.add(positive.counts[i], value);
    }
    centroids.write(json);
  }

  private static int zigZag(long bits) {
    int value = (int) bits;
    return (value >>> 1) ^ -(value & 1);
  }

  /// The buckets on one side of zero.
  @SuppressWarnings("ArrayRecordComponent") // made and read on one thread, compared by nobody
  private record Buckets(int offset, long[] counts) {
    static Buckets of(Bytes message) {
      var fields = Fields.of(message);
      return new Buckets(zigZag(fields.varint(1)), fields.allVarints(2));
    }

    double middle(int bucket, int scale) {
      double below = bound(bucket, scale);
      return below + (bound(bucket + 1, scale) - below) / 2;
    }

    /// The one of a bucket that is nearer to zero.
    double bound(int bucket, int scale) {
      double exponent = Math.scalb((double) offset + bucket, -scale);
      return Math.clamp(Math.pow(2, exponent), Double.MIN_VALUE, Double.MAX_VALUE);
    }
  }

  /// Pairs of a count and a value, without those of nothing, each value once: a server refuses a histogram
  /// in which they do not grow.
  private static final class Centroids {
    private final Json counts = new Json();
    private final Json values = new Json();
    private long open;
    private double at;

    void add(long count, double value) {
      if (count == 0) {
        return;
      }
      if (open != 0 && value != at) {
        flush();
      }
      open += count;
      at = value;
    }

    private void flush() {
      counts.unsigned(open);
      values.decimal(at);
      open = 0;
    }

    void write(Json json) {
      if (open != 0) {
        flush();
      }
      json.open().key("counts").openList().fields(counts.view());
      json.closeList().key("values").openList().fields(values.view());
      json.closeList().close();
    }
  }
}

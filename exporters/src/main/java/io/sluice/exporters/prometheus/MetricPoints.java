package io.sluice.exporters.prometheus;

import io.sluice.data.Fields;
import io.sluice.exporters.prometheus.SeriesTable.Family;
import io.sluice.exporters.prometheus.Troubles.Reason;
import io.sluice.wire.Bytes;
import java.util.List;

/// Puts the points of metrics into the table, one at a time. Confined to one thread.
final class MetricPoints {
  private static final int START = 2;
  private static final int TIME = 3;
  private static final int COUNT = 4;
  private static final int SUM = 5;

  private final SeriesTable table;
  private final Symbols symbols;
  private final Rules rules;
  private final Surroundings around;
  private final Numbers numbers;
  private final Troubles troubles;
  private final PointLabels labels;
  private final Exemplars exemplars;
  private final NativeHistogram natives = new NativeHistogram();
  private final Fields point = new Fields();
  private final Fields quantile = new Fields();

  /// What comes next in the batch.
  private int item;

  private Metric metric = new Metric("", new Family(0, SeriesTable.Type.UNKNOWN, 0, 0), "", false);
  private int family;
  private int nameSymbol;
  private int metricName;
  private int sumName;
  private int countName;
  private int bucketName;
  private int le;
  private int quantileName;

  /// Of all points of the resource.
  private long latestNs;

  /// Of the point that is being read.
  private long timeMs;

  private long startMs;
  private boolean stale;

  /// @param written the name it came with, for messages
  /// @param name the one it has now
  /// @param cumulative whether times of start mean anything
  record Metric(String written, Family family, String name, boolean cumulative) {}

  MetricPoints(
      SeriesTable table,
      Rules rules,
      Surroundings around,
      LabelNames names,
      Numbers numbers,
      Troubles troubles) {
    this.table = table;
    this.rules = rules;
    this.around = around;
    this.numbers = numbers;
    this.troubles = troubles;
    symbols = table.symbols();
    labels = new PointLabels(symbols, names);
    exemplars = new Exemplars(table, names);
  }

  void beginBatch() {
    item = 0;
    labels.forget();
    nameSymbol = symbols.of("__name__");
    le = symbols.of("le");
    quantileName = symbols.of("quantile");
  }

  void beginResource() {
    latestNs = 0;
  }

  /// Points that nobody translates count all the same, and so do their times.
  void pass(List<Bytes> points) {
    for (var each : points) {
      see(point.over(each).fixed64(TIME));
    }
    item += points.size();
  }

  private void see(long timeNs) {
    if (Long.compareUnsigned(timeNs, latestNs) > 0) {
      latestNs = timeNs;
    }
  }

  void begin(Metric of) {
    metric = of;
    family = table.register(of.family);
    metricName = symbols.of(of.name);
  }

  void beginParts() {
    sumName = symbols.of(metric.name + "_sum");
    countName = symbols.of(metric.name + "_count");
    bucketName = symbols.of(metric.name + "_bucket");
  }

  /// @return false if there is no series for it
  private boolean read(Bytes message, int flags, int attributes) {
    point.over(message);
    see(point.fixed64(TIME));
    timeMs = Times.ms(point.fixed64(TIME));
    startMs = metric.cumulative ? Times.startMs(point.fixed64(START), point.fixed64(TIME)) : 0;
    stale = (point.varint(flags) & 1) != 0;
    boolean labelled = around.labels(message, attributes, labels);
    if (!labelled) {
      troubles.refuse(Reason.TOO_MANY_LABELS, metric.written, 1);
    }
    return labelled;
  }

  private int series(int name) {
    int length = labels.with(nameSymbol, name, Symbols.EMPTY, 0);
    return table.series(labels.pairs(), length, family);
  }

  private int series(int name, int more, double number) {
    int value = symbols.of(numbers.text(number));
    int length = labels.with(nameSymbol, name, more, value);
    return table.series(labels.pairs(), length, family);
  }

  private int sample(int series, double value) {
    long bits = stale ? NativeHistogram.STALE : Double.doubleToRawLongBits(value);
    table.sample(series, timeMs, startMs, bits, item);
    return series;
  }

  void number(Bytes message) {
    if (read(message, 8, 7)) {
      number();
    }
    item++;
  }

  private void number() {
    double value = point.lastOf(4, 6) == 6 ? point.fixed64(6) : point.decimal(4);
    exemplars.add(point, 5, sample(series(metricName), value), item);
  }

  void histogram(Bytes message) {
    if (read(message, 10, 9)) {
      histogram();
    }
    item++;
  }

  private void histogram() {
    if (!rules.customBuckets() || rules.classicToo()) {
      classic();
    }
    if (rules.customBuckets()) {
      int from = table.messages().size();
      if (natives.custom(point, timeMs, stale, table.messages())) {
        nativeHistogram(from, 8);
      } else {
        troubles.refuse(Reason.BUCKETS, metric.written, 1);
      }
    }
  }

  private void nativeHistogram(int from, int exemplarField) {
    int series = series(metricName);
    table.histogram(series, timeMs, startMs, from, item);
    exemplars.add(point, exemplarField, series, item);
  }

  private void classic() {
    if (point.has(SUM)) {
      sample(series(sumName), point.decimal(SUM));
    }
    double count = unsigned(point.fixed64(COUNT));
    sample(series(countName), count);
    var bits = point.allFixed64(7);
    var counts = point.allFixed64(6);
    int buckets = Math.min(bits.length, counts.length);
    var bounds = new double[buckets];
    var inBuckets = new int[buckets + 1];
    long sum = 0;
    for (int i = 0; i < buckets && !table.full(); i++) {
      sum += counts[i];
      bounds[i] = Double.longBitsToDouble(bits[i]);
      inBuckets[i] = sample(series(bucketName, le, bounds[i]), unsigned(sum));
    }
    inBuckets[buckets] = sample(series(bucketName, le, Double.POSITIVE_INFINITY), count);
    exemplars.add(point, 8, bounds, inBuckets, item);
  }

  private static double unsigned(long count) {
    return count >= 0 ? count : (count >>> 1) * 2.0;
  }

  void exponential(Bytes message) {
    if (read(message, 10, 1)) {
      exponential();
    }
    item++;
  }

  private void exponential() {
    if (rules.pulled()) {
      boundless();
    } else if (NativeHistogram.scale(point) < NativeHistogram.SCALE_MIN) {
      troubles.refuse(Reason.SCALE, metric.written, 1);
    } else {
      int from = table.messages().size();
      natives.exponential(point, timeMs, stale, table.messages());
      nativeHistogram(from, 11);
    }
  }

  private void boundless() {
    if (point.has(SUM)) {
      sample(series(sumName), point.decimal(SUM));
    }
    double count = unsigned(point.fixed64(COUNT));
    sample(series(countName), count);
    sample(series(bucketName, le, Double.POSITIVE_INFINITY), count);
  }

  void summary(Bytes message) {
    if (read(message, 8, 7)) {
      summary();
    }
    item++;
  }

  private void summary() {
    sample(series(sumName), point.decimal(SUM));
    sample(series(countName), unsigned(point.fixed64(COUNT)));
    for (var value : point.all(6)) {
      if (table.full()) {
        return;
      }
      quantile.over(value);
      sample(series(metricName, quantileName, quantile.decimal(1)), quantile.decimal(2));
    }
  }

  /// `target_info` of the resource. It is of no point: what becomes of it costs none.
  void target(String name) {
    if (latestNs != 0 && around.target(labels)) {
      int help = symbols.of("Target metadata");
      int info = symbols.of(name);
      family = table.register(new Family(info, SeriesTable.Type.GAUGE, help, Symbols.EMPTY));
      timeMs = Times.ms(latestNs);
      startMs = 0;
      stale = false;
      int series = series(info);
      table.target(series);
      table.sample(series, timeMs, 0, Double.doubleToRawLongBits(1), Entries.NONE);
    }
  }
}

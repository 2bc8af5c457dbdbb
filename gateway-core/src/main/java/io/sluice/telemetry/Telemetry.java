package io.sluice.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.telemetry.Metric.Kind;
import io.sluice.telemetry.Metric.Point;
import io.sluice.telemetry.Metric.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;

/// The metrics of one gateway. Handed in, never static.
///
/// Names and labels are those of the real Collector's instruments (`otelcol_receiver_accepted_spans`,
/// `error.type`; no `_total`, no unit): what a format does not allow, its writer changes. Labels are
/// given as name, value, name, value. The same name and labels give the same meter, so a reload goes on
/// counting. Level and views may change while it runs; see [#change].
///
/// Safe on any thread.
public final class Telemetry {
  /// What is hidden below each level is said where the metric is made.
  public enum Level {
    NONE,
    BASIC,
    NORMAL,
    DETAILED
  }

  /// The Collector's bounds for counts of items.
  private static final List<Double> COUNT_BOUNDS =
      List.of(
          10d, 25d, 50d, 75d, 100d, 250d, 500d, 750d, 1000d, 2000d, 3000d, 4000d, 5000d, 6000d,
          7000d, 8000d, 9000d, 10000d, 20000d, 30000d, 50000d, 100000d);

  /// The bounds that OpenTelemetry proposes for durations of requests, in seconds.
  private static final List<Double> SECONDS_BOUNDS =
      List.of(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1d, 2.5, 5d, 7.5, 10d);

  /// Those of instruments without bounds of their own.
  private static final List<Double> DEFAULT_BOUNDS =
      List.of(
          0d, 5d, 10d, 25d, 50d, 75d, 100d, 250d, 500d, 750d, 1000d, 2500d, 5000d, 7500d, 10000d);

  private final MeterRegistry registry;
  private final Books books;
  private final Gauges gauges;
  private final Map<String, Histograms> histograms = new ConcurrentSkipListMap<>();
  private volatile Shown shown;

  /// What is measured, and what of it is shown.
  private record Shown(Level level, List<View> views) {}

  /// All series of one histogram.
  private record Histograms(
      String help, List<Double> bounds, Map<SortedMap<String, String>, Histogram> series) {}

  /// @param level how much is measured, `service::telemetry::metrics::level`
  public Telemetry(MeterRegistry registry, Level level, Books books) {
    this.registry = registry;
    this.books = books;
    shown = new Shown(level, Levels.views(level));
    gauges = new Gauges(registry);
  }

  /// For tests: counts, shows nothing.
  public static Telemetry silent() {
    return new Telemetry(new SimpleMeterRegistry(), Level.DETAILED, new Books());
  }

  public Counter counter(String name, String help, String... labels) {
    return Counter.builder(name).description(help).tags(labels).register(registry);
  }

  /// A counter that somebody else keeps.
  public <T> Meter counter(
      String name, String help, T owner, ToDoubleFunction<T> value, String... labels) {
    return FunctionCounter.builder(name, owner, value)
        .description(help)
        .tags(labels)
        .register(registry);
  }

  /// A figure read at each scrape. Several may share name and labels: their sum is shown.
  ///
  /// @return takes the figure away again
  public Runnable gauge(String name, String help, DoubleSupplier value, String... labels) {
    return gauges.add(name, help, value, labels);
  }

  /// A histogram with the Collector's bounds for counts.
  public Histogram counts(String name, String help, String... labels) {
    return histogram(name, help, COUNT_BOUNDS, labels);
  }

  /// A histogram with the Collector's bounds for sizes: 128 bytes to 16 MiB, doubling.
  public Histogram sizes(String name, String help, String... labels) {
    var bounds = new ArrayList<Double>();
    for (int i = 0; i < 18; i++) {
      bounds.add((double) (128L << i));
    }
    return histogram(name, help, bounds, labels);
  }

  /// A histogram of durations of requests, in seconds.
  public Histogram seconds(String name, String help, String... labels) {
    return histogram(name, help, SECONDS_BOUNDS, labels);
  }

  /// A histogram with the bounds of instruments that give none.
  public Histogram histogram(String name, String help, String... labels) {
    return histogram(name, help, DEFAULT_BOUNDS, labels);
  }

  private Histogram histogram(String name, String help, List<Double> bounds, String... labels) {
    return histograms
        .computeIfAbsent(name, _ -> new Histograms(help, bounds, new ConcurrentHashMap<>()))
        .series
        .computeIfAbsent(
            attributes(labels), key -> new Histogram(key, recorded(shown, name, bounds)));
  }

  private static List<Double> recorded(Shown shown, String name, List<Double> bounds) {
    return View.bounds(shown.views, name, Instruments.unit(name), Instruments.scope(name), bounds);
  }

  private static SortedMap<String, String> attributes(String... labels) {
    var attributes = new TreeMap<String, String>();
    for (int i = 0; i + 1 < labels.length; i += 2) {
      attributes.put(labels[i], labels[i + 1]);
    }
    return attributes;
  }

  /// Whether so much is measured. Ask each time: a reload may change it.
  public boolean at(Level wanted) {
    return shown.level.compareTo(wanted) >= 0;
  }

  /// Goes on with another level and other views. Histograms whose buckets change begin anew.
  ///
  /// @param views of the user; empty for those of the level
  public void change(Level level, List<View> views) {
    var next = new Shown(level, views.isEmpty() ? Levels.views(level) : List.copyOf(views));
    shown = next;
    histograms.forEach((name, all) -> {
      var bounds = recorded(next, name, all.bounds);
      all.series.values().forEach(series -> series.bounds(bounds));
    });
  }

  /// All metrics as they stand now, after views, by name.
  public List<Metric> collect() {
    var metrics = new TreeMap<String, Metric>();
    var points = new TreeMap<String, List<Point>>();
    for (var meter : registry.getMeters()) {
      var id = meter.getId();
      var labels = new TreeMap<String, String>();
      id.getTags().forEach(tag -> labels.put(tag.getKey(), tag.getValue()));
      points
          .computeIfAbsent(id.getName(), _ -> new ArrayList<>())
          .add(new Value(labels, value(meter)));
      metrics.computeIfAbsent(id.getName(), name -> described(name, meter));
    }
    histograms.forEach((name, all) -> {
      metrics.put(name, described(name, all));
      var series = points.computeIfAbsent(name, _ -> new ArrayList<>());
      all.series.values().forEach(each -> series.add(each.now()));
    });
    var all = new ArrayList<Metric>();
    metrics.forEach((name, metric) -> {
      var series = points.getOrDefault(name, List.of());
      series.sort(Comparator.comparing(point -> point.attributes().toString()));
      all.add(metric.with(name, metric.description(), metric.kind(), series));
    });
    all.addAll(books.metrics());
    return View.apply(shown.views, all);
  }

  private static double value(Meter meter) {
    return switch (meter) {
      case Counter counter -> counter.count();
      case FunctionCounter counter -> counter.count();
      case Gauge gauge -> gauge.value();
      default -> Double.NaN; // we register no other kind
    };
  }

  private static Metric described(String name, Meter meter) {
    var help = meter.getId().getDescription();
    var kind = meter instanceof Gauge ? Instruments.gauge(name) : Instruments.counter(name);
    return new Metric(
        name,
        help == null ? "" : help,
        Instruments.unit(name),
        Instruments.scope(name),
        kind,
        List.of(),
        List.of());
  }

  private static Metric described(String name, Histograms all) {
    return new Metric(
        name,
        all.help,
        Instruments.unit(name),
        Instruments.scope(name),
        Kind.HISTOGRAM,
        all.bounds,
        List.of());
  }

  /// For meters of a kind that has no method here.
  public MeterRegistry registry() {
    return registry;
  }

  public Books books() {
    return books;
  }
}

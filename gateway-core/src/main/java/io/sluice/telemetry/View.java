package io.sluice.telemetry;

import io.sluice.telemetry.Metric.Distribution;
import io.sluice.telemetry.Metric.Kind;
import io.sluice.telemetry.Metric.Point;
import io.sluice.telemetry.Metric.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// A change to the metrics it selects: another name, fewer attributes, another aggregation, or nothing
/// left of it.
///
/// @param name of what comes out; empty for the instrument's own
/// @param description empty for the instrument's own
public record View(
    Selector selector, String name, String description, Names attributes, Aggregation aggregation) {
  /// Which metrics; an empty text selects any.
  ///
  /// @param instrument its name, with `*` for any characters and `?` for one
  public record Selector(String instrument, Optional<Kind> kind, String unit, String scope) {
    boolean selects(Metric metric) {
      return selects(metric.name(), metric.kind(), metric.unit(), metric.scope());
    }

    boolean selects(String name, Kind is, String isUnit, String isScope) {
      return (instrument.isEmpty() || pattern().matcher(name).matches())
          && (kind.isEmpty() || kind.get() == is)
          && (unit.isEmpty() || unit.equals(isUnit))
          && (scope.isEmpty() || scope.equals(isScope));
    }

    private Pattern pattern() {
      var regex = new StringBuilder();
      for (int i = 0; i < instrument.length(); i++) {
        char c = instrument.charAt(i);
        regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
      }
      return Pattern.compile(regex.toString());
    }
  }

  /// A choice of names: none that is excluded, and if any are included, only those.
  public record Names(List<String> included, List<String> excluded) {
    public static final Names ALL = new Names(List.of(), List.of());

    public Names {
      included = List.copyOf(included);
      excluded = List.copyOf(excluded);
    }

    public boolean holds(String name) {
      return !excluded.contains(name) && (included.isEmpty() || included.contains(name));
    }
  }

  /// How the values of a series become one.
  public sealed interface Aggregation {
    record Standard() implements Aggregation {}

    record Drop() implements Aggregation {}

    /// What a histogram adds up.
    record Sum() implements Aggregation {}

    /// Of gauges, which are nothing else.
    record LastValue() implements Aggregation {}

    /// Of histograms; others are left as they are.
    ///
    /// @param bounds ascending
    record Buckets(List<Double> bounds) implements Aggregation {
      public Buckets {
        bounds = List.copyOf(bounds);
      }
    }
  }

  static View drop(String scope, String instrument) {
    return new View(
        new Selector(instrument, Optional.empty(), "", scope),
        "",
        "",
        Names.ALL,
        new Aggregation.Drop());
  }

  /// What each view that selects a metric makes of it, all side by side; what none selects stays.
  /// Where two come out under one name, the first is it.
  static List<Metric> apply(List<View> views, List<Metric> metrics) {
    var results = new ArrayList<Metric>();
    for (var metric : metrics) {
      var streams = new LinkedHashMap<String, Metric>();
      boolean selected = false;
      for (var view : views) {
        if (view.selector.selects(metric)) {
          selected = true;
          view.stream(metric).ifPresent(stream -> streams.putIfAbsent(stream.name(), stream));
        }
      }
      results.addAll(selected ? streams.values() : List.of(metric));
    }
    return results;
  }

  /// Bounds fine enough for whatever these views want of a histogram.
  static List<Double> bounds(
      List<View> views, String histogram, String unit, String scope, List<Double> standard) {
    var bounds = new TreeSet<Double>();
    boolean selected = false;
    for (var view : views) {
      if (view.selector.selects(histogram, Kind.HISTOGRAM, unit, scope)) {
        selected = true;
        switch (view.aggregation) {
          case Aggregation.Buckets(var wanted) -> bounds.addAll(wanted);
          case Aggregation.Standard() -> bounds.addAll(standard);
          case Aggregation.Drop _, Aggregation.Sum _, Aggregation.LastValue _ -> {}
        }
      }
    }
    return selected ? List.copyOf(bounds) : standard;
  }

  private Optional<Metric> stream(Metric metric) {
    var as = name.isEmpty() ? metric.name() : name;
    var help = description.isEmpty() ? metric.description() : description;
    return switch (aggregation) {
      case Aggregation.Drop() -> Optional.empty();
      case Aggregation.Standard() ->
          Optional.of(metric.with(as, help, metric.kind(), merged(metric, metric.bounds())));
      case Aggregation.LastValue() ->
          Optional.of(metric.with(as, help, metric.kind(), merged(metric, metric.bounds())));
      case Aggregation.Buckets(var bounds) ->
          Optional.of(metric.with(as, help, metric.kind(), merged(metric, bounds)));
      case Aggregation.Sum() ->
          Optional.of(
              metric.kind() == Kind.HISTOGRAM
                  ? metric.with(as, help, Kind.COUNTER, sums(merged(metric, List.of())))
                  : metric.with(as, help, metric.kind(), merged(metric, List.of())));
    };
  }

  /// Series that differ only in attributes that go are one.
  private List<Point> merged(Metric metric, List<Double> bounds) {
    var points = new LinkedHashMap<SortedMap<String, String>, Point>();
    for (var point : metric.points()) {
      var left = new TreeMap<>(point.attributes());
      left.keySet().removeIf(key -> !attributes.holds(key));
      points.merge(
          left,
          switch (point) {
            case Value number -> new Value(left, number.value());
            case Distribution distribution -> coarser(distribution, left, bounds);
          },
          (one, other) -> sum(metric.kind(), one, other));
    }
    return List.copyOf(points.values());
  }

  private static Point sum(Kind kind, Point one, Point other) {
    return switch (one) {
      case Value(var attributes, var value)
          when kind != Kind.OBSERVABLE_GAUGE && other instanceof Value more ->
          new Value(attributes, value + more.value());
      case Distribution(var attributes, var bounds, var counts, var total)
          when other instanceof Distribution more -> {
        var sums = new ArrayList<Long>();
        for (int i = 0; i < counts.size(); i++) {
          sums.add(counts.get(i) + more.counts().get(i));
        }
        yield new Distribution(attributes, bounds, sums, total + more.sum());
      }
      default -> other;
    };
  }

  private static List<Point> sums(List<Point> points) {
    return points.stream()
        .map(point ->
            point instanceof Distribution distribution
                ? new Value(distribution.attributes(), distribution.sum())
                : point)
        .toList();
  }

  /// The same values in fewer buckets. Bounds that were not recorded are left out.
  private static Distribution coarser(
      Distribution point, SortedMap<String, String> attributes, List<Double> wanted) {
    var bounds = new ArrayList<>(wanted);
    bounds.retainAll(point.bounds());
    var counts = new long[bounds.size() + 1];
    int at = 0;
    for (int i = 0; i < point.counts().size(); i++) {
      counts[at] += point.counts().get(i);
      if (at < bounds.size()
          && i < point.bounds().size()
          && point.bounds().get(i).equals(bounds.get(at))) {
        at++;
      }
    }
    return new Distribution(
        attributes, bounds, Arrays.stream(counts).boxed().toList(), point.sum());
  }
}

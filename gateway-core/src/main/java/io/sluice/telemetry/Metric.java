package io.sluice.telemetry;

import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/// A metric as it stands at one moment, for those who show or send it.
///
/// Names and attributes are the instrument's own (`http.server.request.duration`, `error.type`); what
/// a format does not allow, its writer changes.
///
/// @param unit in UCUM, as instruments give it: `s`, `By`, `{span}`
/// @param scope whose instrument it is, by the name the Collector gives its meter
/// @param bounds of a histogram, upper and ascending, if no view says others
public record Metric(
    String name,
    String description,
    String unit,
    String scope,
    Kind kind,
    List<Double> bounds,
    List<Point> points) {
  public Metric {
    bounds = List.copyOf(bounds);
    points = List.copyOf(points);
  }

  /// The kinds of instruments that views tell apart.
  public enum Kind {
    COUNTER,
    HISTOGRAM,
    OBSERVABLE_COUNTER,
    OBSERVABLE_GAUGE,
    OBSERVABLE_UP_DOWN_COUNTER,
    UP_DOWN_COUNTER;

    /// Only ever grows.
    boolean monotonic() {
      return this == COUNTER || this == OBSERVABLE_COUNTER;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// One series.
  public sealed interface Point {
    SortedMap<String, String> attributes();
  }

  public record Value(SortedMap<String, String> attributes, double value) implements Point {}

  /// @param bounds upper ones, ascending
  /// @param counts one for each bucket, not added up; one more than bounds
  public record Distribution(
      SortedMap<String, String> attributes, List<Double> bounds, List<Long> counts, double sum)
      implements Point {
    public Distribution {
      bounds = List.copyOf(bounds);
      counts = List.copyOf(counts);
    }

    public long count() {
      return counts.stream().mapToLong(Long::longValue).sum();
    }
  }

  Metric with(String name, String description, Kind kind, List<Point> points) {
    return new Metric(name, description, unit, scope, kind, bounds, points);
  }
}

package io.sluice.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What came out of one figure.
///
/// @param unit of the main quantity. Less of it is better, but for a rate, whose unit ends with `/s`
/// @param target empty if only the comparison is of interest
record Result(
    String name,
    String title,
    String unit,
    List<Row> rows,
    Optional<Target> target,
    List<String> notes) {
  Result {
    rows = List.copyOf(rows);
    notes = List.copyOf(notes);
  }

  /// One contender. The first is Sluice, the second the Collector.
  ///
  /// @param itemsPerSecond what arrived at the sink; 0 where that is not the point
  record Row(String contender, Series values, double itemsPerSecond, long rssMib, long peakRssMib) {
    /// Of one that runs.
    static Row of(Peer peer, Series values, double itemsPerSecond) {
      return new Row(peer.name(), values, itemsPerSecond, peer.rssMib(), peer.peakRssMib());
    }
  }

  /// What is asked for.
  record Target(String text, boolean reached) {
    /// Both.
    Target and(String other, boolean reachedToo) {
      return new Target(text + ", " + other, reached && reachedToo);
    }
  }

  /// Of one value each.
  static Result of(
      String name,
      String title,
      String unit,
      double ours,
      double theirs,
      Optional<Target> target,
      List<String> notes) {
    return of(name, title, unit, List.of(ours), List.of(theirs), target, notes);
  }

  static Result of(
      String name,
      String title,
      String unit,
      List<Double> ours,
      List<Double> theirs,
      Optional<Target> target,
      List<String> notes) {
    return new Result(
        name,
        title,
        unit,
        List.of(
            new Row("sluice", new Series(ours), 0, 0, 0),
            new Row("collector", new Series(theirs), 0, 0, 0)),
        target,
        notes);
  }

  /// Of the medians: how many times less Sluice takes, or more it does. Not a number if neither takes anything.
  double ratio() {
    double ours = rows.get(0).values().median();
    double theirs = rows.get(1).values().median();
    return unit.endsWith("/s") ? ours / theirs : theirs / ours;
  }

  static Optional<Target> ratioOf(double asked, double found) {
    return asked == 0
        ? Optional.empty()
        : Optional.of(
            new Target(String.format(Locale.ROOT, "ratio >= %.0f", asked), found >= asked));
  }

  static Optional<Target> atMost(double asked, double found) {
    return Optional.of(
        new Target(String.format(Locale.ROOT, "<= %s", plain(asked)), found <= asked));
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}

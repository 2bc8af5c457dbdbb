package io.sluice.exporters.prometheuspull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of one set of labels of a family: one value, or the parts of a histogram or summary. Confined
/// to the exporter's loop.
final class Metric {
  private static final long NEVER = Long.MIN_VALUE;

  private final String labels;
  private final String escapedLabels;
  private final Part value = new Part(0);
  private final Part sum = new Part(0);
  private final Part count = new Part(0);

  /// By bound or quantile.
  private final List<Part> ranked = new ArrayList<>();

  private long latestMs = NEVER;
  private long updatedNs;
  private int series;
  private long bytes;

  /// Which part.
  enum Kind {
    VALUE,
    SUM,
    COUNT,
    RANKED
  }

  /// A number of the page.
  static final class Part {
    private final double rank;
    private double value;
    private long timeMs = NEVER;
    private ExemplarText.@Nullable Texts exemplar;

    Part(double rank) {
      this.rank = rank;
    }

    /// @param added whether to what there is; else in its place
    void take(double next, long nextMs, boolean added) {
      value = added ? value + next : next;
      timeMs = nextMs;
    }

    /// Whether it ever had a value.
    boolean isKnown() {
      return timeMs != NEVER;
    }

    void exemplar(ExemplarText.Texts texts) {
      exemplar = texts;
    }
  }

  /// A copy, for the page.
  ///
  /// @param ranks bounds or quantiles, growing, each with its value and perhaps an exemplar
  record View(
      String labels,
      String escapedLabels,
      long timeMs,
      double value,
      ExemplarText.@Nullable Texts exemplar,
      boolean hasSum,
      double sum,
      double count,
      double[] ranks,
      double[] values,
      ExemplarText.@Nullable Texts[] exemplars) {}

  Metric(String labels, String escapedLabels, long nowNs) {
    this.labels = labels;
    this.escapedLabels = escapedLabels;
    updatedNs = nowNs;
  }

  String labels() {
    return labels;
  }

  /// It takes so many more series and bytes of what is limited.
  void charge(int moreSeries, long moreBytes) {
    series += moreSeries;
    bytes += moreBytes;
  }

  int series() {
    return series;
  }

  long bytes() {
    return bytes;
  }

  long updatedNs() {
    return updatedNs;
  }

  /// Null if there is no such part.
  @Nullable Part part(Kind kind, double rank) {
    return switch (kind) {
      case VALUE -> value;
      case SUM -> sum;
      case COUNT -> count;
      case RANKED -> {
        int at = at(rank);
        yield at < ranked.size() && Double.compare(ranked.get(at).rank, rank) == 0
            ? ranked.get(at)
            : null;
      }
    };
  }

  Part rank(double rank) {
    var part = new Part(rank);
    ranked.add(at(rank), part);
    return part;
  }

  private int at(double rank) {
    int low = 0;
    int high = ranked.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Double.compare(ranked.get(middle).rank, rank) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// How what comes is taken: wholly in one way, so that sum, count and buckets fit each other.
  enum Way {
    REFUSED,
    REPLACING,
    ADDING
  }

  /// For values of one time.
  boolean isOlder(long timeMs) {
    return timeMs < latestMs;
  }

  /// For deltas. What follows on what is known is added up, and so is what does not tell its beginning; but with
  /// other bounds it begins anew, as does whatever begins later. What overlaps is not taken, but for single values,
  /// which then begin anew too.
  ///
  /// @param alike whether it has the parts that there are
  Way way(long fromMs, long toMs, boolean alike, boolean single) {
    if (latestMs != NEVER && (fromMs == latestMs || (fromMs == 0 && toMs > latestMs))) {
      return alike ? Way.ADDING : Way.REPLACING;
    }
    boolean anew = single || latestMs == NEVER || fromMs > latestMs;
    return anew && !isOlder(toMs) ? Way.REPLACING : Way.REFUSED;
  }

  /// Whether a part is of the last values.
  boolean isCurrent(Part part) {
    return part.timeMs == latestMs;
  }

  /// How many parts the last values had.
  int currentParts() {
    int current = (int) ranked.stream().filter(this::isCurrent).count();
    for (var each : List.of(value, sum, count)) {
      current += each.isKnown() && isCurrent(each) ? 1 : 0;
    }
    return current;
  }

  /// It is one that is always 1.
  void value(long timeMs, long nowNs) {
    value.take(1, timeMs, false);
    updated(timeMs, nowNs);
  }

  /// There are values of that time.
  void updated(long timeMs, long nowNs) {
    latestMs = Math.max(latestMs, timeMs);
    updatedNs = nowNs;
  }

  /// Lets go of bounds that the last value has no more.
  ///
  /// @return how many
  int trim() {
    int before = ranked.size();
    ranked.removeIf(part -> part.timeMs != latestMs);
    return before - ranked.size();
  }

  /// Without bounds that the last value has no more.
  View view() {
    var shown = ranked.stream().filter(part -> part.timeMs == latestMs).toList();
    var ranks = new double[shown.size()];
    var values = new double[shown.size()];
    var exemplars = new ExemplarText.@Nullable Texts[shown.size()];
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] = shown.get(i).rank;
      values[i] = shown.get(i).value;
      exemplars[i] = shown.get(i).exemplar;
    }
    return new View(
        labels,
        escapedLabels,
        latestMs,
        value.value,
        value.exemplar,
        sum.timeMs == latestMs,
        sum.value,
        count.value,
        ranks,
        values,
        exemplars);
  }
}

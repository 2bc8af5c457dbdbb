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

    /// What is older than what is known is not taken.
    private boolean take(double next, long nextMs) {
      if (nextMs < timeMs) {
        return false;
      }
      value = next;
      timeMs = nextMs;
      return true;
    }

    /// Adds up what follows on what is known, or whose beginning is not told. Whatever begins later begins
    /// anew; what overlaps is not taken, but for single values, which then begin anew too.
    private boolean add(double delta, long fromMs, long toMs, boolean single) {
      boolean follows = fromMs == timeMs || (fromMs == 0 && toMs > timeMs);
      if (timeMs != NEVER && follows) {
        value += delta;
        timeMs = toMs;
        return true;
      }
      return (single || timeMs == NEVER || fromMs > timeMs) && take(delta, toMs);
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

  /// @return false if it is too old
  boolean set(Part part, double next, long timeMs, long nowNs) {
    return seen(part.take(next, timeMs), timeMs, nowNs);
  }

  /// As above, for a delta.
  boolean add(Part part, double delta, long fromMs, long toMs, boolean single, long nowNs) {
    return seen(part.add(delta, fromMs, toMs, single), toMs, nowNs);
  }

  private boolean seen(boolean taken, long timeMs, long nowNs) {
    if (taken) {
      latestMs = Math.max(latestMs, timeMs);
      updatedNs = nowNs;
    }
    return taken;
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

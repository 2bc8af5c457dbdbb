package io.sluice.exporters.prometheus;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// What of a batch could not be translated, by reason and metric. Confined to one thread.
public final class Troubles {
  /// So many metrics are named for each reason.
  private static final int NAMED_MAX = 5;

  private static final int NAME_CHARS_MAX = 200;

  private final Map<Reason, Long> points = new EnumMap<>(Reason.class);
  private final Map<Reason, Map<String, Long>> named = new EnumMap<>(Reason.class);

  /// Why a point has no place in Prometheus.
  public enum Reason {
    DELTA_TEMPORALITY(
        "delta temporality, Prometheus needs cumulative (have the SDK send cumulative, or a Collector before this"
            + " gateway convert it by deltatocumulative; cumulativetodelta goes the other way)"),
    NO_TEMPORALITY("no aggregation temporality, Prometheus needs cumulative"),
    NO_NAME("nothing is left of the name that could be one"),
    SCALE("the scale of the exponential histogram is below -4"),
    BUCKETS("the buckets of the histogram contradict each other"),
    TOO_MANY_LABELS("more than " + PointLabels.LABELS_MAX + " labels"),
    SAME_SERIES("another point has the same labels and time");

    private final String words;

    Reason(String words) {
      this.words = words;
    }

    /// For people.
    public String words() {
      return words;
    }

    /// For labels.
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  void clear() {
    points.clear();
    named.clear();
  }

  void refuse(Reason reason, String metric, int count) {
    if (count == 0) {
      return;
    }
    points.merge(reason, (long) count, Long::sum);
    var metrics = named.computeIfAbsent(reason, _ -> new LinkedHashMap<>());
    var name =
        metric.length() <= NAME_CHARS_MAX ? metric : metric.substring(0, NAME_CHARS_MAX) + "...";
    if (metrics.size() < NAMED_MAX || metrics.containsKey(name)) {
      metrics.merge(name, (long) count, Long::sum);
    }
  }

  public boolean none() {
    return points.isEmpty();
  }

  /// How many points there are, by reason.
  public Map<Reason, Long> points() {
    return points;
  }

  public long total() {
    return points.values().stream().mapToLong(Long::longValue).sum();
  }

  /// Names of the first metrics with that reason.
  public String metrics(Reason reason) {
    return String.join(", ", named.getOrDefault(reason, Map.of()).keySet());
  }

  /// One line for people: `metric a, b: delta temporality, ...`.
  public String text() {
    var text = new StringBuilder();
    points.forEach((reason, _) ->
        text.append(text.isEmpty() ? "" : "; ")
            .append("metric ")
            .append(metrics(reason))
            .append(": ")
            .append(reason.words()));
    return text.toString();
  }
}

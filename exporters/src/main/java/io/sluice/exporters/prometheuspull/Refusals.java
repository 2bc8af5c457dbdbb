package io.sluice.exporters.prometheuspull;

import java.util.BitSet;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Which points of one batch are not on the page, and why.
final class Refusals {
  /// So many metrics are named for each reason.
  private static final int NAMED_MAX = 5;

  private final BitSet items = new BitSet();
  private final Map<Reason, BitSet> byReason = new EnumMap<>(Reason.class);
  private final Map<Reason, Set<String>> metrics = new EnumMap<>(Reason.class);

  /// Why a point is not taken.
  enum Reason {
    SERIES_LIMIT("more series than max_series allows"),
    NO_ROOM("no room in the gateway's memory for more series"),
    TYPE_CONFLICT("another metric of that name has another type"),
    TOO_OLD("older than what is known, or overlapping it");

    private final String words;

    Reason(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  void refuse(Reason reason, String metric, int item) {
    items.set(item);
    byReason.computeIfAbsent(reason, _ -> new BitSet()).set(item);
    var named = metrics.computeIfAbsent(reason, _ -> new LinkedHashSet<>());
    if (named.size() < NAMED_MAX) {
      named.add(metric);
    }
  }

  /// Points.
  int total() {
    return items.cardinality();
  }

  Set<Reason> reasons() {
    return byReason.keySet();
  }

  int points(Reason reason) {
    return byReason.getOrDefault(reason, new BitSet()).cardinality();
  }

  String metrics(Reason reason) {
    return String.join(", ", metrics.getOrDefault(reason, Set.of()));
  }

  /// One line for people.
  String text() {
    var text = new StringBuilder();
    for (var reason : reasons()) {
      text.append(text.isEmpty() ? "" : "; ")
          .append("metric ")
          .append(metrics(reason))
          .append(": ")
          .append(reason.words);
    }
    return text.toString();
  }
}

package io.sluice.exporters.prometheuspull;

import io.sluice.exporters.prometheus.Entries;
import io.sluice.exporters.prometheus.SeriesTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `target_info`: what was said last of each resource, once for each `job` and `instance`, so that it can be joined
/// with their series. It has a bound of its own and never costs a point its place; what has none is left out.
/// Confined to one loop.
final class Targets {
  private static final int METRIC_BYTES = 400;

  private final Charge charge;
  private final int targetsMax;
  private final boolean bothNames;

  /// By `job` and `instance`.
  private final Map<String, Metric> known = new HashMap<>();

  private @Nullable Family family;

  Targets(Charge charge, int targetsMax, boolean bothNames) {
    this.charge = charge;
    this.targetsMax = targetsMax;
    this.bothNames = bothNames;
  }

  void take(SeriesTable table, int series, Labels labels, long nowNs) {
    if (family == null) {
      var own = table.family(series);
      var symbols = table.symbols();
      family = new Family(symbols.text(own.name()), own.type(), symbols.text(own.help()), known);
    }
    var samples = table.samples();
    long timeMs = samples.timeMs(last(samples, series));
    var whose = labels.identity(table, series);
    var text = labels.of(table, series, "");
    var before = known.get(whose);
    if (before != null && before.isOlder(timeMs)) {
      return;
    }
    var metric = before;
    if (metric == null || !metric.labels().equals(text)) {
      metric = instead(table, series, labels, whose, nowNs);
    }
    if (metric != null) {
      metric.value(timeMs, nowNs);
    }
  }

  private static int last(Entries samples, int series) {
    int last = samples.first(series);
    while (samples.next(last) != Entries.NONE) {
      last = samples.next(last);
    }
    return last;
  }

  /// Null if there is no room.
  private @Nullable Metric instead(
      SeriesTable table, int series, Labels labels, String whose, long nowNs) {
    var before = known.remove(whose);
    if (before != null) {
      charge.remove(before.bytes());
    }
    var text = labels.of(table, series, "");
    var escaped = bothNames ? labels.escaped(table, series, "") : text;
    long bytes = METRIC_BYTES + 2L * (whose.length() + text.length() + escaped.length());
    if (known.size() >= targetsMax || !charge.add(bytes)) {
      return null;
    }
    var metric = new Metric(text, escaped, nowNs);
    metric.charge(0, bytes);
    known.put(whose, metric);
    return metric;
  }

  /// Lets go of what was not said since.
  void sweep(long sinceNs) {
    known
        .values()
        .removeIf(metric -> {
          boolean over = metric.updatedNs() - sinceNs <= 0;
          if (over) {
            charge.remove(metric.bytes());
          }
          return over;
        });
  }

  void clear() {
    known.clear();
  }

  /// One at most.
  List<Family> families() {
    return family == null ? List.of() : List.of(family);
  }
}

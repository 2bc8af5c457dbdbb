package io.sluice.exporters.prometheuspull;

import io.sluice.component.Budget;
import io.sluice.exporters.prometheus.Entries;
import io.sluice.exporters.prometheus.SeriesTable;
import io.sluice.exporters.prometheuspull.Metric.Kind;
import io.sluice.exporters.prometheuspull.Metric.Part;
import io.sluice.exporters.prometheuspull.Refusals.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The last values of all series. Confined to one loop.
final class Store {
  /// About what a set of labels costs besides its text, and what a part of it does.
  private static final int METRIC_BYTES = 400;

  private static final int PART_BYTES = 64;

  /// And an exemplar of it.
  private static final int EXEMPLAR_BYTES = 256;

  private final int seriesMax;
  private final int partBytes;
  private final long expirationNs;

  /// Whether labels are written in two ways, for scrapers old and new.
  private final boolean bothNames;

  private final @Nullable ExemplarText exemplarTexts;
  private final Charge charge;
  private final Consumer<String> otherHelp;
  private final Map<String, Family> families = new HashMap<>();
  private final Labels labels = new Labels();
  private int series;

  /// @param otherHelp is told the names of metrics whose help is not what it was
  Store(PrometheusConfig config, Budget budget, Consumer<String> otherHelp) {
    seriesMax = config.maxSeries();
    partBytes = PART_BYTES + (config.enableOpenMetrics() ? EXEMPLAR_BYTES : 0);
    expirationNs = config.metricExpiration().toNanos();
    bothNames = !config.strategy().escapes();
    exemplarTexts = config.enableOpenMetrics() ? new ExemplarText() : null;
    charge = new Charge(budget);
    this.otherHelp = otherHelp;
  }

  int series() {
    return series;
  }

  /// Takes what was translated of one batch.
  void take(SeriesTable table, Refusals refusals, long nowNs) {
    for (int i = 0; i < table.size(); i++) {
      var family = family(table, i);
      var own = table.family(i);
      if (family.type() == own.type()) {
        take(table, i, family, own.delta(), refusals, nowNs);
      } else {
        refuse(table.samples(), i, Reason.TYPE_CONFLICT, family.name(), refusals);
      }
    }
  }

  private Family family(SeriesTable table, int series) {
    var own = table.family(series);
    var symbols = table.symbols();
    var name = symbols.text(own.name());
    var help = symbols.text(own.help());
    var family = families.computeIfAbsent(name, _ -> new Family(name, own.type(), help));
    if (!family.help().equals(help)) {
      otherHelp.accept(name);
    }
    return family;
  }

  private static void refuse(
      Entries samples, int series, Reason reason, String metric, Refusals refusals) {
    for (int at = samples.first(series); at != Entries.NONE; at = samples.next(at)) {
      refusals.refuse(reason, metric, samples.item(at));
    }
  }

  private void take(
      SeriesTable table, int series, Family family, boolean delta, Refusals refusals, long nowNs) {
    var rankName = rankName(family.type());
    var key = labels.of(table, series, rankName);
    var samples = table.samples();
    int last = last(samples, series);
    if (last != Entries.NONE && samples.stale(last)) {
      remove(family, key);
      return;
    }
    var known = family.metrics().get(key);
    var kind = kind(table, series, family);
    double rank = kind == Kind.RANKED ? number(Labels.value(table, series, rankName)) : 0;
    var part = known == null ? null : known.part(kind, rank);
    boolean counts = part == null && (kind == Kind.RANKED || kind == Kind.VALUE);
    int text = known == null ? METRIC_BYTES + key.length() * (bothNames ? 4 : 2) : 0;
    int bytes = text + (counts ? partBytes : 0);
    var reason = part == null ? admit(counts, bytes) : null;
    if (reason != null) {
      refuse(samples, series, reason, family.name(), refusals);
      return;
    }
    var metric = known == null ? added(table, series, family, key, nowNs) : known;
    metric.charge(counts ? 1 : 0, bytes);
    var found = part == null ? metric.part(kind, rank) : part;
    fill(
        table,
        series,
        metric,
        found == null ? metric.rank(rank) : found,
        new Way(family, delta),
        refusals,
        nowNs);
  }

  private Metric added(SeriesTable table, int series, Family family, String key, long nowNs) {
    var escaped = bothNames ? labels.escaped(table, series, rankName(family.type())) : key;
    var metric = new Metric(key, escaped, nowNs);
    family.metrics().put(key, metric);
    return metric;
  }

  /// How values are taken.
  private record Way(Family family, boolean delta) {
    boolean single() {
      return family.type() != SeriesTable.Type.HISTOGRAM;
    }
  }

  private static int last(Entries samples, int series) {
    int last = Entries.NONE;
    for (int at = samples.first(series); at != Entries.NONE; at = samples.next(at)) {
      last = at;
    }
    return last;
  }

  private @Nullable Reason admit(boolean counts, int bytes) {
    if (counts && series >= seriesMax) {
      return Reason.SERIES_LIMIT;
    }
    if (!charge.add(bytes)) {
      return Reason.NO_ROOM;
    }
    series += counts ? 1 : 0;
    return null;
  }

  private void fill(
      SeriesTable table,
      int series,
      Metric metric,
      Part part,
      Way way,
      Refusals refusals,
      long nowNs) {
    var samples = table.samples();
    for (int at = samples.first(series); at != Entries.NONE; at = samples.next(at)) {
      double value = Double.longBitsToDouble(samples.value(at));
      boolean taken =
          way.delta
              ? metric.add(
                  part, value, samples.startMs(at), samples.timeMs(at), way.single(), nowNs)
              : metric.set(part, value, samples.timeMs(at), nowNs);
      if (!taken) {
        refusals.refuse(Reason.TOO_OLD, way.family.name(), samples.item(at));
      }
    }
    if (exemplarTexts != null) {
      var exemplars = table.exemplars();
      int last = last(exemplars, series);
      if (last != Entries.NONE) {
        part.exemplar(exemplarTexts.of(table, last));
      }
    }
  }

  private static String rankName(SeriesTable.Type type) {
    return switch (type) {
      case HISTOGRAM -> "le";
      case SUMMARY -> "quantile";
      default -> "__name__";
    };
  }

  private static Kind kind(SeriesTable table, int series, Family family) {
    if (family.type() != SeriesTable.Type.HISTOGRAM && family.type() != SeriesTable.Type.SUMMARY) {
      return Kind.VALUE;
    }
    var end = Labels.value(table, series, "__name__").substring(family.name().length());
    return switch (end) {
      case "_sum" -> Kind.SUM;
      case "_count" -> Kind.COUNT;
      default -> Kind.RANKED;
    };
  }

  private static double number(String text) {
    return text.equals("+Inf")
        ? Double.POSITIVE_INFINITY
        : text.equals("-Inf") ? Double.NEGATIVE_INFINITY : Double.parseDouble(text);
  }

  private void remove(Family family, String key) {
    var metric = family.metrics().remove(key);
    if (metric != null) {
      forget(metric);
    }
  }

  private void forget(Metric metric) {
    series -= metric.series();
    charge.remove(metric.bytes());
  }

  /// Lets go of what is too old, and of bounds that are no more.
  void sweep(long nowNs) {
    for (var family : families.values()) {
      family
          .metrics()
          .values()
          .removeIf(metric -> {
            boolean over = nowNs - metric.updatedNs() >= expirationNs;
            if (over) {
              forget(metric);
            } else {
              trim(metric);
            }
            return over;
          });
    }
    families.values().removeIf(family -> family.metrics().isEmpty());
  }

  private void trim(Metric metric) {
    int gone = metric.trim();
    metric.charge(-gone, (long) -gone * partBytes);
    series -= gone;
    charge.remove((long) gone * partBytes);
  }

  /// Forgets everything.
  void close() {
    families.clear();
    series = 0;
    charge.close();
  }

  /// In no order.
  List<Family> families() {
    return new ArrayList<>(families.values());
  }
}

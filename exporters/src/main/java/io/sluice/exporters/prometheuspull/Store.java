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

  /// Takes what was translated of one batch, a point at a time: all its series or none.
  void take(SeriesTable table, Refusals refusals, long nowNs) {
    int end;
    for (int i = 0; i < table.size(); i = end) {
      end = i + 1;
      var own = table.family(i);
      var family = families.get(table.symbols().text(own.name()));
      if (family != null && family.type() != own.type()) {
        refuse(table.samples(), i, Reason.TYPE_CONFLICT, family.name(), refusals);
      } else {
        var key = labels.of(table, i, rankName(own.type()));
        end = end(table, i, key);
        take(table, new Point(i, end, key), family, refusals, nowNs);
      }
    }
  }

  /// Series of a table that stand beside each other on the page.
  private record Point(int first, int end, String key) {}

  private int end(SeriesTable table, int first, String key) {
    var own = table.family(first);
    int end = first + 1;
    if (own.type() == SeriesTable.Type.HISTOGRAM || own.type() == SeriesTable.Type.SUMMARY) {
      while (end < table.size()
          && table.family(end).equals(own)
          && labels.of(table, end, rankName(own.type())).equals(key)) {
        end++;
      }
    }
    return end;
  }

  private static void refuse(
      Entries samples, int series, Reason reason, String metric, Refusals refusals) {
    for (int at = samples.first(series); at != Entries.NONE; at = samples.next(at)) {
      refusals.refuse(reason, metric, samples.item(at));
    }
  }

  private void take(
      SeriesTable table, Point point, @Nullable Family known, Refusals refusals, long nowNs) {
    var own = table.family(point.first);
    var like = known == null ? newFamily(table, own) : known;
    if (ends(table, point)) {
      remove(like, point.key);
      return;
    }
    var metric = like.metrics().get(point.key);
    int more = 0;
    for (int i = point.first; i < point.end; i++) {
      var part = metric == null ? null : part(table, i, like, metric);
      more += part == null || !part.isKnown() ? 1 : 0;
    }
    int text = metric == null ? METRIC_BYTES + point.key.length() * (bothNames ? 4 : 2) : 0;
    long bytes = text + (long) more * partBytes;
    var reason = admit(more, bytes + (known == null ? like.bytes() : 0));
    if (reason != null) {
      for (int i = point.first; i < point.end; i++) {
        refuse(table.samples(), i, reason, like.name(), refusals);
      }
      return;
    }
    if (known == null) {
      families.put(like.name(), like);
    } else if (!known.help().equals(table.symbols().text(own.help()))) {
      otherHelp.accept(known.name());
    }
    var taking = metric == null ? added(table, point.first, like, point.key, nowNs) : metric;
    taking.charge(more, bytes);
    for (int i = point.first; i < point.end; i++) {
      var part = part(table, i, like, taking);
      var found = part == null ? taking.rank(rank(table, i, like)) : part;
      fill(table, i, taking, found, new Way(like, own.delta()), refusals, nowNs);
    }
  }

  private static Family newFamily(SeriesTable table, SeriesTable.Family own) {
    var symbols = table.symbols();
    return new Family(symbols.text(own.name()), own.type(), symbols.text(own.help()));
  }

  private static boolean ends(SeriesTable table, Point point) {
    for (int i = point.first; i < point.end; i++) {
      int last = last(table.samples(), i);
      if (last != Entries.NONE && table.samples().stale(last)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Part part(SeriesTable table, int series, Family family, Metric metric) {
    var kind = kind(table, series, family);
    return metric.part(kind, kind == Kind.RANKED ? rank(table, series, family) : 0);
  }

  private static double rank(SeriesTable table, int series, Family family) {
    return number(Labels.value(table, series, rankName(family.type())));
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

  private @Nullable Reason admit(int more, long bytes) {
    if (more > 0 && series + more > seriesMax) {
      return Reason.SERIES_LIMIT;
    }
    if (!charge.add(bytes)) {
      return Reason.NO_ROOM;
    }
    series += more;
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
    families
        .values()
        .removeIf(family -> {
          boolean over = family.metrics().isEmpty();
          if (over) {
            charge.remove(family.bytes());
          }
          return over;
        });
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

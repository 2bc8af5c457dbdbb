package io.sluice.exporters.prometheuspull;

import io.sluice.component.Budget;
import io.sluice.exporters.prometheus.Entries;
import io.sluice.exporters.prometheus.SeriesTable;
import io.sluice.exporters.prometheuspull.Metric.Kind;
import io.sluice.exporters.prometheuspull.Metric.Part;
import io.sluice.exporters.prometheuspull.Metric.Way;
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

  /// Behind the names of histograms, and but for the last of summaries.
  private static final List<String> SUFFIXES = List.of("_sum", "_count", "_bucket");

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
  private final Reading reading = new Reading();
  private final Targets targets;
  private int series;

  /// @param otherHelp is told the names of metrics whose help is not what it was
  Store(PrometheusConfig config, Budget budget, Consumer<String> otherHelp) {
    seriesMax = config.maxSeries();
    partBytes = PART_BYTES + (config.enableOpenMetrics() ? EXEMPLAR_BYTES : 0);
    expirationNs = config.metricExpiration().toNanos();
    bothNames = !config.strategy().escapes();
    exemplarTexts = config.enableOpenMetrics() ? new ExemplarText() : null;
    charge = new Charge(budget);
    targets = new Targets(charge, seriesMax, bothNames);
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
      var name = table.symbols().text(own.name());
      var family = families.get(name);
      if (table.isTarget(i)) {
        targets.take(table, i, labels, nowNs);
      } else if (family == null ? overlaps(name, own.type()) : family.type() != own.type()) {
        refuse(table.samples(), i, Reason.TYPE_CONFLICT, name, refusals);
      } else {
        var key = labels.of(table, i, rankName(own.type()));
        end = end(table, i, key);
        take(table, new Point(i, end, key), refusals, nowNs);
      }
    }
  }

  /// Whether a new metric would show series of one that is known, or that one of its own.
  private boolean overlaps(String name, SeriesTable.Type type) {
    for (var suffix : SUFFIXES) {
      if (showsAs(type, suffix) && families.containsKey(name + suffix)) {
        return true;
      }
      if (name.endsWith(suffix)) {
        var other = families.get(name.substring(0, name.length() - suffix.length()));
        if (other != null && showsAs(other.type(), suffix)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean showsAs(SeriesTable.Type type, String suffix) {
    return type == SeriesTable.Type.HISTOGRAM
        || (type == SeriesTable.Type.SUMMARY && !suffix.equals("_bucket"));
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

  private void take(SeriesTable table, Point point, Refusals refusals, long nowNs) {
    var own = table.family(point.first);
    var known = families.get(table.symbols().text(own.name()));
    var family = known == null ? newFamily(table, own) : known;
    var samples = table.samples();
    reading.over(samples, point.first, point.end);
    while (reading.next(samples)) {
      if (samples.stale(reading.any())) {
        forget(family, point.key);
      } else {
        var reason = taken(table, point, family, nowNs);
        if (reason != null) {
          refusals.refuse(reason, family.name(), samples.item(reading.any()));
        }
      }
    }
    keepExemplars(table, point, family);
    if (known != null && !known.help().equals(table.symbols().text(own.help()))) {
      otherHelp.accept(known.name());
    }
  }

  /// There is no value any more, unless there is a newer one.
  private void forget(Family family, String key) {
    var metric = family.metrics().get(key);
    if (metric != null && !metric.isOlder(reading.timeMs())) {
      family.metrics().remove(key);
      forget(metric);
    }
  }

  /// The values of one time.
  ///
  /// @return why they are not taken, null if they are
  private @Nullable Reason taken(SeriesTable table, Point point, Family family, long nowNs) {
    var metric = family.metrics().get(point.key);
    var way = metric == null ? Way.REPLACING : way(table, point, family, metric);
    if (way == Way.REFUSED) {
      return Reason.TOO_OLD;
    }
    int more = 0;
    for (int i = 0; i < reading.size(); i++) {
      if (reading.entry(i) != Entries.NONE) {
        var part = metric == null ? null : part(table, point.first + i, family, metric);
        more += part == null || !part.isKnown() ? 1 : 0;
      }
    }
    int text = metric == null ? METRIC_BYTES + point.key.length() * (bothNames ? 4 : 2) : 0;
    long bytes = text + (long) more * partBytes;
    boolean added = !families.containsKey(family.name());
    var reason = admit(more, bytes + (added ? family.bytes() : 0));
    if (reason != null) {
      return reason;
    }
    families.putIfAbsent(family.name(), family);
    var taking = metric == null ? added(table, point.first, family, point.key, nowNs) : metric;
    taking.charge(more, bytes);
    fill(table, point, family, taking, way == Way.ADDING);
    taking.updated(reading.timeMs(), nowNs);
    return null;
  }

  /// How the values of a time are taken by what is known.
  private Way way(SeriesTable table, Point point, Family family, Metric metric) {
    if (!table.family(point.first).delta()) {
      return metric.isOlder(reading.timeMs()) ? Way.REFUSED : Way.REPLACING;
    }
    int given = 0;
    boolean alike = true;
    for (int i = 0; i < reading.size(); i++) {
      if (reading.entry(i) != Entries.NONE) {
        var part = part(table, point.first + i, family, metric);
        alike &= part != null && metric.isCurrent(part);
        given++;
      }
    }
    return metric.way(
        table.samples().startMs(reading.any()),
        reading.timeMs(),
        alike && given == metric.currentParts(),
        family.type() != SeriesTable.Type.HISTOGRAM);
  }

  private void fill(SeriesTable table, Point point, Family family, Metric metric, boolean adding) {
    for (int i = 0; i < reading.size(); i++) {
      int entry = reading.entry(i);
      if (entry != Entries.NONE) {
        var known = part(table, point.first + i, family, metric);
        var part = known == null ? metric.rank(rank(table, point.first + i, family)) : known;
        double value = Double.longBitsToDouble(table.samples().value(entry));
        part.take(value, reading.timeMs(), adding);
      }
    }
  }

  private void keepExemplars(SeriesTable table, Point point, Family family) {
    var metric = family.metrics().get(point.key);
    if (exemplarTexts == null || metric == null) {
      return;
    }
    for (int i = point.first; i < point.end; i++) {
      int last = last(table.exemplars(), i);
      var part = part(table, i, family, metric);
      if (last != Entries.NONE && part != null) {
        part.exemplar(exemplarTexts.of(table, last));
      }
    }
  }

  private static Family newFamily(SeriesTable table, SeriesTable.Family own) {
    var symbols = table.symbols();
    return new Family(symbols.text(own.name()), own.type(), symbols.text(own.help()));
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

  private void forget(Metric metric) {
    series -= metric.series();
    charge.remove(metric.bytes());
  }

  /// Lets go of what is too old, and of bounds that are no more.
  void sweep(long nowNs) {
    targets.sweep(nowNs - expirationNs);
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
    targets.clear();
    series = 0;
    charge.close();
  }

  /// In no order, but that what is known of resources is the last. It may have the name of another.
  List<Family> families() {
    var all = new ArrayList<>(families.values());
    all.addAll(targets.families());
    return all;
  }
}

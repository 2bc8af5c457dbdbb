package io.sluice.exporters.prometheus;

import io.sluice.data.AnyValue;
import io.sluice.data.Attributes;
import io.sluice.data.Batch;
import io.sluice.data.Fields;
import io.sluice.data.ResourceCursor;
import io.sluice.data.ScopeCursor;
import io.sluice.exporters.prometheus.MetricPoints.Metric;
import io.sluice.exporters.prometheus.SeriesTable.Family;
import io.sluice.exporters.prometheus.Troubles.Reason;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns batches into tables of series, one batch after the other, in steps. Confined to one thread.
///
/// What has no place in Prometheus is left out and told in [#troubles]; the rest is translated.
public final class Translation {
  /// What the labels of one batch may take; see [#tooLarge].
  public static final int LABEL_BYTES_MAX = SeriesTable.PAIRS_MAX * Integer.BYTES;

  /// A point of so many bytes counts as two.
  private static final int POINT_BYTES = 256;

  private static final List<Bytes> NOTHING = List.of();
  private static final Bytes PROMETHEUS_TYPE = Bytes.utf8("prometheus.type");

  /// The members of a metric that hold points.
  private static final int GAUGE = 5;

  private static final int SUM = 7;
  private static final int HISTOGRAM = 9;
  private static final int EXPONENTIAL_HISTOGRAM = 10;
  private static final int SUMMARY = 11;

  private static final int DELTA = 1;
  private static final int CUMULATIVE = 2;

  private final Rules rules;
  private final MetricNames names;
  private final SeriesTable table;
  private final Troubles troubles = new Troubles();
  private final Surroundings around;
  private final MetricPoints points;
  private final String targetName;
  private final Fields metric = new Fields();
  private final Fields data = new Fields();
  private final ResourceCursor resources = new ResourceCursor();
  private @Nullable ScopeCursor scopes;
  private Iterator<Bytes> metrics = NOTHING.iterator();
  private Bytes current = Bytes.EMPTY;

  /// Of the current metric, which is of this kind.
  private Iterator<Bytes> left = NOTHING.iterator();

  private int kind;

  /// @param seed makes it hard to find texts that collide; the result does not depend on it
  public Translation(Rules rules, long seed) {
    this.rules = rules;
    names = new MetricNames(rules.namespace(), rules.strategy());
    var labelNames = new LabelNames(rules.strategy(), !rules.pulled());
    table = new SeriesTable(seed, rules.pulled());
    around = new Surroundings(rules, labelNames, table.symbols());
    points = new MetricPoints(table, rules, around, labelNames, new Numbers(), troubles);
    targetName = rules.namespace().isEmpty() ? "target_info" : rules.namespace() + "_target_info";
  }

  /// Forgets the batch before. The bytes of this one must stay until [#step] has returned true.
  public void begin(Batch batch) {
    table.clear();
    troubles.clear();
    around.begin();
    points.beginBatch();
    resources.over(batch.otlp());
    scopes = null;
    metrics = NOTHING.iterator();
    left = NOTHING.iterator();
  }

  /// Translates about so many points.
  ///
  /// @return whether that was all
  public boolean step(int pointsMax) {
    int room = pointsMax;
    while (room > 0 && !table.full()) {
      if (left.hasNext()) {
        room -= point(left.next());
      } else if (metrics.hasNext()) {
        room -= metric(metrics.next());
      } else if (scopes != null && scopes.next()) {
        around.scope(scopes);
        metrics = scopes.records().iterator();
      } else if (!nextResource()) {
        order();
        return true;
      }
    }
    return table.full();
  }

  private void order() {
    var lost = new BitSet();
    table.order((item, series) -> {
      if (!lost.get(item)) {
        lost.set(item);
        var name = table.symbols().text(table.family(series).name());
        troubles.refuse(Reason.SAME_SERIES, name, 1);
      }
    });
  }

  /// Whether the batch makes more labels than a table holds. Then what there is of it means nothing; in
  /// smaller pieces it has room.
  public boolean tooLarge() {
    return table.full();
  }

  private boolean nextResource() {
    if (scopes != null && rules.targetInfo()) {
      points.target(targetName);
    }
    scopes = null;
    points.beginResource();
    if (!resources.next()) {
      resources.over(Rope.EMPTY);
      return false;
    }
    around.resource(resources.resource());
    scopes = resources.scopes();
    return true;
  }

  public SeriesTable table() {
    return table;
  }

  public Troubles troubles() {
    return troubles;
  }

  /// Begins with a metric.
  ///
  /// @return how many points are done with, but at least one
  private int metric(Bytes message) {
    current = message;
    metric.over(message);
    kind = metric.lastOf(GAUGE, SUM, HISTOGRAM, EXPONENTIAL_HISTOGRAM, SUMMARY);
    if (kind == 0) {
      return 1;
    }
    data.over(metric.message(kind));
    var all = data.all(1);
    var written = metric.text(1);
    var unit = metric.text(3);
    var name = names.of(written, unit, nameType(kind));
    var refused = name.isEmpty() ? Reason.NO_NAME : refused(kind);
    if (refused != null || name.isEmpty()) {
      troubles.refuse(refused == null ? Reason.NO_NAME : refused, written, all.size());
      points.pass(all);
      return Math.max(1, all.size());
    }
    if (!all.isEmpty()) {
      points.begin(new Metric(written, family(name.get(), unit, kind), name.get(), counts(kind)));
      if (kind == HISTOGRAM || kind == SUMMARY || rules.pulled()) {
        points.beginParts();
      }
      left = all.iterator();
    }
    return 1;
  }

  /// @return how many points of common size it is worth
  private int point(Bytes message) {
    switch (kind) {
      case GAUGE, SUM -> points.number(message);
      case HISTOGRAM -> points.histogram(message);
      case EXPONENTIAL_HISTOGRAM -> points.exponential(message);
      default -> points.summary(message);
    }
    return 1 + message.length() / POINT_BYTES;
  }

  private @Nullable Reason refused(int kind) {
    if (kind == GAUGE || kind == SUMMARY) {
      return null;
    }
    return switch ((int) data.varint(2)) {
      case CUMULATIVE -> null;
      case DELTA ->
          rules.pulled() && (kind != SUM || monotonic()) ? null : Reason.DELTA_TEMPORALITY;
      default -> Reason.NO_TEMPORALITY;
    };
  }

  private boolean monotonic() {
    return data.varint(3) != 0;
  }

  /// Whether its points say since when they count.
  private boolean counts(int kind) {
    return kind != GAUGE && (kind != SUM || monotonic());
  }

  private MetricNames.Type nameType(int kind) {
    return switch (kind) {
      case GAUGE -> MetricNames.Type.GAUGE;
      case SUM -> monotonic() ? MetricNames.Type.COUNTER : MetricNames.Type.OTHER;
      default -> MetricNames.Type.OTHER;
    };
  }

  private Family family(String name, String unit, int kind) {
    var symbols = table.symbols();
    return new Family(
        symbols.of(name),
        type(kind),
        symbols.of(metric.text(2)),
        symbols.of(names.unit(unit)),
        kind != GAUGE && kind != SUMMARY && data.varint(2) == DELTA);
  }

  private SeriesTable.Type type(int kind) {
    return switch (kind) {
      case GAUGE -> said().equals("unknown") ? SeriesTable.Type.UNKNOWN : SeriesTable.Type.GAUGE;
      case SUM -> monotonic() ? SeriesTable.Type.COUNTER : gaugeType();
      case SUMMARY -> SeriesTable.Type.SUMMARY;
      default -> SeriesTable.Type.HISTOGRAM;
    };
  }

  private SeriesTable.Type gaugeType() {
    return switch (said()) {
      case "info" -> SeriesTable.Type.INFO;
      case "stateset" -> SeriesTable.Type.STATE_SET;
      default -> SeriesTable.Type.GAUGE;
    };
  }

  /// The type it had in Prometheus, which OTLP has no word for.
  private String said() {
    if (!metric.has(12)) {
      return "";
    }
    var metadata = Attributes.in(current, 12);
    return metadata.find(PROMETHEUS_TYPE) ? AnyValue.decode(metadata.value()).text() : "";
  }
}

package io.sluice.exporters.elasticsearch.document;

import io.sluice.data.Fields;
import io.sluice.data.MetricCursor;
import io.sluice.data.PointCursor;
import io.sluice.data.ScopeCursor;
import io.sluice.data.Signal;
import io.sluice.wire.Bytes;
import io.sluice.wire.WireWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The points of one scope by the documents they belong to: those of one time, with equal attributes and one
/// unit, and of each metric one. What this holds are slices of the batch, so little more than a line for each
/// point of a scope. Reused; confined to one thread.
final class MetricGroups {
  private static final Point.Metric NONE =
      new Point.Metric(Bytes.EMPTY, Bytes.EMPTY, MetricCursor.Kind.EMPTY, false, 0);

  private final Router router;
  private final Rejects rejects;
  private final Map<Bytes, List<Group>> groups = new LinkedHashMap<>();
  private final List<Group> inOrder = new ArrayList<>();
  private final AttributeList attributes = new AttributeList();
  private final WireWriter key = new WireWriter();
  private final Fields point = new Fields();
  private @Nullable MetricCursor metrics;
  private @Nullable PointCursor points;
  private Point.Metric metric = NONE;
  private Surroundings around = new Surroundings();
  private String wrong = "";
  private int item = -1;

  /// Points of one document.
  record Group(Route route, List<Point> points, Set<Bytes> names) {}

  MetricGroups(Router router, Rejects rejects) {
    this.router = router;
    this.rejects = rejects;
  }

  void clear() {
    groups.clear();
    inOrder.clear();
    metrics = null;
    points = null;
  }

  /// Begins with a scope; its points follow those before.
  ///
  /// @param reason why all of them are rejected; empty if they are not
  void begin(ScopeCursor scope, Surroundings place, String reason) {
    clear();
    metrics = scope.metrics();
    around = place;
    wrong = reason;
  }

  /// @param most metrics and points to look at
  /// @return at how many it did; there may be more if it is as many
  int fill(int most) {
    int looked = 0;
    for (; metrics != null && looked < most; looked++) {
      if (points != null && points.next()) {
        add(new Point(metric, points.point(), ++item));
      } else {
        nextMetric(metrics);
      }
    }
    return looked;
  }

  private void nextMetric(MetricCursor cursor) {
    if (!cursor.next()) {
      metrics = null;
      points = null;
      return;
    }
    var kind = cursor.kind();
    boolean empty = kind == MetricCursor.Kind.EMPTY;
    metric =
        new Point.Metric(
            Bytes.utf8(cursor.name()),
            Bytes.utf8(cursor.unit()),
            kind,
            cursor.monotonic(),
            empty ? 0 : cursor.temporality());
    points = empty ? null : cursor.points();
  }

  /// The number of the last point that was looked at; -1 before the first.
  int lastItem() {
    return item;
  }

  List<Group> inOrder() {
    return inOrder;
  }

  private void add(Point each) {
    var missing = missing(each);
    if (!missing.isEmpty()) {
      rejects.add(each.item(), missing);
      return;
    }
    attributes.over(each.message(), each.metric().attributesField());
    var route = router.route(Signal.METRICS, attributes, around);
    var alike = groups.computeIfAbsent(key(each, route, around.mode()), _ -> new ArrayList<>(1));
    for (var group : alike) {
      if (group.names.add(each.metric().name())) {
        group.points.add(each);
        return;
      }
    }
    var group = new Group(route, new ArrayList<>(), new HashSet<>());
    group.names.add(each.metric().name());
    group.points.add(each);
    alike.add(group);
    inOrder.add(group);
  }

  private String missing(Point each) {
    if (!wrong.isEmpty()) {
      return wrong;
    }
    return each.metric().name().isEmpty() ? "a metric without a name" : PointValue.missing(each);
  }

  /// All that points of one document have in common; attributes in the order of their keys.
  private Bytes key(Point each, Route route, Mode mode) {
    point.over(each.message());
    key.reset().rawFixed64(point.fixed64(3));
    if (mode == Mode.OTEL) {
      key.rawFixed64(point.fixed64(2)).bytes(1, each.metric().unit());
    }
    key.bytes(2, route.indexUtf8());
    IntStream.range(0, attributes.size())
        .boxed()
        .sorted(Comparator.comparing(i -> attributes.key(i).buffer()))
        .filter(i -> !Keys.reserved(attributes.key(i)))
        .forEach(i -> key.bytes(3, attributes.key(i)).bytes(4, attributes.value(i)));
    return key.toBytes();
  }
}

package io.sluice.telemetry;

import io.sluice.telemetry.Metric.Kind;
import io.sluice.telemetry.Metric.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// The books of all nodes of one gateway, by name. A node that stops keeps its book: what it counted
/// stays counted, and what it still held when it stopped shows. Safe on any thread.
public final class Books {
  private final Map<String, Book> books = new ConcurrentHashMap<>();

  /// The book of this node, a new one or the one it had before a reload.
  public Book open(String node) {
    return books.computeIfAbsent(node, Book::new);
  }

  public List<Book> all() {
    return new ArrayList<>(books.values());
  }

  /// Those that do not balance or still hold something: none, once a gateway has come to rest.
  public List<Book> unsettled() {
    return all().stream().filter(book -> book.residue() != 0 || book.held() != 0).toList();
  }

  /// `sluice_items{node, state}`, a dropped item with a reason too; what is held; what nobody accounts
  /// for.
  List<Metric> metrics() {
    var items = new ArrayList<Point>();
    var held = new ArrayList<Point>();
    var residue = new ArrayList<Point>();
    for (var book : all()) {
      items.add(point(book.received(), "node", book.node(), "state", "received"));
      items.add(point(book.delivered(), "node", book.node(), "state", "delivered"));
      items.add(point(book.refused(), "node", book.node(), "state", "refused"));
      items.add(point(book.rejected(), "node", book.node(), "state", "rejected"));
      book.dropped()
          .forEach((reason, lost) ->
              items.add(point(lost, "node", book.node(), "reason", reason, "state", "dropped")));
      held.add(point(book.held(), "node", book.node()));
      residue.add(point(book.residue(), "node", book.node()));
    }
    return List.of(
        metric("sluice_items", "What became of the items given to each node", Kind.COUNTER, items),
        metric("sluice_items_held", "Items inside each node now", Kind.OBSERVABLE_GAUGE, held),
        metric(
            "sluice_items_residue",
            "Items no book accounts for; not 0 is a bug",
            Kind.OBSERVABLE_GAUGE,
            residue));
  }

  private static Metric metric(String name, String help, Kind kind, List<Point> points) {
    return new Metric(name, help, "{item}", Instruments.scope(name), kind, List.of(), points);
  }

  private static Point point(double value, String... labels) {
    var attributes = new TreeMap<String, String>();
    for (int i = 0; i + 1 < labels.length; i += 2) {
      attributes.put(labels[i], labels[i + 1]);
    }
    return new Metric.Value(attributes, value);
  }
}

package io.sluice.service;

import io.sluice.component.Health;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Runs a plan, and another one after it without letting go of the sockets.
///
/// Start: extensions, exporters, processors and connectors (sinks first), receivers. Stop: the other way
/// round, each part finishing what it answered for before the next begins to stop.
///
/// Reload: the new graph is built and all of its new parts are started while the old one runs; only when
/// that has succeeded do receivers lead there, and only then do the parts that are no longer needed stop.
/// Receivers, exporters and extensions whose configuration did not change are not touched: their sockets
/// stay open, their queues keep what they hold. A receiver or extension that did change stops before its
/// successor starts, since both may want one port; if the successor cannot start, the old one comes back.
///
/// Calls are made one after the other, by one thread that waits for the futures.
public final class Gateway {
  private final Environment environment;
  private final StatusBoard board;
  private @Nullable Graph graph;

  public Gateway(Environment environment) {
    this.environment = environment;
    board = new StatusBoard(environment.clock());
    environment
        .telemetry()
        .gauge(
            "sluice_budget_bytes",
            "Bytes of telemetry held at present, of sluice_budget_capacity_bytes",
            environment.budget()::bytes);
    environment
        .telemetry()
        .gauge(
            "sluice_budget_capacity_bytes",
            "Bytes of telemetry that may be held at one time",
            environment.budget()::bytesMax);
  }

  public Health health() {
    return board;
  }

  public Future<Void> start(Plan plan) {
    var next = Graph.build(plan, environment, board, null);
    board.show(next.statuses());
    return startAll(next.extensions().values())
        .compose(_ -> startAll(instances(next.exporters().values())))
        .compose(_ -> startAll(next.stages()))
        .compose(_ -> {
          next.receivers().values().forEach(Graph.ReceiverNode::open);
          return startAll(receiverParts(next));
        })
        .onSuccess(_ -> running(next))
        .recover(cause -> stopAll(next).transform(_ -> Future.failedFuture(cause)));
  }

  /// Fails with what is wrong, and the old plan runs on.
  public Future<Void> reload(Plan plan) {
    var old = graph;
    if (old == null) {
      return Future.failedFuture("the gateway does not run");
    }
    Graph next;
    try {
      next = Graph.build(plan, environment, board, old);
    } catch (RuntimeException wrong) {
      return Future.failedFuture(wrong);
    }
    var change = new Change(old, next);
    return change
        .startSinks()
        .compose(_ -> change.replaceListeners())
        .onSuccess(_ -> running(next))
        .compose(_ -> change.stopOld());
  }

  /// Completes when all that was answered for has been delivered, or given up and counted.
  public Future<Void> stop() {
    board.ready(false);
    var now = graph;
    graph = null;
    return now == null ? Future.succeededFuture() : stopAll(now);
  }

  private void running(Graph next) {
    graph = next;
    board.show(next.statuses());
    board.ready(true);
  }

  private static Future<Void> startAll(Iterable<Part> parts) {
    return oneByOne(parts, Part::start);
  }

  private static Future<Void> stopAll(Graph graph) {
    return oneByOne(receiverParts(graph).reversed(), Part::stop)
        .compose(_ -> oneByOne(graph.stages().reversed(), Part::stop))
        .compose(_ -> oneByOne(graph.exporters().values(), ExportNode::stop))
        .compose(_ -> oneByOne(List.copyOf(graph.extensions().values()).reversed(), Part::stop));
  }

  private static List<Part> receiverParts(Graph graph) {
    return graph.receivers().values().stream().map(Graph.ReceiverNode::part).toList();
  }

  private static List<Part> instances(Iterable<ExportNode> nodes) {
    var parts = new ArrayList<Part>();
    nodes.forEach(node -> parts.addAll(node.instances()));
    return parts;
  }

  private static <T> Future<Void> oneByOne(Iterable<T> parts, Function<T, Future<Void>> action) {
    Future<Void> done = Future.succeededFuture();
    for (var part : parts) {
      done = done.compose(_ -> action.apply(part));
    }
    return done;
  }

  /// From one graph to the next.
  private static final class Change {
    private final Graph old;
    private final Graph next;
    private final List<Part> newSinks = new ArrayList<>();

    Change(Graph old, Graph next) {
      this.old = old;
      this.next = next;
      newSinks.addAll(
          instances(
              next.exporters().entrySet().stream()
                  .filter(e -> !old.exporters().containsKey(e.getKey()))
                  .map(Map.Entry::getValue)
                  .toList()));
      newSinks.addAll(next.stages());
    }

    Future<Void> startSinks() {
      return startAll(newSinks).recover(cause -> undo().transform(_ -> Future.failedFuture(cause)));
    }

    private Future<Void> undo() {
      return oneByOne(newSinks.reversed(), Part::stop);
    }

    /// Extensions and receivers: who is gone stops, who is new starts, who stays leads on.
    Future<Void> replaceListeners() {
      next.receivers().values().forEach(Graph.ReceiverNode::open);
      return oneByOne(goneListeners(), Part::stop)
          .compose(_ -> startAll(newListeners()))
          .recover(
              cause -> restore().compose(_ -> undo()).transform(_ -> Future.failedFuture(cause)));
    }

    private List<Part> goneListeners() {
      var parts = new ArrayList<Part>();
      old.receivers()
          .forEach((part, node) -> {
            if (!next.receivers().containsKey(part)) {
              parts.add(node.part());
            }
          });
      old.extensions()
          .forEach((part, extension) -> {
            if (!next.extensions().containsKey(part)) {
              parts.add(extension);
            }
          });
      return parts;
    }

    private List<Part> newListeners() {
      var parts = new ArrayList<Part>();
      next.extensions()
          .forEach((part, extension) -> {
            if (!old.extensions().containsKey(part)) {
              parts.add(extension);
            }
          });
      next.receivers()
          .forEach((part, node) -> {
            if (!old.receivers().containsKey(part)) {
              parts.add(node.part());
            }
          });
      return parts;
    }

    /// The old plan goes on: its listeners come back, all receivers lead to it again.
    private Future<Void> restore() {
      return oneByOne(newListeners().reversed(), Part::stop)
          .compose(_ -> {
            var back = new ArrayList<Part>();
            for (var part : List.copyOf(old.extensions().keySet())) {
              if (!next.extensions().containsKey(part)) {
                back.add(old.again(part));
              }
            }
            for (var part : List.copyOf(old.receivers().keySet())) {
              if (!next.receivers().containsKey(part)) {
                back.add(old.again(part).part());
              }
            }
            old.receivers().values().forEach(Graph.ReceiverNode::open);
            return startAll(back);
          });
    }

    Future<Void> stopOld() {
      var abandoned =
          old.exporters().entrySet().stream()
              .filter(e -> !next.exporters().containsKey(e.getKey()))
              .map(Map.Entry::getValue)
              .toList();
      return oneByOne(old.stages().reversed(), Part::stop)
          .compose(_ -> oneByOne(abandoned, ExportNode::stop));
    }
  }
}

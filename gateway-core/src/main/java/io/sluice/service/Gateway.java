package io.sluice.service;

import io.sluice.component.Health;
import io.sluice.disk.Storage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Runs a plan, and another one after it without letting go of the sockets.
///
/// Start: extensions, exporters, processors and connectors (sinks first), receivers. Stop: the other way
/// round, each part finishing what it answered for before the next begins to stop.
///
/// Reload: the new graph is built and all of its new parts are started while the old one runs; only when
/// that has succeeded do receivers lead there, and only then do the parts that are no longer needed stop.
/// Receivers, exporters and extensions whose configuration did not change are not touched: their sockets
/// stay open, their queues keep what they hold. A receiver or extension that did change hands its address
/// over to its successor and stops behind it; one that cannot do that stops before its successor starts,
/// since both may want one port, and comes back if the successor cannot start.
///
/// Calls are made one after the other, by one thread that waits for the futures.
public final class Gateway {
  private final Environment environment;
  private final StatusBoard board;
  private @Nullable Graph graph;

  /// Parts of earlier plans that still deliver what they hold.
  private Future<Void> draining = Future.succeededFuture();

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
    environment.log().info("Starting extensions...");
    return startAll(next.extensions().values())
        .compose(_ -> Residents.keep(next))
        .compose(_ -> Residents.settle(next))
        .compose(_ -> startAll(instances(next.exporters().values())))
        .compose(_ -> oneByOne(next.exporters().values(), ExportNode::begin))
        .compose(_ -> startAll(next.stages()))
        .compose(_ -> {
          next.receivers().values().forEach(Graph.ReceiverNode::open);
          return startAll(receiverParts(next));
        })
        .onSuccess(_ -> running(next))
        .recover(cause -> stopAll(next).transform(_ -> Future.failedFuture(cause)));
  }

  /// Completes when the new plan runs; parts that are no longer needed deliver what they hold behind
  /// that. Fails with what is wrong, and the old plan runs on.
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
        .onSuccess(_ -> {
          running(next);
          draining = Future.join(draining, change.stopOld().compose(_ -> settle(next))).mapEmpty();
        });
  }

  /// Unless another plan runs by now, which has its own say.
  private Future<Void> settle(Graph next) {
    return next.equals(graph) ? Residents.settle(next) : Future.succeededFuture();
  }

  /// Completes when all that was answered for has been delivered, or given up and counted.
  public Future<Void> stop() {
    ready(false);
    var now = graph;
    graph = null;
    return now == null ? draining : stopAll(now);
  }

  private void running(Graph next) {
    graph = next;
    board.show(next.statuses());
    board.run(next.extensionsById());
    ready(true);
  }

  private void ready(boolean now) {
    if (board.ready(now)) {
      environment.log().info("Health Check state change", "status", now ? "ready" : "unavailable");
    }
  }

  private Future<Void> startAll(Iterable<Part> parts) {
    return oneByOne(parts, part -> part.start(environment.log()));
  }

  private Future<Void> stopAll(Graph graph) {
    return oneByOne(graph.exporters().values(), ExportNode::hasten)
        .compose(_ -> sourcesEnd(graph))
        .compose(_ -> oneByOne(graph.stages().reversed(), this::stop))
        .compose(_ -> oneByOne(graph.exporters().values(), this::stop))
        .compose(_ -> oneByOne(List.copyOf(graph.extensions().values()).reversed(), this::stop));
  }

  /// What a reload left to drain may feed exporters that this graph has taken over.
  private Future<Void> sourcesEnd(Graph graph) {
    return Future.join(oneByOne(receiverParts(graph).reversed(), this::stop), draining).mapEmpty();
  }

  /// A part that cannot stop must not keep the others from it.
  private Future<Void> stop(Part part) {
    return part.stop().recover(cause -> notStopped(part.kind() + " " + part.id(), cause));
  }

  private Future<Void> stop(ExportNode node) {
    return node.stop().recover(cause -> notStopped("exporter " + node.part().id(), cause));
  }

  private Future<Void> notStopped(String what, Throwable cause) {
    environment.log().error("Failed to stop", "component", what, "error", cause.toString());
    return Future.succeededFuture();
  }

  /// Completes when every loop has done what it was at: nobody is any more inside a sink of a graph that
  /// receivers have been led away from.
  private Future<Void> barrier() {
    Future<Void> done = Future.succeededFuture();
    for (var loop : environment.loops().all()) {
      done =
          done.compose(_ -> {
            Promise<Void> passed = Promise.promise();
            loop.execute(passed::complete);
            return passed.future();
          });
    }
    return done;
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
  private final class Change {
    private final Graph old;
    private final Graph next;
    private final List<ExportNode> newExporters;

    /// Those that still run though their successors do.
    private final List<Part> succeeded = new ArrayList<>();

    /// Those that had to go first.
    private final List<Part> gone = new ArrayList<>();

    Change(Graph old, Graph next) {
      this.old = old;
      this.next = next;
      newExporters = replaced(old.exporters(), next.exporters());
    }

    /// What is in the second and not in the first.
    private static <K, V> List<V> added(Map<K, V> before, Map<K, V> after) {
      return after.entrySet().stream()
          .filter(entry -> !before.containsKey(entry.getKey()))
          .map(Map.Entry::getValue)
          .toList();
    }

    /// What is in the second and is not the very same in the first: an exporter may be another one though
    /// its own part is equal.
    private static <K, V> List<V> replaced(Map<K, V> before, Map<K, V> after) {
      return after.entrySet().stream()
          .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
          .map(Map.Entry::getValue)
          .toList();
    }

    Future<Void> startSinks() {
      return Residents.check(old, next)
          .compose(_ -> startAll(instances(newExporters)))
          // an exporter that stays may have a signal more than before
          .compose(_ -> oneByOne(next.exporters().values(), ExportNode::begin))
          .compose(_ -> startAll(next.stages()))
          .compose(_ -> Residents.keep(next))
          .recover(cause -> undo().transform(_ -> Future.failedFuture(cause)));
    }

    /// What the new sinks were given meanwhile is delivered before they go.
    private Future<Void> undo() {
      return oneByOne(newExporters, ExportNode::hasten)
          .compose(_ -> oneByOne(next.stages().reversed(), Gateway.this::stop))
          .compose(_ -> oneByOne(newExporters, Gateway.this::stop));
    }

    /// Extensions and receivers: who is gone stops, who is new starts, who stays leads on.
    Future<Void> replaceListeners() {
      next.receivers().values().forEach(Graph.ReceiverNode::open);
      return replaceListeners(part -> !isStorage(part))
          .compose(_ -> replaceListeners(Change::isStorage))
          .recover(cause ->
              restore()
                  .compose(_ -> barrier())
                  .compose(_ -> undo())
                  .transform(_ -> Future.failedFuture(cause)));
    }

    /// Storages come last: one that has been closed cannot be what it was again, and by then nothing else
    /// can go wrong.
    private static boolean isStorage(Part part) {
      return part.component() instanceof Storage;
    }

    private Future<Void> replaceListeners(Predicate<Part> which) {
      return oneByOne(listeners(next, old).stream().filter(which).toList(), this::makeRoom)
          .compose(_ -> startAll(listeners(old, next).stream().filter(which).toList()));
    }

    private Future<Void> makeRoom(Part part) {
      return part.handOver()
          .compose(still -> {
            (still ? succeeded : gone).add(part);
            return still ? Future.succeededFuture() : Gateway.this.stop(part);
          });
    }

    /// Extensions and receivers of the second that are not in the first.
    private static List<Part> listeners(Graph before, Graph after) {
      var parts = new ArrayList<>(added(before.extensions(), after.extensions()));
      added(before.receivers(), after.receivers()).forEach(node -> parts.add(node.part()));
      return parts;
    }

    /// The old plan goes on: all receivers lead to it again, its listeners come back.
    private Future<Void> restore() {
      old.receivers().values().forEach(Graph.ReceiverNode::open);
      return oneByOne(listeners(old, next).reversed(), Gateway.this::stop)
          .compose(_ -> oneByOne(succeeded, Part::stay))
          .compose(_ -> startAll(again()))
          .onComplete(_ -> board.run(old.extensionsById()));
    }

    private List<Part> again() {
      var parts = new ArrayList<Part>();
      for (var part : List.copyOf(old.extensions().keySet())) {
        if (gone.contains(old.extensions().get(part))) {
          var again = old.again(part);
          if (again.component()
              instanceof Storage storage) { // else what is there is taken for orphaned
            old.plan().queues(again.id()).forEach(storage.store()::queue);
          }
          parts.add(again);
        }
      }
      for (var part : List.copyOf(old.receivers().keySet())) {
        var was = old.receivers().get(part);
        if (was != null && gone.contains(was.part())) {
          var node = old.again(part);
          node.open();
          parts.add(node.part());
        }
      }
      return parts;
    }

    Future<Void> stopOld() {
      var abandoned = replaced(next.exporters(), old.exporters());
      return Future.join(succeeded.stream().map(Gateway.this::stop).toList())
          .compose(_ -> barrier())
          .compose(_ -> oneByOne(abandoned, ExportNode::hasten))
          .compose(_ -> oneByOne(old.stages().reversed(), Gateway.this::stop))
          .compose(_ -> oneByOne(abandoned, Gateway.this::stop));
    }
  }
}

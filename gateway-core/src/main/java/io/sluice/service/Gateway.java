package io.sluice.service;

import io.sluice.component.Health;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Runs a plan, and another one after it without letting go of the sockets.
///
/// Start: extensions, exporters, processors and connectors (sinks first), receivers. Stop: the other way
/// round, each part finishing what it answered for before the next begins to stop.
///
/// Reload: the new graph is built and all of its new parts are started while the old one runs; only when
/// that has succeeded do receivers lead there, and only then do the parts that are no longer needed stop;
/// see [Change]. Receivers, exporters and extensions whose configuration did not change are not touched:
/// their sockets stay open, their queues keep what they hold. An exporter with a queue on disk that the new
/// plan has not goes on until its queue is empty; nothing leads there any more.
///
/// Calls are made one after the other, by one thread that waits for the futures.
public final class Gateway {
  private final Environment environment;
  private final StatusBoard board;
  private volatile @Nullable Graph graph;

  /// Another plan is about to run.
  private volatile boolean changing;

  /// Parts of earlier plans that still deliver what they hold.
  private Future<Void> draining = Future.succeededFuture();

  /// Of those, what reads from a disk and stops only when nothing is left there.
  private final List<Leaving> leaving = new CopyOnWriteArrayList<>();

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
        .compose(_ -> Residents.keep(next, _ -> true))
        .compose(_ -> Residents.settle(next))
        .compose(_ -> startAll(Steps.instances(next.exporters().values())))
        .compose(_ -> Steps.oneByOne(next.exporters().values(), ExportNode::begin))
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
    changing = true;
    return new Change(environment, board, old, next, leaving)
        .run()
        .onComplete(_ -> leaving.removeIf(Leaving::ended))
        .recover(cause -> {
          changing = false;
          draining = draining.compose(_ -> settle(old));
          return Future.failedFuture(cause);
        })
        .compose(result -> {
          changing = false;
          running(result.running());
          goOn(result);
          var failure = result.failure();
          return failure == null ? Future.succeededFuture() : Future.failedFuture(failure);
        });
  }

  private void goOn(Change.Result result) {
    var change = result.change();
    var finished = change == null ? Future.<Void>succeededFuture() : change.finish();
    if (change != null) {
      leaving.addAll(change.leaving());
    }
    draining =
        Future.join(draining, finished)
            .compose(_ -> settle(result.running()))
            .compose(_ -> endWhoIsThrough())
            .recover(cause -> {
              environment.log().error("Bug in a reload", "error", cause.toString());
              return Future.succeededFuture();
            });
  }

  /// Unless another plan runs by now, or is about to, which has its own say.
  private Future<Void> settle(Graph next) {
    return next.equals(graph) && !changing ? Residents.settle(next) : Future.succeededFuture();
  }

  private Future<Void> endWhoIsThrough() {
    var over = leaving.stream().filter(Leaving::over).toList();
    leaving.removeAll(over);
    return Steps.oneByOne(over, each -> each.end(environment.log()));
  }

  /// Lets go of exporters that had nothing to do but to deliver what was stored, and have. To be called now
  /// and then.
  public Future<Void> tidy() {
    var now = graph;
    if (now == null || !draining.isComplete()) {
      return Future.succeededFuture();
    }
    return endWhoIsThrough()
        .compose(_ ->
            Steps.oneByOne(
                now.plan().draining().stream()
                    .filter(each -> Residents.drained(each, now))
                    .toList(),
                each -> {
                  var node = now.drained(each);
                  return node == null ? Future.succeededFuture() : node.end(environment.log());
                }));
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
    return Steps.oneByOne(parts, part -> part.start(environment.log()));
  }

  private Future<Void> stopAll(Graph graph) {
    return Steps.oneByOne(graph.exporters().values(), ExportNode::hasten)
        .compose(_ -> Steps.oneByOne(leaving, Leaving::hasten))
        .compose(_ -> sourcesEnd(graph))
        .compose(_ -> Steps.oneByOne(graph.stages().reversed(), this::end))
        .compose(_ -> Steps.oneByOne(graph.exporters().values(), this::end))
        .compose(_ -> Steps.oneByOne(leaving, each -> each.end(environment.log())))
        .compose(
            _ -> Steps.oneByOne(List.copyOf(graph.extensions().values()).reversed(), this::end));
  }

  /// What a reload left to drain may feed exporters that this graph has taken over.
  private Future<Void> sourcesEnd(Graph graph) {
    return Future.join(Steps.oneByOne(receiverParts(graph).reversed(), this::end), draining)
        .mapEmpty();
  }

  private static List<Part> receiverParts(Graph graph) {
    return graph.receivers().values().stream().map(Graph.ReceiverNode::part).toList();
  }

  private Future<Void> end(Part part) {
    return part.end(environment.log());
  }

  private Future<Void> end(ExportNode node) {
    return node.end(environment.log());
  }
}

package io.sluice.service;

import io.sluice.component.ComponentContext;
import io.sluice.component.Exporter;
import io.sluice.component.Loop;
import io.sluice.component.Placement;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.export.ExportPipe;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.HandOver;
import io.sluice.pipeline.Outcome;
import io.sluice.service.Plan.ExporterPart;
import io.sluice.telemetry.Log;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// One exporter of a plan: its instances and, for each signal, what stands before them.
///
/// It outlives a graph: a reload that leaves its configuration alone keeps it with all that it holds.
/// Pipes live on the home loop; where there is an instance on every loop of the family, they take turns.
final class ExportNode {
  private final ExporterPart<?> part;
  private final Loop home;
  private final StatusBoard.Entry status;
  private final Function<Loop, ComponentContext> contexts;
  private final Map<Signal, ExportPipe.Joined> joined;
  private final List<Part> instances = new ArrayList<>();
  private final List<BatchSink> attempts = new ArrayList<>();
  private final Map<Signal, ExportPipe> pipes = new EnumMap<>(Signal.class);
  private int turn;

  private ExportNode(
      ExporterPart<?> part,
      Loop home,
      StatusBoard.Entry status,
      Function<Loop, ComponentContext> contexts,
      Map<Signal, ExportPipe.Joined> joined) {
    this.joined = joined;
    this.part = part;
    this.home = home;
    this.status = status;
    this.contexts = contexts;
  }

  /// @param joined by signal, what its queue does in place of a stage before it
  static <C extends Record> ExportNode of(
      ExporterPart<C> part,
      Environment environment,
      StatusBoard.Entry status,
      Function<Loop, ComponentContext> contexts,
      Map<Signal, ExportPipe.Joined> joined) {
    var family = part.factory().family(part.config());
    var loops = environment.loops();
    var node = new ExportNode(part, loops.home(family), status, contexts, joined);
    for (var loop : loops.all()) {
      boolean here =
          part.factory().placement() == Placement.EVERY_LOOP
              ? loop.family() == family
              : loop.equals(node.home);
      if (here) {
        node.add(part.factory().create(part.config(), contexts.apply(loop)), loop);
      }
    }
    return node;
  }

  private void add(Exporter exporter, Loop loop) {
    instances.add(new Part(part.factory().kind(), part.id(), exporter, loop, status));
    attempts.add(
        loop.equals(home) ? exporter : HandOver.between(home::execute, loop::execute, exporter));
  }

  ExporterPart<?> part() {
    return part;
  }

  Loop home() {
    return home;
  }

  StatusBoard.Entry status() {
    return status;
  }

  List<Part> instances() {
    return instances;
  }

  /// The way in for batches of this signal that are on this loop.
  BatchSink inlet(Signal signal, Loop from) {
    var pipe = pipes.computeIfAbsent(signal, s -> pipe(part, s));
    return from.equals(home)
        ? pipe.inlet()
        : HandOver.between(from::execute, home::execute, pipe.inlet());
  }

  private <C extends Record> ExportPipe pipe(ExporterPart<C> part, Signal signal) {
    BatchSink attempt = attempts.size() == 1 ? attempts.getFirst() : this::inTurn;
    return new ExportPipe(
        attempt,
        part.factory().delivery(part.config()),
        signal,
        part.factory().meterLabels(part.config(), signal),
        joined.get(signal),
        contexts.apply(home));
  }

  private Future<Outcome> inTurn(Batch batch) {
    turn = (turn + 1) % attempts.size();
    return attempts.get(turn).accept(batch);
  }

  /// Its instances have been started. See [ExportPipe#begin].
  Future<Void> begin() {
    return onHome(ExportPipe::begin);
  }

  /// See [ExportPipe#hasten].
  Future<Void> hasten() {
    return onHome(ExportPipe::hasten);
  }

  private Future<Void> onHome(Consumer<ExportPipe> step) {
    Promise<Void> done = Promise.promise();
    home.execute(() -> {
      pipes.values().forEach(step);
      done.complete();
    });
    return done.future();
  }

  Future<Void> stop() {
    Future<Void> done = Future.succeededFuture();
    for (var pipe : pipes.values()) {
      done = done.compose(_ -> stop(pipe));
    }
    for (var instance : instances) {
      done = done.compose(_ -> instance.stop());
    }
    return done;
  }

  /// See [Part#end].
  Future<Void> end(Log log) {
    return stop()
        .recover(cause -> {
          log.error(
              "Failed to stop", "component", "exporter " + part.id(), "error", cause.toString());
          return Future.succeededFuture();
        });
  }

  private Future<Void> stop(ExportPipe pipe) {
    var done = Promise.<Void>promise();
    home.execute(() -> pipe.stop().onComplete(done));
    return done.future();
  }
}

package io.sluice.service;

import io.sluice.component.Component;
import io.sluice.component.ComponentId;
import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.component.Status;
import io.sluice.telemetry.Log;
import io.sluice.telemetry.Why;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/// A component at its place: where it lives and whom it reports to.
record Part(Kind kind, ComponentId id, Component component, Loop loop, StatusBoard.Entry status) {
  Future<Void> start(Log log) {
    var own =
        log.with("otelcol.component.id", id.toString(), "otelcol.component.kind", kind.toString());
    var level = kind == Kind.EXTENSION ? Log.Level.INFO : Log.Level.DEBUG;
    var name = kind == Kind.EXTENSION ? "Extension" : "Component";
    own.log(level, name + " is starting...");
    status.report(Status.State.STARTING, "");
    return onLoop(component::start)
        .onSuccess(_ -> {
          status.report(Status.State.OK, "");
          own.log(level, name + " started.");
        })
        .recover(cause -> {
          status.report(Status.State.PERMANENT_ERROR, Why.of(cause));
          return Future.failedFuture(
              new StartFailure("failed to start \"" + id + "\" " + kind + ": " + Why.of(cause)));
        });
  }

  Future<Void> stop() {
    status.report(Status.State.STOPPING, "");
    return onLoop(component::stop).onComplete(_ -> status.report(Status.State.STOPPED, ""));
  }

  /// As [#stop]; one that cannot must not keep others from it.
  Future<Void> end(Log log) {
    return stop()
        .recover(cause -> {
          log.error("Failed to stop", "component", kind + " " + id, "error", cause.toString());
          return Future.succeededFuture();
        });
  }

  /// See [Component#handOver].
  Future<Boolean> handOver() {
    return onLoop(() -> Future.succeededFuture(component.handOver()));
  }

  /// See [Component#stay].
  Future<Void> stay() {
    return onLoop(() -> {
      component.stay();
      return Future.succeededFuture();
    });
  }

  private interface Step<T> {
    Future<T> run();
  }

  private <T> Future<T> onLoop(Step<T> step) {
    Promise<T> done = Promise.promise();
    loop.execute(() -> {
      try {
        step.run().onComplete(done);
      } catch (RuntimeException bug) {
        done.fail(bug);
      }
    });
    return done.future();
  }
}

package io.sluice.service;

import io.sluice.component.Component;
import io.sluice.component.ComponentId;
import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.component.Status;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/// A component at its place: where it lives and whom it reports to.
record Part(Kind kind, ComponentId id, Component component, Loop loop, StatusBoard.Entry status) {
  Future<Void> start() {
    status.report(Status.State.STARTING, "");
    return onLoop(component::start)
        .onSuccess(_ -> status.report(Status.State.OK, ""))
        .recover(cause -> {
          status.report(Status.State.PERMANENT_ERROR, String.valueOf(cause.getMessage()));
          return Future.failedFuture(
              new StartFailure("failed to start \"" + id + "\" " + kind + ": " + text(cause)));
        });
  }

  Future<Void> stop() {
    status.report(Status.State.STOPPING, "");
    return onLoop(component::stop).onComplete(_ -> status.report(Status.State.STOPPED, ""));
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

  private static String text(Throwable cause) {
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
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

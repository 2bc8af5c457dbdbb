package io.sluice.receivers.otlp;

import io.sluice.component.Budget;
import io.sluice.component.ComponentContext;
import io.sluice.component.Inlets;
import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.data.Signal;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
import io.sluice.telemetry.Telemetry;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.Recorder;
import io.sluice.transport.TransportLoops;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// A receiver on loops of its own, feeding a recorder.
final class Running implements AutoCloseable {
  static final int PATIENCE_SECONDS = 20;

  final Recorder sink = new Recorder();
  final Telemetry telemetry = Telemetry.silent();
  final TransportLoops loops = TransportLoops.of(1, 1);
  final OtlpReceiver receiver;
  volatile Set<Signal> signals = EnumSet.allOf(Signal.class);

  Running(OtlpReceiverConfig config) throws Exception {
    this(config, Budget.UNBOUNDED);
  }

  Running(OtlpReceiverConfig config, Budget budget) throws Exception {
    this(config, budget, ComponentContext.Extensions.NONE);
  }

  Running(OtlpReceiverConfig config, Budget budget, ComponentContext.Extensions extensions)
      throws Exception {
    var base = Contexts.of(Kind.RECEIVER, "otlp/1", telemetry, loops.all().toArray(Loop[]::new));
    var context =
        new ComponentContext(
            base.kind(),
            base.id(),
            base.loop(),
            loops,
            budget,
            telemetry,
            base.log(),
            base.status(),
            base.health(),
            extensions,
            base.clock(),
            base.build());
    receiver =
        new OtlpReceiver(config, context, new Everything(), RandomGenerator.of("L64X128MixRandom"));
    onLoop(receiver::start);
  }

  private final class Everything implements Inlets {
    @Override
    public Set<Signal> signals() {
      return signals;
    }

    @Override
    public BatchSink on(Loop loop) {
      return sink;
    }
  }

  int port() {
    return receiver.addresses().getFirst().getPort();
  }

  double counter(String name, String... tags) {
    var counter = telemetry.registry().find(name).tags(tags).counter();
    return counter == null ? 0 : counter.count();
  }

  /// Waits until each loop has done what it had to do by now.
  void settle() throws Exception {
    for (var loop : loops.all()) {
      var done = new CompletableFuture<Void>();
      loop.execute(() -> done.complete(null));
      done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  /// Until a batch waits for its answer in a sink that holds.
  void awaitWaiting() throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    do {
      settle();
    } while (sink.waiting.isEmpty() && System.nanoTime() < until);
  }

  /// Answers the first batch that waits, on the loop that brought it.
  void answerWaiting(Outcome outcome, Loop.Family family) throws Exception {
    for (var loop : loops.all()) {
      if (loop.family() == family) {
        loop.execute(() -> sink.waiting.removeFirst().complete(outcome));
      }
    }
    settle();
  }

  /// Begins to stop.
  CompletableFuture<Void> stopping() throws Exception {
    var done = new CompletableFuture<Void>();
    loops
        .all()
        .getFirst()
        .execute(
            () -> receiver.stop().onSuccess(done::complete).onFailure(done::completeExceptionally));
    settle();
    return done;
  }

  void onLoop(java.util.function.Supplier<Future<Void>> work) throws Exception {
    var done = new CompletableFuture<Void>();
    loops
        .all()
        .getFirst()
        .execute(() -> work.get().onSuccess(done::complete).onFailure(done::completeExceptionally));
    done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    onLoop(receiver::stop);
    loops.close();
  }
}

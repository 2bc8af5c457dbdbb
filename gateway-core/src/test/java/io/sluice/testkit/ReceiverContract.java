package io.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.component.Budget;
import io.sluice.component.ComponentContext;
import io.sluice.component.Inlets;
import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.component.Loops;
import io.sluice.component.Receiver;
import io.sluice.component.ReceiverFactory;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Counted;
import io.sluice.pipeline.Outcome;
import io.sluice.service.ByteBudget;
import io.sluice.telemetry.Telemetry;
import io.sluice.wire.ArrayPool;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every receiver keeps to that answers its senders, whatever it speaks. A receiver's first test is
/// to extend this, once for each of its protocols.
///
/// @param <C> its configuration
public abstract class ReceiverContract<C extends Record> {
  /// What a sender makes of an answer.
  protected enum Answer {
    TAKEN,
    TAKEN_IN_PART,
    AGAIN_LATER,
    NEVER_AGAIN,
    /// Nobody answered.
    NONE
  }

  /// Room for a few requests of [#send].
  private static final long BYTES_MAX = 64 << 20;

  protected final Telemetry telemetry = Telemetry.silent();
  private final BlockingQueue<Batch> batches = new LinkedBlockingQueue<>();
  private final BlockingQueue<Promise<Outcome>> waiting = new LinkedBlockingQueue<>();
  private final Counted counted = new Counted(telemetry.books().open("sink"), Counted.Meter.NONE);
  private Budget budget = new ByteBudget(BYTES_MAX, ArrayPool.poisoned(BYTES_MAX));

  /// What the pipeline answers; held back if null.
  private volatile Future<Outcome> answer = Outcome.accepted();

  private volatile boolean holds;

  protected abstract ReceiverFactory<C> factory();

  /// One that listens on a loopback port which the system chooses.
  protected abstract C config();

  /// One that cannot start, though nothing is wrong with its form.
  protected abstract C broken();

  /// What the failure of [#broken] has to name: the key, as the user wrote it.
  protected abstract String brokenKey();

  /// After each test: the loops, and what was opened for the test.
  protected abstract void close() throws Exception;

  /// With threads of their own.
  protected abstract Loops loops();

  /// Sends two spans as a client of this protocol does and waits for the answer.
  protected abstract Answer send(Receiver receiver) throws Exception;

  private Receiver receiver(C config) {
    var loop = loops().home(Loop.Family.HTTP);
    var base = Contexts.of(Kind.RECEIVER, factory().type(), telemetry, loop);
    var context =
        new ComponentContext(
            base.kind(),
            base.id(),
            loop,
            loops(),
            budget,
            telemetry,
            base.log(),
            base.status(),
            base.health(),
            base.extensions(),
            base.clock(),
            base.build());
    return factory().create(config, context, new Pipeline());
  }

  private final class Pipeline implements Inlets {
    private final BatchSink sink = counted.around(this::accept);

    @Override
    public Set<Signal> signals() {
      return EnumSet.copyOf(factory().signals().keySet());
    }

    @Override
    public BatchSink on(Loop loop) {
      return sink;
    }

    private Future<Outcome> accept(Batch batch) {
      batches.add(batch);
      if (!holds) {
        return answer;
      }
      Promise<Outcome> promise = Promise.promise();
      waiting.add(promise);
      return promise.future();
    }
  }

  private Void start(Receiver receiver) throws Exception {
    return OnLoop.run(loops().home(Loop.Family.HTTP), receiver::start);
  }

  private CompletableFuture<Void> stopping(Receiver receiver) {
    return OnLoop.begin(loops().home(Loop.Family.HTTP), receiver::stop);
  }

  private void stop(Receiver receiver) throws Exception {
    OnLoop.done(stopping(receiver));
  }

  @AfterEach
  void nothingIsHeld() throws Exception {
    OnLoop.settle(loops());
    BooksBalance.assertBalanced(telemetry.books());
    assertThat(budget.bytes()).as("bytes that nobody gave back").isZero();
    close();
  }

  @Test
  void stopsWithoutHavingStarted() throws Exception {
    stop(receiver(config()));
  }

  @Test
  void stopsTwice() throws Exception {
    var receiver = receiver(config());
    start(receiver);
    stop(receiver);
    stop(receiver);
  }

  @Test
  void aStartThatFailsNamesTheKeyAndCanBeStopped() throws Exception {
    var receiver = receiver(broken());
    assertThatThrownBy(() -> start(receiver)).hasMessageContaining(brokenKey());
    stop(receiver);
  }

  @Test
  void whatItTakesIsItsOwn() throws Exception {
    var receiver = receiver(config());
    start(receiver);
    assertThat(send(receiver)).isEqualTo(Answer.TAKEN);
    var batch = batches.remove();
    stop(receiver);
    assertThat(batch.signal()).isEqualTo(Signal.TRACES);
    assertThat(batch.items()).isEqualTo(2);
    assertThat(batch.origin().receiver()).isEqualTo(factory().type());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyOutcomeIsAnswered(Answer expected) throws Exception {
    answer =
        switch (expected) {
          case TAKEN -> Outcome.accepted();
          case TAKEN_IN_PART -> new Outcome.Partial(1, "too old").now();
          case AGAIN_LATER -> Outcome.refused("full").now();
          case NEVER_AGAIN -> Outcome.rejected("wrong").now();
          case NONE -> throw new IllegalArgumentException();
        };
    var receiver = receiver(config());
    start(receiver);
    assertThat(send(receiver)).isEqualTo(expected);
    stop(receiver);
  }

  /// A bug of ours must not leave the sender waiting.
  @Test
  void aPipelineThatFailsIsAnswered() throws Exception {
    answer = Future.failedFuture(new IllegalStateException("bug"));
    var receiver = receiver(config());
    start(receiver);
    assertThat(send(receiver)).isIn(Answer.AGAIN_LATER, Answer.NEVER_AGAIN);
    stop(receiver);
  }

  @Test
  void withoutRoomTheSenderIsToldToComeAgain() throws Exception {
    var receiver = receiver(config());
    start(receiver);
    var others = Objects.requireNonNull(budget.take(budget.bytesMax()));
    assertThat(send(receiver)).isEqualTo(Answer.AGAIN_LATER);
    others.close();
    stop(receiver);
    assertThat(batches).isEmpty();
  }

  @Test
  void whatIsUnderWayIsAnsweredBeforeTheStopIsOver() throws Exception {
    holds = true;
    var receiver = receiver(config());
    start(receiver);
    var sent =
        CompletableFuture.supplyAsync(() -> {
          try {
            return send(receiver);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
    var held = waiting.poll(30, TimeUnit.SECONDS);
    var stopping = stopping(receiver);
    OnLoop.settle(loops());
    assertThat(stopping).isNotDone();
    assertThat(budget.bytes()).as("the request is still charged").isPositive();
    loops().all().forEach(loop -> loop.execute(() -> held.tryComplete(new Outcome.Accepted())));
    assertThat(OnLoop.done(sent)).isEqualTo(Answer.TAKEN);
    OnLoop.done(stopping);
  }

  @Test
  void nothingIsTakenAfterTheStop() throws Exception {
    var receiver = receiver(config());
    start(receiver);
    assertThat(send(receiver)).isEqualTo(Answer.TAKEN);
    batches.clear();
    stop(receiver);
    assertThat(send(receiver)).isEqualTo(Answer.NONE);
    assertThat(batches).isEmpty();
  }

  /// A successor may be asked for and not come.
  @Test
  void whoStaysServesOn() throws Exception {
    var receiver = receiver(config());
    start(receiver);
    OnLoop.run(
        loops().home(Loop.Family.HTTP),
        () -> {
          receiver.handOver();
          receiver.stay();
          return Future.succeededFuture();
        });
    assertThat(send(receiver)).isEqualTo(Answer.TAKEN);
    stop(receiver);
  }

  /// For subclasses that wait for something of their own.
  protected static final Duration PATIENCE = Duration.ofSeconds(30);
}

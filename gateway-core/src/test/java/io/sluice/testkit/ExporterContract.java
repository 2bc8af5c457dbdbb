package io.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.component.Exporter;
import io.sluice.component.ExporterFactory;
import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.component.Loops;
import io.sluice.data.Batch;
import io.sluice.data.Lease;
import io.sluice.data.Signal;
import io.sluice.export.ExportPipe;
import io.sluice.pipeline.Outcome;
import io.sluice.service.ByteBudget;
import io.sluice.telemetry.Telemetry;
import io.sluice.wire.ArrayPool;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every exporter keeps to, wherever it sends. An exporter's first test is to extend this.
///
/// @param <C> its configuration
public abstract class ExporterContract<C extends Record> {
  private static final int BATCHES = 20;

  protected final Telemetry telemetry = Telemetry.silent();
  private final ByteBudget budget = new ByteBudget(64 << 20, ArrayPool.poisoned(64 << 20));

  protected abstract ExporterFactory<C> factory();

  /// One whose destination takes everything.
  protected abstract C config();

  /// One that cannot start, though nothing is wrong with its form; empty if there is none.
  protected abstract Optional<C> broken();

  /// What the failure of [#broken] has to name: what the user wrote there.
  protected abstract String brokenPart();

  /// After each test: the loops, and what was opened for the test.
  protected abstract void close() throws Exception;

  /// With threads of their own.
  protected abstract Loops loops();

  /// What has arrived so far, in items; -1 if nobody can tell.
  protected abstract int arrived() throws Exception;

  /// Of a signal that it carries.
  private Batch items(String name, int count) {
    var signals = factory().signals().keySet();
    return signals.contains(Signal.TRACES)
        ? Payloads.spans(name, count)
        : signals.contains(Signal.METRICS)
            ? Payloads.points(name, count)
            : Payloads.logs(name, count);
  }

  private Loop loop() {
    return loops().home(factory().family(config()));
  }

  private Exporter exporter(C config) {
    return factory()
        .create(config, Contexts.of(Kind.EXPORTER, factory().type(), telemetry, loop()));
  }

  private Exporter started() throws Exception {
    var exporter = exporter(config());
    OnLoop.<Void>run(loop(), exporter::start);
    return exporter;
  }

  private void stop(Exporter exporter) throws Exception {
    OnLoop.<Void>run(loop(), exporter::stop);
  }

  /// As a receiver does: charged until it is answered.
  private Future<Outcome> charged(Batch batch, Exporter exporter) {
    var lease = Objects.requireNonNull(budget.take(batch.sizeInBytes()));
    return exporter.accept(leased(batch, lease)).onComplete(_ -> lease.close());
  }

  private static Batch leased(Batch batch, Lease lease) {
    return new Batch(
        batch.signal(), batch.otlp(), batch.items(), batch.origin(), lease, batch.frame());
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
    stop(exporter(config()));
  }

  @Test
  void stopsTwice() throws Exception {
    var exporter = started();
    stop(exporter);
    stop(exporter);
  }

  @Test
  void aStartThatFailsSaysWhereAndCanBeStopped() throws Exception {
    var broken = broken();
    if (broken.isEmpty()) {
      return;
    }
    var exporter = exporter(broken.get());
    assertThatThrownBy(() -> OnLoop.<Void>run(loop(), exporter::start))
        .hasMessageContaining(brokenPart());
    stop(exporter);
  }

  static Stream<Batch> batches() {
    return Stream.of(Payloads.spans("a", 3), Payloads.logs("a", 3), Payloads.points("a", 3));
  }

  @ParameterizedTest
  @MethodSource("batches")
  void carriesEverySignalItDeclares(Batch batch) throws Exception {
    if (!factory().signals().containsKey(batch.signal())) {
      return;
    }
    var exporter = started();
    assertThat(OnLoop.run(loop(), () -> charged(batch, exporter)))
        .isEqualTo(new Outcome.Accepted());
    stop(exporter);
    assertThat(arrived()).isIn(-1, 3);
  }

  /// Answers before the stop is over, and takes nothing back: who was told that it arrived, arrived.
  @Test
  void whatIsUnderWayIsAnsweredBeforeTheStopIsOver() throws Exception {
    var exporter = started();
    var answers = new ArrayList<Future<Outcome>>();
    var stopped =
        OnLoop.<Void>begin(
            loop(),
            () -> {
              for (int i = 0; i < BATCHES; i++) {
                answers.add(charged(items("a" + i, 2), exporter));
              }
              return exporter.stop();
            });
    OnLoop.done(stopped);
    assertThat(answers).hasSize(BATCHES).allMatch(Future::succeeded);
    int accepted = 0;
    for (var answer : answers) {
      accepted += answer.result() instanceof Outcome.Accepted ? 2 : 0;
    }
    int arrived = arrived();
    if (arrived >= 0) {
      assertThat(arrived).isGreaterThanOrEqualTo(accepted);
    }
  }

  /// Nothing is lost silently: either it was sent, or the caller is told that it was not.
  @Test
  void whatComesAfterTheStopIsNotTaken() throws Exception {
    var exporter = started();
    stop(exporter);
    var outcome = OnLoop.run(loop(), () -> charged(items("a", 2), exporter));
    if (discards()) {
      assertThat(outcome).isEqualTo(new Outcome.Accepted());
    } else {
      assertThat(outcome).isInstanceOf(Outcome.Refused.class);
      assertThat(arrived()).isIn(-1, 0);
    }
  }

  /// Whether it throws away what it gets, so that it makes no difference whether it runs.
  protected boolean discards() {
    return false;
  }

  /// With all that the gateway puts before it by this configuration.
  @Test
  void itsPipeDeliversAllBeforeItStops() throws Exception {
    var config = config();
    var exporter = started();
    var signal = items("a", 1).signal();
    var context = Contexts.of(Kind.EXPORTER, factory().type(), telemetry, loop());
    var answers = new ArrayList<CompletableFuture<Outcome>>();
    var pipes = new ArrayList<ExportPipe>();
    OnLoop.<Void>run(
        loop(),
        () -> {
          pipes.add(
              new ExportPipe(
                  exporter,
                  factory().delivery(config),
                  signal,
                  factory().meterLabels(config, signal),
                  context));
          return Future.succeededFuture();
        });
    for (int i = 0; i < BATCHES; i++) {
      var batch = items("a" + i, 2);
      answers.add(
          OnLoop.begin(
              loop(),
              () -> {
                var lease = Objects.requireNonNull(budget.take(batch.sizeInBytes()));
                return pipes
                    .getFirst()
                    .inlet()
                    .accept(leased(batch, lease))
                    .onComplete(_ -> lease.close());
              }));
    }
    for (var answer : answers) {
      assertThat(OnLoop.done(answer)).isEqualTo(new Outcome.Accepted());
    }
    OnLoop.<Void>run(loop(), () -> pipes.getFirst().stop().compose(_ -> exporter.stop()));
    assertThat(arrived()).isIn(-1, BATCHES * 2);
    var book = telemetry.books().open("exporter:" + factory().type() + ":" + signal);
    assertThat(book.received()).isEqualTo(BATCHES * 2);
    assertThat(book.delivered()).isEqualTo(BATCHES * 2);
  }
}

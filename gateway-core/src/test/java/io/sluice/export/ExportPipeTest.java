package io.sluice.export;

import static io.sluice.testkit.BooksBalance.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.component.ComponentContext;
import io.sluice.component.Delivery;
import io.sluice.component.Kind;
import io.sluice.component.QueueConfig;
import io.sluice.component.QueueConfig.Batching;
import io.sluice.component.QueueConfig.Partition;
import io.sluice.component.QueueConfig.Sizer;
import io.sluice.component.RetryConfig;
import io.sluice.data.Batch;
import io.sluice.data.Origin;
import io.sluice.data.Signal;
import io.sluice.pipeline.Outcome;
import io.sluice.service.ByteBudget;
import io.sluice.telemetry.Books;
import io.sluice.telemetry.Telemetry;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.Payloads;
import io.sluice.testkit.Recorder;
import io.sluice.testkit.TestLoop;
import io.sluice.wire.ArrayPool;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExportPipeTest {
  private static final Outcome ACCEPTED = new Outcome.Accepted();
  private static final Outcome DOWN = Outcome.refused("down");
  private static final Outcome BAD = Outcome.rejected("bad");

  private final TestLoop loop = new TestLoop();
  private final Recorder exporter = new Recorder();
  private final List<String> lines = new ArrayList<>();
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final Telemetry telemetry = new Telemetry(registry, Telemetry.Level.NORMAL, new Books());

  @AfterEach
  void booksBalance() {
    assertBalanced(telemetry.books());
  }

  private ExportPipe pipe(Delivery delivery) {
    return new ExportPipe(
        exporter,
        delivery,
        Signal.TRACES,
        List.of(),
        logging(Contexts.of(Kind.EXPORTER, "otlp_grpc", telemetry, loop)));
  }

  private ComponentContext logging(ComponentContext context) {
    return new ComponentContext(
        context.kind(),
        context.id(),
        context.loop(),
        context.loops(),
        context.budget(),
        context.telemetry(),
        (level, message, fields) -> lines.add(level + " " + message + " " + List.of(fields)),
        context.status(),
        context.health(),
        context.extensions(),
        context.clock(),
        context.build());
  }

  @Test
  void saysThatAQueueIsFull() {
    exporter.hold();
    var pipe = queued(queue(1, 1));
    pipe.inlet().accept(Payloads.spans("a", 2));
    pipe.inlet().accept(Payloads.spans("b", 3));
    exporter.waiting.getFirst().complete(ACCEPTED);

    assertThat(lines)
        .containsExactly(
            "ERROR Exporting failed. Rejecting data. [otelcol.signal, traces, error,"
                + " sending queue is full, rejected_items, 3]");
  }

  @Test
  void saysThatDataIsLostBecauseOfTheShutdown() {
    exporter.answer(DOWN);
    var pipe = queued(queue(10, 1));
    pipe.inlet().accept(Payloads.spans("a", 2));

    pipe.stop();

    assertThat(lines)
        .last()
        .isEqualTo(
            "ERROR Exporting failed. Dropping data. [otelcol.signal, traces, error,"
                + " interrupted due to shutdown: down, dropped_items, 2]");
  }

  private ExportPipe queued(QueueConfig queue) {
    return pipe(new Delivery(Duration.ZERO, retry(Duration.ofMinutes(5)), Optional.of(queue)));
  }

  private static RetryConfig retry(Duration giveUpAfter) {
    return new RetryConfig(
        true, Duration.ofSeconds(1), 0, 2, Duration.ofSeconds(30), Optional.of(giveUpAfter));
  }

  private static QueueConfig queue(long size, int consumers) {
    return queue(size, consumers, false, false, Sizer.REQUESTS);
  }

  private static QueueConfig queue(
      long size, int consumers, boolean block, boolean waitForResult, Sizer sizer) {
    return new QueueConfig(
        Optional.of(sizer),
        size,
        consumers,
        block,
        waitForResult,
        Optional.empty(),
        Optional.empty());
  }

  private double count(String name) {
    return registry.get(name).counter().count();
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  @Test
  void withoutAQueueTheExporterAnswers() {
    var pipe = pipe(new Delivery(Duration.ZERO, RetryConfig.OFF, Optional.empty()));
    assertThat(pipe.inlet().accept(Payloads.spans("a", 3)).result()).isEqualTo(ACCEPTED);
    exporter.answer(BAD);
    assertThat(pipe.inlet().accept(Payloads.spans("b", 2)).result()).isEqualTo(BAD);

    assertThat(count("otelcol_exporter_sent_spans")).isEqualTo(3);
    assertThat(count("otelcol_exporter_send_failed_spans")).isEqualTo(2);
  }

  @Test
  void triesAgainWithGrowingWaitsUntilTaken() {
    exporter.answer(DOWN);
    var pipe = pipe(new Delivery(Duration.ZERO, retry(Duration.ofMinutes(5)), Optional.empty()));
    var answer = pipe.inlet().accept(Payloads.spans("a", 1));
    loop.advance(Duration.ofMillis(999));
    assertThat(exporter.batches).hasSize(1);
    loop.advance(Duration.ofMillis(1));
    assertThat(exporter.batches).hasSize(2);
    exporter.answer(ACCEPTED);
    loop.advance(Duration.ofMillis(1999));
    assertThat(answer.isComplete()).isFalse();
    loop.advance(Duration.ofMillis(1));

    assertThat(answer.result()).isEqualTo(ACCEPTED);
    assertThat(exporter.batches).hasSize(3);
    assertThat(count("otelcol_exporter_sent_spans")).isEqualTo(1);
    assertThat(count("otelcol_exporter_send_failed_spans")).isZero();
  }

  @Test
  void waitsAsLongAsTheServerAskedButNotForEver() {
    exporter.answer(
        new Outcome.Refused(Outcome.Pressure.THROTTLED, Duration.ofSeconds(40), "slow down"));
    var pipe = pipe(new Delivery(Duration.ZERO, retry(Duration.ZERO), Optional.empty()));
    var answer = pipe.inlet().accept(Payloads.spans("a", 1));
    loop.advance(Duration.ofSeconds(39));
    assertThat(exporter.batches).hasSize(1);
    exporter.answer(
        new Outcome.Refused(Outcome.Pressure.THROTTLED, Duration.ofDays(365), "go away"));
    loop.advance(Duration.ofSeconds(1));
    assertThat(exporter.batches).hasSize(2);
    exporter.answer(ACCEPTED);
    loop.advance(Backoff.SERVER_DELAY_MAX);

    assertThat(answer.result()).isEqualTo(ACCEPTED);
  }

  @Test
  void givesUpWhenTheNextAttemptWouldBeTooLate() {
    exporter.answer(DOWN);
    var pipe = pipe(new Delivery(Duration.ZERO, retry(Duration.ofSeconds(5)), Optional.empty()));
    var answer = pipe.inlet().accept(Payloads.spans("a", 1));
    loop.advance(Duration.ofSeconds(3));

    assertThat(answer.result()).isEqualTo(DOWN); // after 1 s and 2 s more; 4 s more are too many
    assertThat(exporter.batches).hasSize(3);
  }

  @Test
  void neverTriesAgainWhatWasRejected() {
    exporter.answer(BAD);
    var pipe = pipe(new Delivery(Duration.ZERO, retry(Duration.ZERO), Optional.empty()));

    assertThat(pipe.inlet().accept(Payloads.spans("a", 1)).result()).isEqualTo(BAD);
    assertThat(loop.timers()).isZero();
  }

  /// The Collector drops it whole.
  @Test
  void aQueueSendsInPiecesWhatIsTooLargeForTheDestination() {
    var name = "a".repeat(500);
    int limit = Payloads.spans(name, 4).sizeInBytes();
    var delivery =
        new Delivery(Duration.ZERO, retry(Duration.ofMinutes(5)), Optional.of(queue(10, 1)));
    var pipe =
        new ExportPipe(
            batch ->
                batch.sizeInBytes() > limit
                    ? new Outcome.Rejected(Outcome.Fault.TOO_LARGE, "HTTP 413").now()
                    : exporter.accept(batch),
            delivery,
            Signal.TRACES,
            List.of(),
            logging(Contexts.of(Kind.EXPORTER, "otlp_grpc", telemetry, loop)));
    pipe.inlet().accept(Payloads.spans(name, 10));
    pipe.inlet().accept(Payloads.spans("x".repeat(limit), 2));

    assertThat(exporter.items()).isEqualTo(10);
    assertThat(count("otelcol_exporter_sent_spans")).isEqualTo(10);
    assertThat(count("otelcol_exporter_send_failed_spans")).isEqualTo(2);
    assertThat(telemetry.books().all().getFirst().dropped())
        .isEqualTo(Map.of("rejected_by_destination", 2L));
    assertThat(lines).last().asString().contains("Dropping data", "dropped_items, 2");
  }

  @Test
  void aPartialSuccessIsDeliveredAndNotRepeated() {
    exporter.answer(new Outcome.Partial(1, "one too old"));
    var pipe = queued(queue(10, 1));
    assertThat(pipe.inlet().accept(Payloads.spans("a", 3)).result()).isEqualTo(ACCEPTED);

    assertThat(exporter.batches).hasSize(1);
    assertThat(count("otelcol_exporter_sent_spans")).isEqualTo(3);
    assertThat(telemetry.books().all().getFirst().dropped())
        .isEqualTo(Map.of("rejected_by_destination", 1L));
  }

  @Test
  void anAttemptThatHangsIsRefusedAtTheDeadline() {
    exporter.hold();
    var pipe = pipe(new Delivery(Duration.ofSeconds(5), RetryConfig.OFF, Optional.empty()));
    var answer = pipe.inlet().accept(Payloads.spans("a", 1));
    loop.advance(Duration.ofSeconds(5));

    assertThat(answer.result()).isInstanceOf(Outcome.Refused.class);
    exporter.waiting.getFirst().complete(ACCEPTED); // too late to matter
  }

  @Test
  void aQueueAnswersAtOnceAndCountsWhatIsInFlight() {
    exporter.hold();
    var pipe = queued(queue(3, 1));
    for (var name : List.of("a", "b", "c")) {
      assertThat(pipe.inlet().accept(Payloads.spans(name, 2)).result()).isEqualTo(ACCEPTED);
    }
    assertThat(exporter.batches).as("one consumer").hasSize(1);
    assertThat(gauge("otelcol_exporter_queue_size")).isEqualTo(3);
    assertThat(gauge("otelcol_exporter_queue_capacity")).isEqualTo(3);

    assertThat(pipe.inlet().accept(Payloads.spans("d", 2)).result())
        .isEqualTo(Outcome.refused("sending queue is full"));
    assertThat(count("otelcol_exporter_enqueue_failed_spans")).isEqualTo(2);

    for (int i = 0; i < 3; i++) {
      exporter.waiting.get(i).complete(ACCEPTED);
    }
    assertThat(Payloads.spanNames(exporter.batches))
        .containsExactly("a-0", "a-1", "b-0", "b-1", "c-0", "c-1");
    assertThat(gauge("otelcol_exporter_queue_size")).isZero();
  }

  @Test
  void rejectsWhatCanNeverFit() {
    var pipe = queued(queue(5, 1, false, false, Sizer.ITEMS));

    assertThat(pipe.inlet().accept(Payloads.spans("a", 6)).result())
        .isInstanceOfSatisfying(
            Outcome.Rejected.class,
            rejected -> assertThat(rejected.fault()).isEqualTo(Outcome.Fault.TOO_LARGE));
    assertThat(count("otelcol_exporter_enqueue_failed_spans")).isEqualTo(6);
  }

  @Test
  void aBlockingQueueMakesTheCallerWait() {
    exporter.hold();
    var pipe = queued(queue(1, 1, true, false, Sizer.REQUESTS));
    assertThat(pipe.inlet().accept(Payloads.spans("a", 1)).result()).isEqualTo(ACCEPTED);
    var second = pipe.inlet().accept(Payloads.spans("b", 1));
    var third = pipe.inlet().accept(Payloads.spans("c", 1));
    assertThat(second.isComplete()).isFalse();

    exporter.waiting.get(0).complete(ACCEPTED);
    assertThat(second.result()).isEqualTo(ACCEPTED);
    assertThat(third.isComplete()).isFalse();
    exporter.waiting.get(1).complete(ACCEPTED);
    exporter.waiting.get(2).complete(ACCEPTED);

    assertThat(third.result()).isEqualTo(ACCEPTED);
    assertThat(Payloads.spanNames(exporter.batches)).containsExactly("a-0", "b-0", "c-0");
  }

  @Test
  void waitForResultPassesTheExportersAnswerBack() {
    exporter.answer(BAD);
    var pipe = queued(queue(10, 1, false, true, Sizer.REQUESTS));

    assertThat(pipe.inlet().accept(Payloads.spans("a", 1)).result()).isEqualTo(BAD);
  }

  @Test
  void aQueueWithBatchSendsJoinedBatchesAndKeepsTenantsApart() {
    var batching =
        new Batching(
            Duration.ofMillis(200), 4, 4, Optional.empty(), new Partition(List.of("X-Tenant")));
    var pipe =
        queued(
            new QueueConfig(
                Optional.empty(), 100, 10, false, false, Optional.empty(), Optional.of(batching)));
    for (var tenant : List.of("red", "blue", "red", "blue")) {
      pipe.inlet().accept(ofTenant(tenant, Payloads.spans(tenant, 3)));
    }
    assertThat(Payloads.spanNames(exporter.batches))
        .containsExactly(
            "red-0", "red-1", "red-2", "red-0", "blue-0", "blue-1", "blue-2", "blue-0");
    assertThat(gauge("otelcol_exporter_queue_size")).isEqualTo(2);
    loop.advance(Duration.ofMillis(200));

    assertThat(exporter.batches).extracting(Batch::items).containsExactly(4, 4, 2, 2);
    assertThat(gauge("otelcol_exporter_queue_size")).isZero();
  }

  private static Batch ofTenant(String tenant, Batch batch) {
    return batch.with(new Origin("otlp", "grpc", "127.0.0.1", Map.of("x-tenant", List.of(tenant))));
  }

  @Test
  void stoppingDeliversWhatIsQueuedWithoutWaitingForRetries() {
    exporter.answer(DOWN);
    var pipe = queued(queue(10, 1));
    pipe.inlet().accept(Payloads.spans("a", 1));
    pipe.inlet().accept(Payloads.spans("b", 1));
    exporter.answer(ACCEPTED);
    var stopped = pipe.stop();

    assertThat(stopped.succeeded()).isTrue();
    assertThat(Payloads.spanNames(exporter.batches)).containsExactly("a-0", "a-0", "b-0");
    assertThat(loop.timers()).isZero();
  }

  @Test
  void whatIsGivenUpBehindAQueueIsCountedAsDropped() {
    exporter.answer(DOWN);
    var pipe = queued(queue(10, 1));
    pipe.inlet().accept(Payloads.spans("a", 4));
    pipe.stop();

    assertThat(telemetry.books().all().getFirst().dropped())
        .isEqualTo(Map.of("retries_exhausted", 4L));
    assertThat(count("otelcol_exporter_send_failed_spans")).isEqualTo(4);
  }

  private static Outcome takenBut(Batch culprit, int items) {
    var culprits =
        List.of(new Outcome.Culprit(culprit, Outcome.Fault.UNKNOWN, "retries exhausted: down"));
    var end = new Outcome.Partial(items, "retries exhausted: down", culprits).now();
    return new Outcome.Refused(Outcome.Pressure.UNAVAILABLE, Duration.ZERO, "down")
        .with(new Outcome.Partly(true, () -> end));
  }

  @Test
  void ofABatchThatIsGivenUpOnlyWhatWasNotDeliveredIsLost() {
    exporter.answer(takenBut(Payloads.spans("a", 1), 1));
    var pipe = queued(queue(10, 1));
    pipe.inlet().accept(Payloads.spans("a", 4));
    loop.advance(Duration.ofMinutes(6));

    assertThat(telemetry.books().all().getFirst().dropped().values()).containsExactly(1L);
    assertThat(count("otelcol_exporter_sent_spans")).isEqualTo(3);
    assertThat(count("otelcol_exporter_send_failed_spans")).isEqualTo(1);
    assertThat(lines)
        .last()
        .asString()
        .contains("Dropping data.", "retries exhausted: down, dropped_items, 1");
  }

  @Test
  void aStopGivesUpOnlyWhatWasNotDelivered() {
    exporter.answer(takenBut(Payloads.spans("a", 1), 1));
    var pipe = queued(queue(10, 1));
    pipe.inlet().accept(Payloads.spans("a", 4));
    pipe.stop();

    assertThat(count("otelcol_exporter_sent_spans")).isEqualTo(3);
  }

  @Test
  void whoeverWaitsForTheAnswerMaySendAllOfItAgain() {
    exporter.answer(takenBut(Payloads.spans("a", 1), 1));
    var pipe = pipe(new Delivery(Duration.ZERO, retry(Duration.ofSeconds(1)), Optional.empty()));
    var answer = pipe.inlet().accept(Payloads.spans("a", 4));
    loop.advance(Duration.ofMinutes(1));

    assertThat(answer.result()).isEqualTo(DOWN);
  }

  /// The sender has its answer, but the bytes are still here: the budget must say so.
  @Test
  void aQueuedBatchStaysChargedUntilItIsSettled() {
    var budget = new ByteBudget(1000);
    exporter.hold();
    var pipe = queued(queue(10, 1));
    var lease = Objects.requireNonNull(budget.take(600));
    Future<Outcome> answer = pipe.inlet().accept(Payloads.spans("a", 1).with(lease));
    assertThat(answer.result()).isEqualTo(ACCEPTED);
    lease.close();
    assertThat(budget.bytes()).isEqualTo(600);
    assertThat(budget.take(600)).isNull();
    exporter.waiting.getFirst().complete(ACCEPTED);

    assertThat(budget.bytes()).isZero();
  }

  /// Else its worker would be busy, and the queue stand, for ever.
  @Test
  void anAttemptThatThrowsIsOneThatFailed() {
    var thrown = new ArrayDeque<Throwable>();
    thrown.add(new OutOfMemoryError("direct"));
    thrown.add(new IllegalStateException("bug"));
    var delivery =
        new Delivery(Duration.ZERO, retry(Duration.ofMinutes(5)), Optional.of(queue(10, 1)));
    var pipe =
        new ExportPipe(
            batch -> {
              var next = thrown.poll();
              if (next instanceof Error error) {
                throw error;
              }
              if (next instanceof RuntimeException bug) {
                throw bug;
              }
              return exporter.accept(batch);
            },
            delivery,
            Signal.TRACES,
            List.of(),
            logging(Contexts.of(Kind.EXPORTER, "otlp_grpc", telemetry, loop)));
    pipe.inlet().accept(Payloads.spans("a", 1));
    pipe.inlet().accept(Payloads.spans("b", 2));
    pipe.inlet().accept(Payloads.spans("c", 3));
    loop.advance(Duration.ofSeconds(2));

    assertThat(exporter.batches).extracting(Batch::items).containsExactly(2, 3);
    assertThat(telemetry.books().all().getFirst().dropped())
        .isEqualTo(Map.of("rejected_by_destination", 1L));
  }

  /// After an attempt that was cut off its transport may still read the bytes.
  @Test
  void whatAnAttemptThatFailedMayStillReadIsNotUsedAgain() {
    assertThat(arraysAfter(ACCEPTED)).isPositive();
    assertThat(arraysAfter(new Outcome.Partial(1, "one"))).isPositive();
    assertThat(arraysAfter(BAD)).isZero();
  }

  /// What lies in the pool after a batch was answered with this, later than it was sent.
  private long arraysAfter(Outcome outcome) {
    var pool = ArrayPool.of(1 << 20);
    var lease = Objects.requireNonNull(new ByteBudget(1 << 20, pool).take(100_000));
    lease.owns(pool.take(100_000));
    exporter.hold();
    pipe(new Delivery(Duration.ZERO, retry(Duration.ofMinutes(5)), Optional.empty()))
        .inlet()
        .accept(Payloads.spans("a", 1).with(lease));
    exporter.waiting.getLast().complete(outcome);
    lease.close();
    return pool.bytes();
  }
}

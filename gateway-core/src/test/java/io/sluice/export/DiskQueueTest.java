package io.sluice.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Budget;
import io.sluice.component.QueueConfig;
import io.sluice.component.QueueConfig.Sizer;
import io.sluice.data.Batch;
import io.sluice.disk.Counts;
import io.sluice.disk.DiskFiles;
import io.sluice.disk.Frames;
import io.sluice.disk.Limits;
import io.sluice.disk.LogMeter;
import io.sluice.disk.Loss;
import io.sluice.disk.Opened;
import io.sluice.disk.SegmentLog;
import io.sluice.pipeline.Outcome;
import io.sluice.service.ByteBudget;
import io.sluice.telemetry.Log;
import io.sluice.testkit.Payloads;
import io.sluice.testkit.TestLoop;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The queue on one thread: the test does the log's work.
final class DiskQueueTest {
  private static final Outcome ACCEPTED = new Outcome.Accepted();

  @TempDir Path folder;

  /// One life of a process.
  private static final class Life {
    final TestLoop loop = new TestLoop();
    final SegmentLog log;
    final SegmentLog letters;
    final Books books = new Books();
    final Out out = new Out();
    final DiskQueue queue;

    Life(Path folder, QueueConfig config, Budget budget) {
      log = log(folder.resolve("queue"));
      letters = log(folder.resolve("letters"));
      var place =
          new DiskQueue.Place(
              log.destination("a"),
              new DeadLetters(letters.destination("a"), loop, (_, _) -> {}, Log.NONE),
              Runnable::run,
              loop,
              budget);
      queue = new DiskQueue(config, place, out, books);
      queue.begin();
      assertThat(log.open()).isInstanceOf(Opened.Ready.class);
      assertThat(letters.open()).isInstanceOf(Opened.Ready.class);
      loop.run();
    }

    private static SegmentLog log(Path folder) {
      var around =
          new SegmentLog.Surroundings(
              Frames.NONE,
              InstantSource.system(),
              System::nanoTime,
              new SplittableRandom(1),
              LogMeter.NONE,
              Log.NONE);
      var limits = new Limits(0, Duration.ZERO, false, 256 << 10);
      return new SegmentLog(DiskFiles.in(folder), limits, around, () -> {});
    }

    /// Everything there is to do at present.
    void turn() {
      for (int i = 0; i < 4; i++) {
        log.work();
        letters.work();
        loop.run();
      }
    }

    void end() {
      log.close();
      letters.close();
    }
  }

  private static final class Books implements DiskQueue.Meter {
    long stored;
    long overflowed;
    long settled;
    long again;
    long found;
    final List<Batch> deadLetters = new ArrayList<>();

    @Override
    public void stored(Batch batch) {
      stored++;
    }

    @Override
    public void overflowed(Batch batch, String reason) {
      overflowed++;
    }

    @Override
    public void settled(Batch batch) {
      settled++;
    }

    @Override
    public void again(Batch batch) {
      again++;
    }

    @Override
    public void deadLettered(Batch batch) {
      deadLetters.add(batch);
    }

    @Override
    public void lost(Loss loss, Counts counts) {
      throw new AssertionError(loss);
    }

    @Override
    public void found(Counts counts) {
      found = counts.records();
    }
  }

  /// What is on its way to a destination.
  private static final class Out implements Drain {
    final Deque<Batch> batches = new ArrayDeque<>();
    final Deque<Consumer<Outcome>> answers = new ArrayDeque<>();
    int busyAt = Integer.MAX_VALUE;

    @Override
    public boolean busy() {
      return batches.size() >= busyAt;
    }

    @Override
    public void take(Batch batch, Consumer<Outcome> settled) {
      batches.add(batch);
      answers.add(settled);
    }

    @Override
    public void flush() {}

    Batch answer(Outcome outcome) {
      var batch = batches.remove();
      answers.remove().accept(outcome);
      return batch;
    }
  }

  private static QueueConfig config(Sizer sizer, long size, boolean blocks) {
    return new QueueConfig(
        Optional.of(sizer), size, 10, blocks, false, Optional.empty(), Optional.empty());
  }

  private Life life() {
    return new Life(folder, config(Sizer.REQUESTS, 1000, false), Budget.UNBOUNDED);
  }

  private static Batch batch(int i) {
    return Payloads.spans("s" + i + "-", 5);
  }

  private static Future<Outcome> stored(Life life, int i) {
    var answer = life.queue.accept(batch(i));
    life.turn();
    return answer;
  }

  @Test
  void answersWhenTheBatchIsOnDisk() {
    var life = life();
    var answer = life.queue.accept(batch(0));
    life.loop.run();
    assertThat(answer.isComplete()).isFalse();
    assertThat(life.out.batches).isEmpty();
    life.turn();
    assertThat(answer.result()).isEqualTo(ACCEPTED);
    assertThat(life.books.stored).isOne();
    life.end();
  }

  @Test
  void deliversInOrderAndSettles() {
    var life = life();
    for (int i = 0; i < 100; i++) {
      assertThat(stored(life, i).result()).isEqualTo(ACCEPTED);
    }
    assertThat(life.queue.size()).isEqualTo(100);
    for (int i = 0; i < 100; i++) {
      var delivered = life.out.answer(ACCEPTED);
      life.turn();
      assertThat(delivered.otlp().flatten()).isEqualTo(batch(i).otlp().flatten());
    }
    assertThat(life.queue.size()).isZero();
    assertThat(life.books.settled).isEqualTo(100);
    life.end();
  }

  @Test
  void itsSizeAndWhatWasOnItsWaySurviveARestart() {
    var life = life();
    for (int i = 0; i < 10; i++) {
      stored(life, i);
    }
    life.out.answer(ACCEPTED);
    var stopped = life.queue.stop();
    life.out.answer(Outcome.refused("down"));
    life.loop.advance(Duration.ofMinutes(1)); // eight never answer
    assertThat(stopped.isComplete()).isTrue();
    life.end();
    assertThat(life.books.deadLetters).isEmpty();

    var next = life();
    assertThat(next.books.found).isEqualTo(9);
    assertThat(next.queue.size()).isEqualTo(9);
    next.turn();
    assertThat(next.out.batches).hasSize(9);
    life.out.answer(ACCEPTED); // too late
    assertThat(life.books.again).isOne();
    next.end();
  }

  /// An exporter that a reload takes out reads no more, and is stopped later.
  @Test
  void aStopWaitsForNobodyWhoWasWaitedForBefore() {
    var life = life();
    stored(life, 0);
    life.queue.endReading();
    life.loop.advance(Duration.ofMinutes(1)); // it never answers
    assertThat(life.queue.stop().isComplete()).isTrue();
    life.end();
  }

  @Test
  void refusesWhatExceedsItsSize() {
    var life = new Life(folder, config(Sizer.ITEMS, 12, false), Budget.UNBOUNDED);
    assertThat(stored(life, 0).result()).isEqualTo(ACCEPTED);
    assertThat(stored(life, 1).result()).isEqualTo(ACCEPTED);
    assertThat(stored(life, 2).result()).isInstanceOf(Outcome.Refused.class);
    assertThat(life.queue.accept(Payloads.spans("large", 13)).result())
        .isInstanceOf(Outcome.Rejected.class);
    assertThat(life.books.overflowed).isEqualTo(2);
    life.out.answer(ACCEPTED);
    assertThat(stored(life, 3).result()).isEqualTo(ACCEPTED);
    life.end();
  }

  @Test
  void mayLetSendersWaitForRoom() {
    var life = new Life(folder, config(Sizer.REQUESTS, 1, true), Budget.UNBOUNDED);
    stored(life, 0);
    var waiting = stored(life, 1);
    assertThat(waiting.isComplete()).isFalse();
    life.out.answer(ACCEPTED);
    life.turn();
    assertThat(waiting.result()).isEqualTo(ACCEPTED);
    life.end();
  }

  @Test
  void whatIsReadBackStaysWithinAPartOfTheBudget() {
    var budget = new ByteBudget(40L * batch(0).sizeInBytes());
    var life = new Life(folder, config(Sizer.REQUESTS, 1000, false), budget);
    for (int i = 0; i < 100; i++) {
      stored(life, i);
    }
    assertThat(life.out.batches).hasSizeBetween(5, 10);
    assertThat(budget.bytes()).isLessThanOrEqualTo(budget.bytesMax() / 4);
    for (int i = 0; i < 100; i++) {
      life.out.answer(ACCEPTED);
      life.loop.advance(Duration.ofSeconds(1));
      life.turn();
    }
    assertThat(life.queue.size()).isZero();
    assertThat(budget.bytes()).isZero();
    life.end();
  }

  @Test
  void whatADestinationWillNeverTakeIsKeptAsADeadLetterBeforeItIsSettled() {
    var life = life();
    stored(life, 0);
    life.out.answer(Outcome.rejected("span 3 has no name"));
    assertThat(life.queue.size()).isOne();
    life.turn();
    assertThat(life.queue.size()).isZero();
    assertThat(life.books.deadLetters).hasSize(1);
    assertThat(life.letters.destination("a").unsettled().records()).isOne();
    life.end();
  }

  /// Segments are of 256 KiB here, and 32 batches are read ahead.
  @Test
  void whatComesNowDoesNotWaitForABacklogNorTheBacklogForIt() {
    var life = life();
    life.out.busyAt = 1;
    for (int i = 0; i < 200; i++) {
      store(life, "old" + i);
    }
    var delivered = new ArrayList<String>();
    for (int i = 0; i < 120; i++) {
      store(life, "new" + i);
      deliver(life, delivered);
    }
    assertThat(delivered.subList(60, 120))
        .as("both move")
        .filteredOn(this::old)
        .hasSizeBetween(20, 50);
    assertThat(delivered).as("nobody waits long").contains("new20");
    while (life.queue.size() > 0) {
      deliver(life, delivered);
    }
    assertThat(delivered).hasSize(320).doesNotHaveDuplicates();
    assertThat(life.log.bytes()).as("segments go").isLessThan(3 * (256 << 10));
    life.end();
  }

  private boolean old(String name) {
    return name.startsWith("old");
  }

  private static void store(Life life, String name) {
    var answer = life.queue.accept(Payloads.spans(name + " " + "x".repeat(20_000), 1));
    life.turn();
    assertThat(answer.result()).isEqualTo(ACCEPTED);
  }

  private static void deliver(Life life, List<String> names) {
    var name = Payloads.spanNames(List.of(life.out.answer(ACCEPTED))).getFirst();
    names.add(name.substring(0, name.indexOf(' ')));
    life.turn();
  }

  @Test
  void readsNoMoreThanItsDrainTakes() {
    var life = life();
    life.out.busyAt = 2;
    for (int i = 0; i < 5; i++) {
      stored(life, i);
    }
    assertThat(life.out.batches).hasSize(2);
    life.out.answer(ACCEPTED);
    life.turn();
    assertThat(life.out.batches).hasSize(2);
    life.end();
  }

  @Test
  void refusesWhenTheStorageIsClosed() {
    var life = life();
    life.end();
    var answer = life.queue.accept(batch(0));
    life.loop.run();
    assertThat(answer.result())
        .isInstanceOfSatisfying(
            Outcome.Refused.class, refused -> assertThat(refused.retryAfter()).isPositive());
    assertThat(life.queue.size()).isZero();
  }

  /// Nothing else comes that would let it in: nothing is stored, and nothing is delivered.
  @Test
  void whoWaitsForRoomIsLetInWhenWhatWasAheadCouldNotBeStored() {
    var life = new Life(folder, config(Sizer.REQUESTS, 1, true), Budget.UNBOUNDED);
    var first = life.queue.accept(batch(0));
    var second = life.queue.accept(batch(1));
    life.loop.run();
    assertThat(second.isComplete()).isFalse();
    life.log.close();
    life.loop.run();
    assertThat(first.result()).isInstanceOf(Outcome.Refused.class);
    assertThat(second.result()).isInstanceOf(Outcome.Refused.class);
    life.letters.close();
  }

  /// What fills the budget may itself wait for this batch.
  @Test
  void oneBatchIsReadBackThoughTheBudgetIsFull() {
    var budget = new ByteBudget(1000);
    var life = new Life(folder, config(Sizer.REQUESTS, 10, false), budget);
    assertThat(budget.take(1000)).isNotNull();
    stored(life, 0);
    stored(life, 1);
    assertThat(life.out.batches).hasSize(1);
    life.end();
  }
}

package io.sluice.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
import io.sluice.data.Lease;
import io.sluice.data.Origin;
import io.sluice.telemetry.Log;
import io.sluice.testkit.Payloads;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log that is too small for what is sent and drops the oldest: senders, readers who take, settle, forget
/// and hand over, an operator who drops, and the log's own thread, all at once. Whatever they do, each batch
/// that was stored comes to exactly one end: settled, or lost and said so.
///
/// `-Ddisk.first` is the seed of what the threads do; how they meet is up to the machine.
final class LogThreadsTest {
  private static final int SENDERS = 3;
  private static final int BATCHES = 2000;
  private static final Limits SMALL = new Limits(6 * (64 << 10), Duration.ZERO, true, 64 << 10);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int TICK_MS = 5;
  private static final int UNANSWERED_MAX = 30;

  @TempDir Path folder;

  private final long seed = Long.getLong("disk.first", 1);
  private final Semaphore work = new Semaphore(0);

  /// Nothing more is sent.
  private volatile boolean sent;

  private volatile boolean over;

  private static final class End {
    final Destination destination;
    final AtomicLong stored = new AtomicLong();
    final AtomicLong lost = new AtomicLong();
    final AtomicLong lostItems = new AtomicLong();
    final AtomicLong storedItems = new AtomicLong();
    final AtomicLong settledItems = new AtomicLong();
    final Set<String> settled = ConcurrentHashMap.newKeySet();

    End(Destination destination) {
      this.destination = destination;
    }

    /// @param room in which it waits for its answer
    void send(Batch batch, Semaphore room) {
      room.acquireUninterruptibly();
      destination.append(
          batch,
          appended -> {
            room.release();
            if (appended instanceof Appended.Stored) {
              stored.incrementAndGet();
              storedItems.addAndGet(batch.items());
            }
          });
    }

    Claim claim(Semaphore news) {
      var claim =
          destination.claim(
              news::release,
              (_, counts) -> {
                lost.addAndGet(counts.records());
                lostItems.addAndGet(counts.items());
              });
      claim.begin();
      return claim;
    }

    void settle(Claim claim, Entry entry) {
      if (claim.settle(entry)) {
        settledItems.addAndGet(entry.batch().items());
        assertThat(settled.add(entry.batch().origin().peer())).as("settled once").isTrue();
      }
    }
  }

  private void send(List<End> ends, int sender) {
    var random = new SplittableRandom(seed + sender);
    var room = new Semaphore(UNANSWERED_MAX);
    for (int i = 0; i < BATCHES; i++) {
      var name = sender + "-" + i + "-" + "x".repeat(random.nextInt(400));
      var batch =
          Payloads.spans("s", 1 + random.nextInt(9)).with(new Origin("", "", name, Map.of()));
      int to = 1 + random.nextInt((1 << ends.size()) - 1);
      for (int end = 0; end < ends.size(); end++) {
        if ((to >>> end & 1) != 0) {
          ends.get(end).send(batch, room);
        }
      }
    }
  }

  private void read(End end, int reader) throws InterruptedException {
    var random = new SplittableRandom(seed + 100 + reader);
    var news = new Semaphore(0);
    Deque<Entry> ahead = new ArrayDeque<>();
    Deque<Entry> taken = new ArrayDeque<>();
    var claim = end.claim(news);
    while (!sent || end.destination.unsettled().records() > 0) {
      switch (claim.next(_ -> Lease.NONE)) {
        case Read.Next(var entry) -> ahead.add(entry);
        case Read.Nothing() -> news.tryAcquire(TICK_MS, TimeUnit.MILLISECONDS);
        case Read.NoRoom _, Read.Failed _ -> throw new AssertionError();
      }
      while (ahead.size() > random.nextInt(60)) {
        var entry = ahead.remove();
        if (claim.take(entry)) {
          taken.add(entry);
        }
      }
      while (taken.size() > random.nextInt(20)) {
        end.settle(claim, taken.remove());
      }
      if (random.nextInt(500) == 0) {
        claim.release();
        claim.next(_ -> Lease.NONE);
        var before = claim;
        taken.forEach(entry -> end.settle(before, entry)); // too late
        ahead.clear();
        taken.clear();
        claim = end.claim(news);
      }
    }
    claim.release();
    claim.next(_ -> Lease.NONE);
  }

  private void operate(SegmentLog log, List<End> ends) throws IOException, InterruptedException {
    var random = new SplittableRandom(seed + 200);
    while (!sent) {
      var some = new Selection(-1, Set.of(), 0, Long.MAX_VALUE, 1 + random.nextInt(4));
      log.giveUp(ends.get(random.nextInt(ends.size())).destination, some);
      Thread.sleep(1);
    }
  }

  private void work(SegmentLog log) throws InterruptedException {
    var random = new SplittableRandom(seed + 300);
    while (!over) {
      work.tryAcquire(TICK_MS, TimeUnit.MILLISECONDS);
      work.drainPermits();
      log.work();
      if (random.nextInt(20) == 0) {
        assertThat(log.mark()).isTrue();
      }
    }
  }

  private interface Task {
    void run() throws Exception;
  }

  private static CompletableFuture<Void> start(Task task) {
    var done = new CompletableFuture<Void>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            task.run();
            done.complete(null);
          } catch (Exception | AssertionError e) {
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  private static void join(List<CompletableFuture<Void>> tasks) throws Exception {
    for (var task : tasks) {
      task.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private SegmentLog log() {
    var files = new DiskFiles(folder, PosixFilePermissions.fromString("rwx------"), false);
    var around =
        new SegmentLog.Surroundings(
            Frames.NONE,
            InstantSource.system(),
            System::nanoTime,
            new SplittableRandom(seed),
            LogMeter.NONE,
            Log.NONE);
    return new SegmentLog(files, SMALL, around, work::release);
  }

  @Test
  void whateverMeetsEachBatchComesToOneEnd() throws Exception {
    var log = log();
    var ends = List.of(new End(log.destination("a")), new End(log.destination("b")));
    assertThat(log.open()).isInstanceOf(Opened.Ready.class);
    var worker = start(() -> work(log));
    var readers = new ArrayList<CompletableFuture<Void>>();
    var others = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < ends.size(); i++) {
      int reader = i;
      readers.add(start(() -> read(ends.get(reader), reader)));
    }
    var senders = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < SENDERS; i++) {
      int sender = i;
      senders.add(start(() -> send(ends, sender)));
    }
    others.add(start(() -> operate(log, ends)));
    join(senders);
    var flushed = new CompletableFuture<Appended>();
    ends.getFirst().destination.append(Payloads.spans("last", 1), flushed::complete);
    boolean last =
        flushed.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) instanceof Appended.Stored;
    sent = true;
    join(others);
    join(readers);
    over = true;
    join(List.of(worker));
    for (var end : ends) {
      int more = last && end == ends.getFirst() ? 1 : 0;
      assertThat(end.settled.size() + end.lost.get())
          .as("seed %d, %s: records", seed, end.destination.name())
          .isEqualTo(end.stored.get() + more);
      assertThat(end.settledItems.get() + end.lostItems.get())
          .as("seed %d, %s: items", seed, end.destination.name())
          .isEqualTo(end.storedItems.get() + more);
      assertThat(end.destination.unsettled()).isEqualTo(Counts.NONE);
      assertThat(end.lost.get()).as("some were dropped").isPositive();
    }
    log.close();
    var again = log();
    assertThat(again.open())
        .isInstanceOfSatisfying(
            Opened.Ready.class, ready -> assertThat(ready.unwanted()).isEmpty());
    again.close();
  }
}

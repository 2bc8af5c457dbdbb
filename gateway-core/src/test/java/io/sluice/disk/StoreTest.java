package io.sluice.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.data.Batch;
import io.sluice.data.Lease;
import io.sluice.data.Origin;
import io.sluice.telemetry.Log;
import io.sluice.testkit.Payloads;
import io.sluice.wire.Bytes;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The log with all of its threads, on the disk of this machine.
final class StoreTest {
  private static final int SENDERS = 4;
  private static final int BATCHES = 500;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path folder;

  private Store store() {
    var limits = new Limits(0, Duration.ZERO, false, 256 << 10);
    return new Store(
        "test",
        DiskFiles.in(folder),
        limits,
        limits,
        new SegmentLog.Surroundings(
            Frames.NONE,
            InstantSource.system(),
            System::nanoTime,
            new SplittableRandom(),
            LogMeter.NONE,
            Log.NONE));
  }

  @Test
  void whoAsksAClosedStoreHasAnAnswer() throws Exception {
    var store = store();
    done(store.open(Duration.ZERO));
    store.close();
    var answers = List.of(store.drop("a"), store.kept(), store.note("note", Bytes.utf8("x")));
    for (var answer : answers) {
      assertThatThrownBy(() -> done(answer)).hasRootCauseMessage("the storage is closed");
    }
    done(store.close());
    assertThat(folder.resolve("note")).doesNotExist();
  }

  private static <T> T done(Future<T> future) throws Exception {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Reads and settles on a thread of its own until all is there; hands over to another claim in between.
  private static final class Reader implements Runnable {
    private final Destination destination;
    private final Set<String> read = ConcurrentHashMap.newKeySet();
    private final Semaphore news = new Semaphore(0);
    private final CountDownLatch complete = new CountDownLatch(1);

    Reader(Destination destination) {
      this.destination = destination;
    }

    private Claim claim() {
      var claim = destination.claim(news::release, (loss, _) -> read.add("lost: " + loss));
      claim.begin();
      return claim;
    }

    @Override
    public void run() {
      var claim = claim();
      for (int i = 1; read.size() < SENDERS * BATCHES; i++) {
        switch (claim.next(_ -> Lease.NONE)) {
          case Read.Next(var entry) -> {
            read.add(entry.batch().origin().peer());
            if (i % 7 > 0) {
              claim.settle(entry);
            }
          }
          case Read.Nothing() -> news.acquireUninterruptibly();
          case Read.NoRoom _, Read.Failed _ -> throw new AssertionError();
        }
        if (i % 100 == 0) {
          claim.release();
          claim.next(_ -> Lease.NONE);
          claim = claim();
        }
      }
      claim.release();
      complete.countDown();
    }
  }

  private static Batch batch(String name) {
    var batch = Payloads.spans("s", 5);
    return batch.with(new Origin("", "", name, Map.of()));
  }

  private static void send(List<Destination> to, String prefix) {
    for (int i = 0; i < BATCHES; i++) {
      var batch = batch(prefix + i);
      for (var destination : to) {
        var answer = new CompletableFuture<Appended>();
        destination.append(batch, answer::complete);
        assertThat(answer.join()).isInstanceOf(Appended.Stored.class);
      }
    }
  }

  @Test
  void severalSendersAndReadersLoseNothing() throws Exception {
    var store = store();
    var destinations = List.of(store.queue("a"), store.queue("b"));
    assertThat(done(store.open(Duration.ZERO))).isEmpty();
    var readers = destinations.stream().map(Reader::new).toList();
    readers.forEach(reader -> Thread.ofPlatform().daemon().start(reader));
    var senders = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < SENDERS; i++) {
      var prefix = i + "-";
      senders.add(
          CompletableFuture.runAsync(
              () -> send(destinations, prefix), task -> Thread.ofPlatform().daemon().start(task)));
    }
    for (var sender : senders) {
      sender.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
    for (var reader : readers) {
      assertThat(reader.complete.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
      assertThat(reader.read).noneMatch(name -> name.startsWith("lost"));
    }
    done(store.close());

    var again = store();
    var rest = again.queue("a");
    again.queue("b");
    done(again.open(Duration.ZERO));
    var claim = rest.claim(() -> {}, (_, _) -> {});
    claim.begin();
    long unsettled = rest.unsettled().records();
    long found = 0;
    while (claim.next(_ -> Lease.NONE) instanceof Read.Next(var entry)) {
      found++;
      claim.settle(entry);
    }
    assertThat(found).isEqualTo(unsettled);
    assertThat(rest.unsettled()).isEqualTo(Counts.NONE);
    done(again.close());
  }
}

package io.sluice.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
import io.sluice.data.Lease;
import io.sluice.data.Origin;
import io.sluice.pipeline.Outcome;
import io.sluice.telemetry.Log;
import io.sluice.testkit.OnLoop;
import io.sluice.testkit.Payloads;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Looking at a store, and changing what is in it by hand.
final class BrowseTest {
  private static final String QUEUE = "otlp/a:traces";
  private static final int ITEMS = 5;

  private final List<String> redelivered = new ArrayList<>();

  @TempDir Path folder;

  private Store store(Files files) throws Exception {
    var limits = new Limits(0, Duration.ZERO, false, 256 << 10);
    var store =
        new Store(
            "test",
            files,
            limits,
            limits,
            new SegmentLog.Surroundings(
                Frames.NONE,
                InstantSource.system(),
                System::nanoTime,
                new SplittableRandom(),
                new LogMeter() {
                  @Override
                  public void redelivered(String destination, Counts counts) {
                    redelivered.add(destination + " " + counts.items());
                  }
                },
                Log.NONE));
    done(store.open(Duration.ZERO));
    return store;
  }

  private Store store() throws Exception {
    return store(DiskFiles.in(folder));
  }

  private static <T> T done(io.vertx.core.Future<T> future) throws Exception {
    return OnLoop.done(future.toCompletionStage().toCompletableFuture());
  }

  private static Batch batch(String name) {
    return Payloads.spans(name, ITEMS).with(new Origin("otlp", "grpc", name, Map.of()));
  }

  private static void append(Destination to, String... names) throws Exception {
    for (var name : names) {
      var answer = new CompletableFuture<Appended>();
      to.append(batch(name), answer::complete);
      assertThat(OnLoop.done(answer)).isInstanceOf(Appended.Stored.class);
    }
  }

  private static void bury(Store store, String... names) throws Exception {
    for (var name : names) {
      var answer = new CompletableFuture<Appended>();
      store
          .deadLetters(QUEUE)
          .append(batch(name), new DeadLetter(QUEUE, "INVALID", "no: " + name), answer::complete);
      assertThat(OnLoop.done(answer)).isInstanceOf(Appended.Stored.class);
    }
  }

  private static List<StoredBatch> all(Store store, boolean letters, Selection selection)
      throws IOException {
    var found = new ArrayList<StoredBatch>();
    try (var browse = store.browse(QUEUE, letters, selection).orElseThrow()) {
      for (var head = browse.next(); head != null; head = browse.next()) {
        var stored = browse.read(Lease.NONE);
        if (stored != null) {
          found.add(stored);
        }
      }
    }
    return found;
  }

  private static List<String> names(Store store, boolean letters) throws IOException {
    return all(store, letters, Selection.ALL).stream()
        .map(stored -> stored.batch().origin().peer())
        .toList();
  }

  private static Selection only(long id) {
    return new Selection(-1, Set.of(id), 0, Long.MAX_VALUE, Integer.MAX_VALUE);
  }

  @Test
  void whatIsNotSettledIsSeenAndStays() throws Exception {
    var store = store();
    var queue = store.queue(QUEUE);
    append(queue, "a", "b", "c");
    var claim = queue.claim(() -> {}, (_, _) -> {});
    claim.begin();
    assertThat(claim.next(_ -> Lease.NONE))
        .isInstanceOfSatisfying(Read.Next.class, next -> claim.settle(next.entry()));

    assertThat(names(store, false)).containsExactly("b", "c");
    assertThat(names(store, false)).as("nothing is taken").containsExactly("b", "c");
    assertThat(queue.unsettled()).isEqualTo(new Counts(2, 2 * ITEMS, queue.unsettled().bytes()));
    var page = all(store, false, new Selection(-1, Set.of(), 0, Long.MAX_VALUE, 1));
    assertThat(page).hasSize(1);
    assertThat(page.getFirst().batch().otlp().flatten()).isEqualTo(batch("b").otlp().flatten());
    done(store.close());
  }

  @Test
  void aReaderSeesItAllAndChangesNothingOnDisk() throws Exception {
    var store = store();
    append(store.queue(QUEUE), "a", "b");
    bury(store, "x");
    var beside = store(new ReadOnlyFiles(folder));
    assertThat(names(beside, false)).as("of a store that is open").containsExactly("a", "b");
    done(beside.close());
    done(store.close());
    var before = contents();

    var reader = store(new ReadOnlyFiles(folder));
    assertThat(names(reader, false)).containsExactly("a", "b");
    assertThat(all(reader, true, Selection.ALL))
        .singleElement()
        .satisfies(letter ->
            assertThat(letter.letter()).isEqualTo(new DeadLetter(QUEUE, "INVALID", "no: x")));
    assertThat(reader.stock())
        .singleElement()
        .satisfies(stock -> {
          assertThat(stock.waiting().records()).isEqualTo(2);
          assertThat(stock.letters().records()).isEqualTo(1);
        });
    done(reader.close());

    assertThat(contents()).isEqualTo(before);
    var again = store();
    append(again.queue(QUEUE), "c");
    assertThat(names(again, false)).containsExactly("a", "b", "c");
    done(again.close());
  }

  private Map<String, Long> contents() throws IOException {
    try (Stream<Path> files = java.nio.file.Files.walk(folder)) {
      var sizes = new java.util.TreeMap<String, Long>();
      for (var file : files.filter(java.nio.file.Files::isRegularFile).toList()) {
        var crc = new java.util.zip.CRC32C();
        crc.update(java.nio.file.Files.readAllBytes(file));
        sizes.put(folder.relativize(file).toString(), crc.getValue());
      }
      return sizes;
    }
  }

  @Test
  void whatIsDroppedIsNotReadAndNotThereAfterARestart() throws Exception {
    var store = store();
    var queue = store.queue(QUEUE);
    append(queue, "a", "b", "c", "d");
    var losses = new ArrayList<String>();
    var claim = queue.claim(() -> {}, (loss, counts) -> losses.add(loss + " " + counts.items()));
    claim.begin();
    var first = (Read.Next) claim.next(_ -> Lease.NONE);

    var third = all(store, false, Selection.ALL).get(2).head().sequence();
    assertThat(store.giveUp(QUEUE, false, only(third)).counts().records()).isEqualTo(1);
    assertThat(claim.take(first.entry())).isTrue();
    var second = (Read.Next) claim.next(_ -> Lease.NONE);
    assertThat(second.entry().batch().origin().peer()).isEqualTo("b");
    append(queue, "e");
    var dropped = store.giveUp(QUEUE, false, Selection.ALL);
    assertThat(dropped.counts().records()).as("b, d and e").isEqualTo(3);
    assertThat(dropped.left()).as("a is on its way").isEqualTo(1);
    assertThat(claim.take(second.entry())).as("b was only read").isFalse();
    assertThat(claim.settle(second.entry())).isFalse();
    assertThat(claim.next(_ -> Lease.NONE)).isInstanceOf(Read.Nothing.class);
    assertThat(losses).containsExactly("BY_OPERATOR 5", "BY_OPERATOR 15");
    assertThat(queue.unsettled().records()).isEqualTo(1);
    assertThat(claim.settle(first.entry())).isTrue();
    assertThat(queue.unsettled()).isEqualTo(Counts.NONE);
    append(queue, "f");
    done(store.close());

    var again = store();
    assertThat(names(again, false)).containsExactly("f");
    done(again.close());
  }

  @Test
  void whoDropsOrReplaysIsToldIfThatIsNotOnStableStorage() throws Exception {
    var store = store();
    append(store.queue(QUEUE), "a", "b");
    bury(store, "x", "y");
    assertThat(store.giveUp(QUEUE, false, only(1)).durable()).isTrue();
    for (var log : List.of(folder, folder.resolve(Store.DEAD_LETTERS))) { // no marks can be written
      java.nio.file.Files.createDirectories(log.resolve(Marks.FILE + Segments.ASIDE).resolve("x"));
    }
    assertThat(store.giveUp(QUEUE, false, Selection.ALL).durable()).isFalse();
    var replayed = store.replay(QUEUE, QUEUE, only(1), _ -> Lease.NONE);
    assertThat(replayed.counts().records()).isOne();
    assertThat(replayed.durable()).isFalse();
    done(store.close());
  }

  @Test
  void deadLettersGoBackThroughTheInletAndAreSettledThen() throws Exception {
    var store = store();
    bury(store, "x", "y", "z");
    var queue = store.queue(QUEUE);
    var taken = new ArrayList<String>();
    var end =
        queue.admit(batch -> {
          if (taken.size() == 2) {
            return Outcome.refused("sending queue is full").now();
          }
          taken.add(batch.origin().peer());
          return Outcome.accepted();
        });
    var replayed = store.replay(QUEUE, QUEUE, Selection.ALL, _ -> Lease.NONE);
    assertThat(replayed.counts().records()).isEqualTo(2);
    assertThat(replayed.reason()).isEqualTo("sending queue is full");
    assertThat(names(store, true)).containsExactly("z");
    end.run();

    assertThat(store.replay(QUEUE, "otlp/a:logs", Selection.ALL, _ -> Lease.NONE).reason())
        .isEqualTo("otlp/a:logs does not take traces");
    assertThat(store.replay(QUEUE, QUEUE, Selection.ALL, _ -> Lease.NONE).counts().items())
        .isEqualTo(ITEMS);
    assertThat(names(store, false)).containsExactly("z");
    done(store.close());

    var again = store();
    assertThat(names(again, true)).isEmpty();
    assertThat(names(again, false)).containsExactly("z");
    done(again.close());
  }

  @Test
  void whatWasOnItsWayBeforeARestartCountsAsRedelivered() throws Exception {
    var store = store();
    var queue = store.queue(QUEUE);
    append(queue, "a", "b", "c");
    var claim = queue.claim(() -> {}, (_, _) -> {});
    claim.begin();
    for (int i = 0; i < 2; i++) {
      assertThat(claim.take(((Read.Next) claim.next(_ -> Lease.NONE)).entry())).isTrue();
    }
    done(store.close());

    var again = store();
    var rest = again.queue(QUEUE).claim(() -> {}, (_, _) -> {});
    rest.begin();
    while (rest.next(_ -> Lease.NONE) instanceof Read.Next(var entry)) {
      assertThat(rest.take(entry)).isTrue();
      rest.settle(entry);
    }
    assertThat(redelivered).containsExactly(QUEUE + " 5", QUEUE + " 5");
    done(again.close());
  }

  private Inspection.Report inspected() throws IOException {
    return new Inspection(new ReadOnlyFiles(folder), "", Frames.NONE).run();
  }

  @Test
  void anyFlippedBitOfARecordIsFound() throws Exception {
    var store = store();
    append(store.queue(QUEUE), "a", "b", "c");
    var heads = all(store, false, Selection.ALL).stream().map(StoredBatch::head).toList();
    done(store.close());
    assertThat(inspected().damage()).isEmpty();
    assertThat(inspected().records()).isEqualTo(3);

    var middle = heads.get(1);
    var file = folder.resolve(middle.file());
    var random = new SplittableRandom(42);
    for (int i = 0; i < 100; i++) {
      long at = middle.at() + random.nextLong(middle.storedBytes());
      int bit = 1 << random.nextInt(8);
      flip(file, at, bit);
      var report = inspected();
      assertThat(report.damage())
          .as("bit %d at %d", bit, at)
          .singleElement()
          .satisfies(finding -> {
            assertThat(finding.file()).isEqualTo(middle.file());
            assertThat(finding.offset()).isEqualTo(middle.at());
            assertThat(finding.bytes()).isEqualTo(middle.storedBytes());
          });
      assertThat(report.records()).isEqualTo(2);
      flip(file, at, bit);
    }
    assertThat(inspected().damage()).isEmpty();
  }

  @Test
  void damageOfHeadersAndMarksIsFoundToo() throws Exception {
    var store = store();
    append(store.queue(QUEUE), "a");
    var file = folder.resolve(all(store, false, Selection.ALL).getFirst().head().file());
    done(store.close());
    flip(file, 30, 1);
    assertThat(inspected().damage())
        .singleElement()
        .satisfies(f -> assertThat(f.what()).contains("header"));
    flip(file, 30, 1);
    flip(folder.resolve(Marks.FILE), 25, 1);
    assertThat(inspected().damage())
        .singleElement()
        .satisfies(f -> assertThat(f.file()).isEqualTo(Marks.FILE));
  }

  private static void flip(Path path, long at, int bit) throws IOException {
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(at);
      int old = file.read();
      file.seek(at);
      file.write(old ^ bit);
    }
  }

  /// After a restart all segments are finished, and a reader is soon ahead in them.
  @Test
  void whatIsOnlyReadAheadIsSeenAndDroppedAfterARestartToo() throws Exception {
    var before = store();
    append(before.queue(QUEUE), "a", "b");
    done(before.close());

    var store = store();
    var claim = store.queue(QUEUE).claim(() -> {}, (_, _) -> {});
    claim.begin();
    assertThat(claim.next(_ -> Lease.NONE)).isInstanceOf(Read.Next.class);
    assertThat(claim.next(_ -> Lease.NONE)).isInstanceOf(Read.Next.class);
    assertThat(names(store, false)).containsExactly("a", "b");
    assertThat(store.giveUp(QUEUE, false, Selection.ALL).counts().records()).isEqualTo(2);
    assertThat(names(store, false)).isEmpty();
    done(store.close());
  }

  /// The system lets go of a lock when any handle of its file is closed.
  @Test
  void whoAsksInVainForADirectoryDoesNotFreeIt() throws Exception {
    var files = DiskFiles.in(folder);
    try (var lock = files.lock("lock")) {
      assertThat(lock).isNotNull();
      assertThat(files.lock("lock")).isNull();
      assertThat(heldByThisProcess(folder.resolve("lock"))).isTrue();
    }
    try (var again = files.lock("lock")) {
      assertThat(again).isNotNull();
    }
  }

  private static boolean heldByThisProcess(Path file) throws IOException {
    var inode = java.nio.file.Files.getAttribute(file, "unix:ino").toString();
    return java.nio.file.Files.readAllLines(Path.of("/proc/locks")).stream()
        .map(line -> line.trim().split("\\s+", -1))
        .anyMatch(words ->
            words[4].equals(Long.toString(ProcessHandle.current().pid()))
                && words[5].endsWith(":" + inode));
  }
}

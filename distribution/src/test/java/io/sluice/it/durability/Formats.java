package io.sluice.it.durability;

import io.sluice.data.Batch;
import io.sluice.data.Lease;
import io.sluice.data.Signal;
import io.sluice.disk.Appended;
import io.sluice.disk.DeadLetter;
import io.sluice.disk.DiskFiles;
import io.sluice.disk.Frames;
import io.sluice.disk.Limits;
import io.sluice.disk.LogMeter;
import io.sluice.disk.Opened;
import io.sluice.disk.Read;
import io.sluice.disk.SegmentLog;
import io.sluice.disk.Store;
import io.sluice.it.Peers;
import io.sluice.it.Programs;
import io.sluice.it.durability.Subject.Setting;
import io.sluice.telemetry.Log;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// E24: a directory that a release wrote is read by those that come after it. One for each version of the
/// format stands in `src/test/resources`; a change of the format adds one, written by [#write] before it.
final class Formats {
  private static final long SEED = 24;
  private static final int REQUESTS = 12;
  private static final int SETTLED = 4;
  private static final long SEGMENT_BYTES = 64 << 10;
  private static final Requests CONTENT = new Requests(SEED, true);
  private static final String QUEUE = Subject.exporter(0) + ":traces";
  private static final DeadLetter LETTER = new DeadLetter(QUEUE, "INVALID", "not with me");

  private Formats() {}

  static Path fixture(int version) {
    return Peers.module().resolve("src/test/resources/io/sluice/it/durability/format-" + version);
  }

  private static SegmentLog log(Path directory) {
    return new SegmentLog(
        DiskFiles.in(directory),
        new Limits(0, Duration.ZERO, false, SEGMENT_BYTES),
        new SegmentLog.Surroundings(
            Frames.NONE,
            InstantSource.system(),
            System::nanoTime,
            new SplittableRandom(SEED),
            LogMeter.NONE,
            Log.NONE),
        () -> {});
  }

  private static Batch batch(long id) {
    return Batch.of(Signal.TRACES, Rope.of(Bytes.wrap(CONTENT.bytes(id))), CONTENT.items(id));
  }

  private static void stored(Appended appended) {
    if (!(appended instanceof Appended.Stored)) {
      throw new AssertionError(appended);
    }
  }

  /// Twelve requests of which four are settled, and a dead letter.
  static void write(Path directory) {
    var queue = log(directory);
    var destination = queue.destination(QUEUE);
    opened(queue);
    for (long id = 0; id < REQUESTS; id++) {
      destination.append(batch(id), Formats::stored);
    }
    queue.work();
    var claim = destination.claim(() -> {}, (_, _) -> {});
    claim.begin();
    for (int i = 0; i < SETTLED; i++) {
      if (claim.next(_ -> Lease.NONE) instanceof Read.Next(var entry)) {
        claim.settle(entry);
      }
    }
    queue.close();
    var letters = log(directory.resolve(Store.DEAD_LETTERS));
    opened(letters);
    letters.destination(QUEUE).append(batch(REQUESTS), LETTER, Formats::stored);
    letters.work();
    letters.close();
    for (var name : List.of("lock", "reserve", "dead-letters/lock", "dead-letters/reserve")) {
      Programs.done(Map.of(), List.of("rm", "-f", directory.resolve(name).toString()));
    }
  }

  private static void opened(SegmentLog log) {
    if (!(log.open() instanceof Opened.Ready)) {
      throw new AssertionError("cannot be opened");
    }
  }

  /// What was not settled is delivered, what was is not, and the dead letter is there with its words.
  static Row read(Subject subject, long seed, int runs) {
    var folder = Bench.newFolder();
    try (var bench =
        new Bench(subject, seed, Setting.USUAL, folder, folder.resolve("queue"), CONTENT)) {
      Programs.done(Map.of(), List.of("mkdir", "-p", bench.data.toString()));
      Programs.done(
          Map.of(),
          List.of("cp", "-r", fixture(1).toString(), bench.data.resolve("l0").toString()));
      for (long id = SETTLED; id < REQUESTS; id++) {
        bench.ledger.acked.add(id);
      }
      bench.ledger.sent.set(REQUESTS + 1);
      bench.start();
      bench.settle();
      bench.stop();
      boolean settled =
          bench.sink().taken.keySet().stream().noneMatch(item -> Requests.request(item) < SETTLED);
      boolean letter =
          !bench.letters(0).isEmpty()
              && bench.letters(0).values().stream().allMatch(LETTER::equals);
      return bench
          .row("E24", runs, runs)
          .note(
              (settled ? "" : "!settled before; ") + (letter ? "" : "!dead letter; ") + "format 1");
    }
  }
}

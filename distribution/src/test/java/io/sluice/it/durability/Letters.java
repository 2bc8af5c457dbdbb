package io.sluice.it.durability;

import io.sluice.data.Lease;
import io.sluice.disk.DeadLetter;
import io.sluice.disk.DiskFiles;
import io.sluice.disk.Frames;
import io.sluice.disk.Limits;
import io.sluice.disk.LogMeter;
import io.sluice.disk.Opened;
import io.sluice.disk.Read;
import io.sluice.disk.SegmentLog;
import io.sluice.disk.Store;
import io.sluice.telemetry.Log;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/// What a directory of ours holds, read when no process has it open.
final class Letters {
  private Letters() {}

  /// @param words of the destination, by item
  record Content(Map<Long, DeadLetter> words, Set<Long> items) {}

  static Content dead(Path directory, String queue, Requests requests) {
    return read(directory.resolve(Store.DEAD_LETTERS), queue, requests);
  }

  static Content waiting(Path directory, String queue, Requests requests) {
    return read(directory, queue, requests);
  }

  private static Content read(Path directory, String queue, Requests requests) {
    var words = new HashMap<Long, DeadLetter>();
    Set<Long> items = ConcurrentHashMap.newKeySet();
    if (!Files.isDirectory(directory)) {
      return new Content(words, items);
    }
    var log =
        new SegmentLog(
            DiskFiles.in(directory),
            Limits.of(0, Duration.ZERO, false),
            new SegmentLog.Surroundings(
                Frames.NONE,
                InstantSource.system(),
                System::nanoTime,
                new SplittableRandom(1),
                LogMeter.NONE,
                Log.NONE),
            () -> {});
    var claim = log.destination(queue).claim(() -> {}, (_, _) -> {});
    if (!(log.open() instanceof Opened.Ready)) {
      throw new AssertionError("cannot open " + directory);
    }
    claim.begin();
    while (claim.next(_ -> Lease.NONE) instanceof Read.Next(var entry)) {
      var letter = entry.letter();
      requests.read(
          entry.batch().otlp().flatten().toArray(),
          item -> {
            items.add(item);
            if (letter != null) {
              words.put(item, letter);
            }
          },
          strange -> {
            throw new AssertionError(directory + " holds what nobody sent: " + strange);
          });
    }
    claim.release();
    claim.next(_ -> Lease.NONE);
    log.close();
    return new Content(words, items);
  }
}

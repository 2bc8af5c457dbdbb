package io.sluice.distribution.queue;

import io.sluice.data.Lease;
import io.sluice.disk.DiskFiles;
import io.sluice.disk.Files;
import io.sluice.disk.Frames;
import io.sluice.disk.Limits;
import io.sluice.disk.LogMeter;
import io.sluice.disk.ReadOnlyFiles;
import io.sluice.disk.SegmentLog;
import io.sluice.disk.Store;
import io.sluice.extensions.admin.Answer;
import io.sluice.extensions.admin.QueueCalls;
import io.sluice.extensions.filestorage.CodecFrames;
import io.sluice.telemetry.Log;
import io.sluice.telemetry.Why;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/// Answers from the files of one directory: as a reader who changes nothing, or as the one process that has
/// it.
final class FilesCaller implements Caller {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration OPEN_MAX = Duration.ofMinutes(10);

  /// Of a directory that another process works in, segments go away between looking and opening.
  private static final int LOOKS_MAX = 5;

  private final Path directory;
  private final Store store;
  private final QueueCalls calls;

  private FilesCaller(Path directory, Store store) {
    this.directory = directory;
    this.store = store;
    calls = new QueueCalls(() -> Map.of("", store), _ -> Lease.NONE, false);
  }

  static FilesCaller reading(Path directory) {
    for (int i = 1; ; i++) {
      try {
        return opened(directory, new ReadOnlyFiles(directory));
      } catch (QueueException e) {
        if (i == LOOKS_MAX) {
          throw e;
        }
      }
    }
  }

  static FilesCaller claiming(Path directory) {
    return opened(directory, DiskFiles.in(directory));
  }

  static Frames frames() {
    return new CodecFrames();
  }

  private static FilesCaller opened(Path directory, Files files) {
    var store =
        new Store(
            "cli",
            files,
            Limits.of(0, Duration.ZERO, false),
            Limits.ofLetters(0),
            new SegmentLog.Surroundings(
                frames(),
                InstantSource.system(),
                System::nanoTime,
                RandomGenerator.of("SecureRandom"),
                LogMeter.NONE,
                Log.NONE));
    try {
      store
          .open(PATIENCE)
          .toCompletionStage()
          .toCompletableFuture()
          .get(OPEN_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw QueueException.failed(
          directory + ": cannot be used: " + Why.of(e.getCause() == null ? e : e.getCause()));
    } catch (TimeoutException _) {
      throw QueueException.failed(
          directory + ": was not read in " + OPEN_MAX.toMinutes() + " minutes");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw QueueException.failed("interrupted");
    }
    return new FilesCaller(directory, store);
  }

  @Override
  public String place() {
    return directory.toString();
  }

  @Override
  public Answer call(String call, Map<String, String> parameters) {
    return calls.answer(call, parameters);
  }

  @Override
  public void close() {
    store.close().toCompletionStage().toCompletableFuture().join();
  }
}

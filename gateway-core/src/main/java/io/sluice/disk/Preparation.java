package io.sluice.disk;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// Takes the room for the next segment ahead of time and aside, so that no answer waits until zeros are
/// written. The zeros are written on another thread; the rest is for the log's own.
final class Preparation {
  static final String FILE = "next" + Segments.ASIDE;

  /// Each is forced: what the disk has to write when somebody waits for another file is never much more.
  private static final long PIECE_BYTES = 1 << 20;

  private static final long LOOK_AGAIN_NANOS = 100_000;

  private enum Stage {
    IDLE,
    /// No thread is at it yet.
    WANTED,
    UNDER_WAY,
    /// There is a file, whole or not.
    READY,
    FAILED
  }

  private final Files files;
  private final Executor aside;
  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.IDLE);
  private volatile boolean enough;

  Preparation(Files files, Executor aside) {
    this.files = files;
    this.aside = aside;
  }

  boolean idle() {
    return stage.get() == Stage.IDLE;
  }

  void begin(long bytes) {
    enough = false;
    stage.set(Stage.WANTED);
    aside.execute(() -> {
      if (stage.compareAndSet(Stage.WANTED, Stage.UNDER_WAY)) {
        var end = Stage.FAILED;
        try {
          end = prepare(bytes);
        } finally {
          stage.set(end); // somebody may wait for it
        }
      }
    });
  }

  private Stage prepare(long bytes) {
    try {
      files.delete(FILE);
      try (var file = files.create(FILE)) {
        for (long done = 0; done < bytes && !enough; ) {
          done = Math.min(bytes, done + PIECE_BYTES);
          file.allocate(done);
          file.force();
        }
      }
      return Stage.READY;
    } catch (IOException _) { // the next segment takes its room itself then
      return Stage.FAILED;
    }
  }

  /// @return whether there is a file, [#FILE], that was not there when this was asked before
  boolean taken() throws IOException {
    var now = stage.get();
    if (now == Stage.READY || now == Stage.FAILED) {
      stage.set(Stage.IDLE);
    }
    if (now == Stage.FAILED) {
      files.delete(FILE);
    }
    return now == Stage.READY;
  }

  /// What is under way goes on no further than the piece it is at; what is there is used. Two who write
  /// zeros at the same time would take twice as long.
  void hurry() {
    enough = true;
    if (stage.compareAndSet(Stage.WANTED, Stage.IDLE)) {
      return;
    }
    while (stage.get() == Stage.UNDER_WAY) {
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }
}

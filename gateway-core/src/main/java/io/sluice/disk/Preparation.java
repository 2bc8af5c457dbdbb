package io.sluice.disk;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

/// Takes the room for the next segment ahead of time and aside, so that no answer waits until zeros are
/// written. [#begin] and [#end] are for the log's own thread; the zeros are written on another.
final class Preparation {
  static final String FILE = "next" + Segments.ASIDE;

  /// Each is forced: what the disk has to write when somebody waits for another file is never much more.
  private static final long PIECE_BYTES = 1 << 20;

  private enum Stage {
    IDLE,
    UNDER_WAY,
    READY,
    FAILED
  }

  private final Files files;
  private final Executor aside;
  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.IDLE);
  private volatile boolean over;

  Preparation(Files files, Executor aside) {
    this.files = files;
    this.aside = aside;
  }

  boolean idle() {
    return stage.get() == Stage.IDLE;
  }

  void begin(long bytes) {
    stage.set(Stage.UNDER_WAY);
    aside.execute(() -> stage.set(prepare(bytes)));
  }

  private Stage prepare(long bytes) {
    try {
      files.delete(FILE);
      try (var file = files.create(FILE)) {
        for (long done = 0; done < bytes && !over; ) {
          done = Math.min(bytes, done + PIECE_BYTES);
          file.allocate(done);
          file.force();
        }
      }
      return over ? Stage.FAILED : Stage.READY;
    } catch (IOException _) { // the next segment takes its room itself then
      return Stage.FAILED;
    }
  }

  /// @return whether the room is there, in [#FILE], and has not been asked for
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

  /// What is under way goes on no further; the next start removes it.
  void end() {
    over = true;
  }
}

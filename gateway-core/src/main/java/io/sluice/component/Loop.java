package io.sluice.component;

import java.time.Duration;

/// One thread that runs tasks one after the other; a graph lives on one.
///
/// Components know this and not whose event loop it is. Time comes from here too, so that a test can
/// hold it still.
public interface Loop {
  /// Which transport reads and writes on this loop without leaving it.
  enum Family {
    GRPC,
    HTTP
  }

  Family family();

  void execute(Runnable task);

  /// Runs the task on this loop after the delay.
  Timer schedule(Duration delay, Runnable task);

  boolean inLoop();

  /// Monotonic, for intervals.
  long nanoTime();

  @FunctionalInterface
  interface Timer {
    void cancel();
  }
}

package io.sluice.exporters.file;

import io.sluice.component.Loop;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A loop with a thread of its own, for what really hands over.
final class LoopThread implements Loop, AutoCloseable {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("test-loop").factory());

  @Override
  public Family family() {
    return Family.HTTP;
  }

  @Override
  public void execute(Runnable task) {
    thread.execute(task);
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    throw new UnsupportedOperationException("no timers here");
  }

  @Override
  public boolean inLoop() {
    return Thread.currentThread().getName().equals("test-loop");
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}

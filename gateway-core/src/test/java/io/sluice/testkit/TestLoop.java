package io.sluice.testkit;

import io.sluice.component.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/// A loop on the test's own thread. Time stands still until [#advance].
public final class TestLoop implements Loop {
  private final Family family;
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final PriorityQueue<Scheduled> timers =
      new PriorityQueue<>(
          Comparator.comparingLong(Scheduled::at).thenComparingLong(Scheduled::order));
  private long now;
  private long order;

  public TestLoop() {
    this(Family.HTTP);
  }

  public TestLoop(Family family) {
    this.family = family;
  }

  private record Scheduled(long at, long order, Runnable task) {}

  @Override
  public Family family() {
    return family;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    var scheduled = new Scheduled(now + delay.toNanos(), order++, task);
    timers.add(scheduled);
    return () -> timers.remove(scheduled);
  }

  @Override
  public boolean inLoop() {
    return true;
  }

  @Override
  public long nanoTime() {
    return now;
  }

  /// Runs what waits, without moving the clock.
  public void run() {
    while (turn()) {
      // until nothing waits
    }
  }

  /// Runs what waits longest; false if nothing does.
  public boolean turn() {
    var task = tasks.poll();
    if (task == null) {
      return false;
    }
    task.run();
    return true;
  }

  /// Moves the clock, running on the way all that falls due.
  public void advance(Duration by) {
    long end = now + by.toNanos();
    run();
    while (!timers.isEmpty() && timers.peek().at() <= end) {
      var due = timers.remove();
      now = due.at();
      due.task().run();
      run();
    }
    now = end;
  }

  public int timers() {
    return timers.size();
  }
}

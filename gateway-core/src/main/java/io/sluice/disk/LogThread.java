package io.sluice.disk;

import io.sluice.telemetry.Log;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// The thread that writes. Nobody interrupts it: an interrupt would close the files it has open.
///
/// What is appended while it waits for a disk waits for its next turn; so groups grow with the load, and
/// nothing waits when there is none.
final class LogThread {
  /// Marks, ages and retries are looked after this often when nothing else happens.
  private static final long TICK_MS = 500;

  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

  /// The last task is among them.
  private boolean ending;

  private final AtomicBoolean woken = new AtomicBoolean();
  private final List<SegmentLog> logs;
  private final Log log;
  private final String name;
  private volatile boolean over;

  /// @param logs that it works for
  LogThread(String name, List<SegmentLog> logs, Log log) {
    this.name = name;
    this.logs = logs;
    this.log = log;
  }

  void start() {
    Thread.ofPlatform().daemon().name(name).start(this::run);
  }

  /// There is work.
  void wake() {
    if (!woken.getAndSet(true)) {
      tasks.add(() -> {});
    }
  }

  /// @return whether it will be run: not behind the last
  synchronized boolean execute(Runnable task) {
    return !ending && tasks.add(task);
  }

  /// The task is the last, unless there is such a one.
  synchronized void end(Runnable task) {
    execute(() -> {
      over = true;
      task.run();
    });
    ending = true;
  }

  private void run() {
    while (!over) {
      try {
        var task = tasks.poll(TICK_MS, TimeUnit.MILLISECONDS);
        woken.set(false);
        if (task != null) {
          task.run();
        }
        logs.forEach(SegmentLog::work);
      } catch (InterruptedException _) { // nobody does
      } catch (RuntimeException | Error bug) { // whoever waits for an answer waits for this thread
        log.error("Bug in a storage", "error", bug.toString());
      }
    }
  }
}

package io.sluice.exporters.file;

import io.sluice.component.ComponentContext;
import io.sluice.component.Exporter;
import io.sluice.component.Status;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.pipeline.Outcome;
import io.sluice.telemetry.Why;
import io.sluice.wire.Rope;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Hands batches to the thread that owns the files, and its answers back to the loop.
///
/// What waits is written as one group. If a write fails, the batch is refused and its torn bytes are
/// cut off, so that a retry leaves no half line behind.
final class FileExporter implements Exporter {
  /// Batches between loop and thread. Their bytes are bounded by the gateway's budget.
  private static final int WAITING_MAX = 256;

  private static final Batch NO_BATCH = Batch.of(Signal.LOGS, Rope.EMPTY, 0);

  /// A batch and who waits for it; the one without a batch is the last.
  private record Task(Batch batch, Promise<Outcome> answer, boolean last) {}

  private final FileConfig config;
  private final ComponentContext context;
  private final BlockingQueue<Task> tasks = new ArrayBlockingQueue<>(WAITING_MAX);

  /// Not answered yet; the writing thread's, and the loop's when that has ended.
  private final ArrayDeque<Task> taken = new ArrayDeque<>();

  private final Promise<Void> stopped = Promise.promise();
  private final Destination destination;
  private boolean running;

  FileExporter(FileConfig config, ComponentContext context) {
    this(config, context, destination(config, context));
  }

  FileExporter(FileConfig config, ComponentContext context, Destination destination) {
    this.config = config;
    this.context = context;
    this.destination = destination;
  }

  private static Destination destination(FileConfig config, ComponentContext context) {
    var framing = new Framing(config);
    var processStart = context.health().startedAt();
    return config.groupBy().enabled()
        ? new GroupedFiles(config, framing, context.clock(), processStart)
        : new SingleFile(config, framing, context.clock(), processStart);
  }

  @Override
  public Future<Void> start() {
    var started = Promise.<Void>promise();
    running = true;
    Thread.ofPlatform().name("sluice-file-" + context.id()).daemon().start(() -> run(started));
    return started.future();
  }

  @Override
  public Future<Void> stop() {
    if (!running) {
      return Future.succeededFuture();
    }
    running = false;
    var last = new Task(NO_BATCH, Promise.promise(), true);
    if (!tasks.offer(last)) {
      Thread.ofVirtual().start(() -> putLast(last));
    }
    return stopped.future();
  }

  private void putLast(Task last) {
    try {
      tasks.put(last);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Future<Outcome> accept(Batch batch) {
    if (!running) {
      return Outcome.refused("file: not running").now();
    }
    var task = new Task(batch, Promise.promise(), false);
    return tasks.offer(task)
        ? task.answer().future()
        : Outcome.refused("file: " + WAITING_MAX + " batches wait to be written").now();
  }

  private void run(Promise<Void> started) {
    try {
      destination.open();
    } catch (Exception | Error e) {
      context.loop().execute(() -> failedToStart(started, e));
      return;
    }
    context.loop().execute(started::complete);
    try {
      while (write()) {}
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (Error e) {
      context.log().error("Cannot write any more", "error", e);
      context.status().report(Status.State.PERMANENT_ERROR, "stopped writing: " + e);
    } finally {
      close();
    }
  }

  private void failedToStart(Promise<Void> started, Throwable e) {
    running = false;
    var why = Why.of(e);
    started.fail(
        new IOException(why.contains(config.path()) ? why : config.path() + ": " + why, e));
  }

  /// Writes all that waits; false when the last task has been seen.
  private boolean write() throws InterruptedException {
    taken.add(tasks.take());
    tasks.drainTo(taken);
    boolean more = true;
    for (var task = taken.peek(); task != null; task = taken.peek()) {
      if (task.last()) {
        more = false;
      } else {
        answer(task, outcome(task.batch()));
      }
      taken.remove();
    }
    return more;
  }

  private Outcome outcome(Batch batch) {
    try {
      destination.write(batch);
      return new Outcome.Accepted();
    } catch (IOException | UncheckedIOException e) {
      context.status().recoverable("cannot write: " + Why.of(e));
      return Outcome.refused("file: " + Why.of(e));
    } catch (RuntimeException e) {
      context.log().error("Cannot write a batch", "error", e);
      return new Outcome.Rejected(Outcome.Fault.INTERNAL, "file: " + e);
    }
  }

  private void answer(Task task, Outcome outcome) {
    context
        .loop()
        .execute(() -> {
          if (outcome.taken()) {
            context.status().ok();
          }
          task.answer().complete(outcome);
        });
  }

  private void close() {
    try {
      destination.close();
    } catch (IOException | RuntimeException e) {
      context.log().warn("Cannot close file", "path", config.path(), "error", e);
    } finally {
      context.loop().execute(this::ended);
    }
  }

  /// On the loop, where nothing is added meanwhile. Nobody is left who could write what waits.
  private void ended() {
    running = false;
    tasks.drainTo(taken);
    for (var task : taken) {
      task.answer().tryComplete(Outcome.refused("file: not running"));
    }
    taken.clear();
    stopped.complete();
  }
}

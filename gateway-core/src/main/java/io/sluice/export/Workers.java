package io.sluice.export;

import io.sluice.data.Batch;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// `num_consumers`: so many batches at the same time, the others wait their turn. Confined to one loop.
final class Workers implements BatchSink, Drain {
  private final int workersMax;
  private final BatchSink next;
  private final Runnable freed;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private boolean draining;
  private int working;

  private record Waiting(Batch batch, Promise<Outcome> answer) {}

  /// @param freed is called when a worker has become free and nothing waits for one
  Workers(int workersMax, BatchSink next, Runnable freed) {
    this.freed = freed;
    this.workersMax = workersMax;
    this.next = next;
  }

  @Override
  public boolean busy() {
    return full() || !waiting.isEmpty();
  }

  private boolean full() {
    return working >= workersMax;
  }

  @Override
  public void take(Batch batch, Consumer<Outcome> settled) {
    accept(batch).onComplete(result -> settled.accept(Outcomes.of(result)));
  }

  @Override
  public void flush() {}

  @Override
  public Future<Outcome> accept(Batch batch) {
    if (busy()) {
      var later = new Waiting(batch, Promise.promise());
      waiting.add(later);
      return later.answer().future();
    }
    return work(batch);
  }

  private Future<Outcome> work(Batch batch) {
    working++;
    var answer = begun(batch);
    if (answer.isComplete()) {
      done();
      return answer;
    }
    return answer.onComplete(_ -> done());
  }

  /// A worker that is never done would be missed for good.
  private Future<Outcome> begun(Batch batch) {
    try {
      return next.accept(batch);
    } catch (RuntimeException bug) {
      return Future.failedFuture(bug);
    }
  }

  private void done() {
    working--;
    if (draining) {
      return;
    }
    draining = true;
    while (!waiting.isEmpty() && !full()) {
      var later = waiting.remove();
      work(later.batch()).onComplete(later.answer());
    }
    draining = false;
    if (!busy()) {
      freed.run();
    }
  }
}

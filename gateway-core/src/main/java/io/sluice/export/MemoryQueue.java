package io.sluice.export;

import io.sluice.component.QueueConfig;
import io.sluice.data.Batch;
import io.sluice.data.Lease;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// `sending_queue` in memory: answers at once, delivers later, in the order of arrival.
///
/// Its size counts what is in flight too and falls only when a batch is settled. A queued batch holds its
/// own share of the gateway's byte budget until it is settled. Confined to one loop but for its [Gate].
final class MemoryQueue implements SendingQueue, Gate.Inside {
  private final QueueConfig config;
  private final Drain drain;
  private final Consumer<Batch> enqueued;
  private final Consumer<Batch> settled;
  private final BiConsumer<Batch, String> overflow;
  private final Gate gate;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private final Promise<Void> drained = Promise.promise();
  private boolean pumping;
  private volatile boolean stopping;

  private record Entry(Batch batch, Lease lease, @Nullable Promise<Outcome> result) {}

  /// @param enqueued hears of each batch that is now in the queue
  /// @param settled hears of each batch that has left it
  /// @param overflow hears of each batch that finds no room, and why; called on any loop
  MemoryQueue(
      QueueConfig config,
      Drain drain,
      Consumer<Batch> enqueued,
      Consumer<Batch> settled,
      BiConsumer<Batch, String> overflow) {
    this.config = config;
    this.drain = drain;
    this.enqueued = enqueued;
    this.settled = settled;
    this.overflow = overflow;
    gate = new Gate(config, this, () -> 0);
  }

  @Override
  public Gate gate() {
    return gate;
  }

  @Override
  public void overflowed(Batch batch, String reason) {
    overflow.accept(batch, reason);
  }

  /// What was promised and does not come may be the last that a stop waits for.
  @Override
  public void release(Batch batch) {
    gate.release(batch);
    endIfEmpty();
  }

  @Override
  public Future<Outcome> acceptReserved(Batch batch) {
    var answer = gate.acceptReserved(batch);
    endIfEmpty();
    return answer;
  }

  private void endIfEmpty() {
    if (stopping && gate.size() == 0) {
      drained.tryComplete();
    }
  }

  /// Lets the drain have what it can take, then completes when nothing is left.
  @Override
  public Future<Void> stop() {
    stopping = true;
    gate.close();
    pump();
    return drained.future();
  }

  @Override
  public void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      while (!entries.isEmpty() && !drain.busy()) {
        var entry = entries.remove();
        drain.take(entry.batch(), outcome -> settle(entry, outcome));
      }
    } finally {
      pumping = false; // a bug costs one batch, not the queue
    }
    if (stopping && entries.isEmpty()) {
      drain.flush();
      endIfEmpty();
    }
  }

  @Override
  public Future<Outcome> enter(Batch batch) {
    Promise<Outcome> result = config.waitForResult() ? Promise.promise() : null;
    enqueued.accept(batch);
    entries.add(new Entry(batch, batch.lease().share(), result));
    pump();
    return result == null ? Outcome.accepted() : result.future();
  }

  private void settle(Entry entry, Outcome outcome) {
    gate.left(entry.batch());
    settled.accept(entry.batch());
    entry.lease().close();
    if (entry.result() != null) {
      entry.result().complete(outcome);
    }
    gate.admit();
    pump();
  }
}

package io.sluice.export;

import io.sluice.component.QueueConfig;
import io.sluice.data.Batch;
import io.sluice.data.Lease;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// `sending_queue` in memory: answers at once, delivers later, in the order of arrival.
///
/// Its size counts what is in flight too and falls only when a batch is settled. The size is atomic,
/// for reservations come from any loop; the rest lives on one loop. A queued batch holds its own share
/// of the gateway's byte budget until it is settled.
final class MemoryQueue implements SendingQueue {
  private static final String FULL = "sending queue is full";

  private final QueueConfig config;
  private final Drain drain;
  private final Consumer<Batch> enqueued;
  private final Consumer<Batch> settled;
  private final BiConsumer<Batch, String> overflow;
  private final AtomicLong size = new AtomicLong();
  private final Deque<Entry> entries = new ArrayDeque<>();
  private final Deque<Blocked> blocked = new ArrayDeque<>();
  private final Promise<Void> drained = Promise.promise();
  private boolean pumping;
  private volatile boolean stopping;

  private record Entry(Batch batch, Lease lease, @Nullable Promise<Outcome> result) {}

  private record Blocked(Batch batch, Promise<Outcome> answer) {}

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
  }

  @Override
  public long size() {
    return size.get();
  }

  @Override
  public long capacity() {
    return config.queueSize();
  }

  @Override
  public Future<Outcome> accept(Batch batch) {
    if (batch.isEmpty()) {
      return Outcome.accepted();
    }
    var refusal = reserve(batch);
    return refusal == null ? acceptReserved(batch) : refusal.now();
  }

  /// A queue that blocks when full promises nothing: it waits in [#acceptReserved].
  @Override
  public @Nullable Outcome reserve(Batch batch) {
    long units = unitsOf(batch);
    if (units > config.queueSize()) {
      var reason =
          "element size too large: %d %s, queue_size is %d"
              .formatted(units, config.unit(), config.queueSize());
      overflow.accept(batch, reason);
      return new Outcome.Rejected(Outcome.Fault.TOO_LARGE, reason);
    }
    if (config.blockOnOverflow() || grow(units)) {
      return null;
    }
    overflow.accept(batch, FULL);
    return Outcome.refused(FULL);
  }

  @Override
  public void release(Batch batch) {
    if (!config.blockOnOverflow() && size.addAndGet(-unitsOf(batch)) == 0 && stopping) {
      drained.tryComplete();
    }
  }

  @Override
  public Future<Outcome> acceptReserved(Batch batch) {
    if (stopping) {
      release(batch);
      return Outcome.refused("shutting down").now();
    }
    if (config.blockOnOverflow() && (!blocked.isEmpty() || !grow(unitsOf(batch)))) {
      var waiting = new Blocked(batch, Promise.promise());
      blocked.add(waiting);
      return waiting.answer().future();
    }
    return enqueue(batch);
  }

  /// Lets the drain have what it can take, then completes when nothing is left.
  @Override
  public Future<Void> stop() {
    stopping = true;
    blocked.forEach(waiting -> waiting.answer().complete(Outcome.refused("shutting down")));
    blocked.clear();
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
      if (size.get() == 0) {
        drained.tryComplete();
      }
    }
  }

  private Future<Outcome> enqueue(Batch batch) {
    Promise<Outcome> result = config.waitForResult() ? Promise.promise() : null;
    enqueued.accept(batch);
    entries.add(new Entry(batch, batch.lease().share(), result));
    pump();
    return result == null ? Outcome.accepted() : result.future();
  }

  private void settle(Entry entry, Outcome outcome) {
    size.addAndGet(-unitsOf(entry.batch()));
    settled.accept(entry.batch());
    entry.lease().close();
    if (entry.result() != null) {
      entry.result().complete(outcome);
    }
    admitBlocked();
    pump();
  }

  private void admitBlocked() {
    while (!blocked.isEmpty() && grow(unitsOf(blocked.getFirst().batch()))) {
      var next = blocked.removeFirst();
      enqueue(next.batch()).onComplete(next.answer());
    }
  }

  private boolean grow(long units) {
    while (true) {
      long now = size.get();
      if (now + units > config.queueSize()) {
        return false;
      }
      if (size.compareAndSet(now, now + units)) {
        return true;
      }
    }
  }

  private long unitsOf(Batch batch) {
    return switch (config.unit()) {
      case REQUESTS -> 1;
      case ITEMS -> batch.items();
      case BYTES -> batch.sizeInBytes();
    };
  }
}

package io.sluice.export;

import io.sluice.component.QueueConfig;
import io.sluice.data.Batch;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.ReservingSink;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Who may come into a queue: its capacity in units of the sizer, room that is promised, and those who wait
/// for room.
///
/// Figures are atomic, for reservations come from any loop; the rest is confined to the queue's loop.
final class Gate implements ReservingSink {
  private static final String FULL = "sending queue is full";

  /// The queue behind it.
  interface Inside {
    /// Takes a batch; its units are counted until [#left].
    Future<Outcome> enter(Batch batch);

    /// A batch finds no room, and why. On any loop.
    void overflowed(Batch batch, String reason);
  }

  private final QueueConfig config;
  private final Inside inside;
  private final LongSupplier elsewhere;
  private final AtomicLong units = new AtomicLong();
  private final Deque<Blocked> blocked = new ArrayDeque<>();
  private volatile boolean closed;

  private record Blocked(Batch batch, Promise<Outcome> answer) {}

  /// @param elsewhere units in the queue that are not counted here. What moves there may count twice for a
  ///     moment: the queue may look fuller than it is, never emptier
  Gate(QueueConfig config, Inside inside, LongSupplier elsewhere) {
    this.config = config;
    this.inside = inside;
    this.elsewhere = elsewhere;
  }

  long size() {
    return units.get() + elsewhere.getAsLong();
  }

  long capacity() {
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

  /// A queue that blocks when full promises nothing: batches wait in [#acceptReserved].
  @Override
  public @Nullable Outcome reserve(Batch batch) {
    long wanted = unitsOf(batch);
    if (wanted > config.queueSize()) {
      var reason =
          "element size too large: %d %s, queue_size is %d"
              .formatted(wanted, config.unit(), config.queueSize());
      inside.overflowed(batch, reason);
      return new Outcome.Rejected(Outcome.Fault.TOO_LARGE, reason);
    }
    if (config.blockOnOverflow() || grow(wanted)) {
      return null;
    }
    inside.overflowed(batch, FULL);
    return Outcome.refused(FULL);
  }

  @Override
  public void release(Batch batch) {
    if (!config.blockOnOverflow()) {
      left(batch);
    }
  }

  @Override
  public Future<Outcome> acceptReserved(Batch batch) {
    if (closed) {
      release(batch);
      return Outcome.refused("shutting down").now();
    }
    if (config.blockOnOverflow() && (!blocked.isEmpty() || !grow(unitsOf(batch)))) {
      var waiting = new Blocked(batch, Promise.promise());
      blocked.add(waiting);
      return waiting.answer().future();
    }
    return inside.enter(batch);
  }

  /// It takes no room here any more.
  void left(Batch batch) {
    units.addAndGet(-unitsOf(batch));
  }

  /// There may be room for those who wait.
  void admit() {
    while (!blocked.isEmpty() && grow(unitsOf(blocked.getFirst().batch()))) {
      var next = blocked.removeFirst();
      inside.enter(next.batch()).onComplete(next.answer());
    }
  }

  /// Nobody comes in any more.
  void close() {
    closed = true;
    blocked.forEach(waiting -> waiting.answer().complete(Outcome.refused("shutting down")));
    blocked.clear();
  }

  private boolean grow(long more) {
    while (true) {
      long now = units.get();
      if (now + elsewhere.getAsLong() + more > config.queueSize()) {
        return false;
      }
      if (units.compareAndSet(now, now + more)) {
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

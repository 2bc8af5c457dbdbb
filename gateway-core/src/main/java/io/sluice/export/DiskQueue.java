package io.sluice.export;

import io.sluice.component.Budget;
import io.sluice.component.Loop;
import io.sluice.component.QueueConfig;
import io.sluice.data.Batch;
import io.sluice.data.Lease;
import io.sluice.disk.Appended;
import io.sluice.disk.Counts;
import io.sluice.disk.Destination;
import io.sluice.disk.Entry;
import io.sluice.disk.Loss;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.Executor;

/// `sending_queue` with a `storage`: answers when a batch is on stable storage, reads back what is there
/// and settles it after it was delivered, or is a dead letter: in the order it was stored, unless there is a backlog
/// ([io.sluice.disk.Claim]).
///
/// What it counts is what the log has for this destination, so it is the same after a restart. Bytes read
/// back are charged to the gateway's budget until they are settled, and only a part of it is used, so the
/// backlog never fills the memory. When it stops, what is not delivered stays on disk.
final class DiskQueue implements SendingQueue, Gate.Inside {
  /// How long a stop waits for answers that are on their way; what comes later is sent again.
  private static final Duration STOP_GRACE = Duration.ofSeconds(5);

  /// What a queue stands between.
  ///
  /// @param readers may block
  /// @param inOrder whether a backlog goes out before what is new
  record Place(
      Destination stored,
      DeadLetters deadLetters,
      Executor readers,
      Loop loop,
      Budget budget,
      boolean inOrder) {
    Place(Destination stored, DeadLetters deadLetters, Executor readers, Loop loop, Budget budget) {
      this(stored, deadLetters, readers, loop, budget, false);
    }
  }

  /// Hears of what becomes of batches.
  interface Meter {
    /// It is on stable storage.
    void stored(Batch batch);

    /// It finds no room, or cannot be stored, and why. On any loop.
    void overflowed(Batch batch, String reason);

    /// It is settled. What it held is held no more.
    void settled(Batch batch);

    /// It came to its end, but too late: it will be delivered again.
    void again(Batch batch);

    /// It stands among the dead letters, whole.
    void deadLettered(Batch batch);

    /// They will never be delivered. On any thread.
    void lost(Loss loss, Counts counts);

    /// What was there when the storage was opened. Once, by one queue.
    void found(Counts counts);
  }

  private final QueueConfig config;
  private final Place place;
  private final Drain drain;
  private final Meter meter;
  private final Readback readback;

  /// Counts what is on its way to the disk; what is there the log counts.
  private final Gate gate;

  private final Promise<Void> drained = Promise.promise();
  private int taken;
  private boolean closing;
  private boolean stopping;
  private boolean released;
  private boolean found;
  private Runnable noMoreFromElsewhere = () -> {};

  DiskQueue(QueueConfig config, Place place, Drain drain, Meter meter) {
    this.config = config;
    this.place = place;
    this.drain = drain;
    this.meter = meter;
    gate = new Gate(config, this, this::stored);
    readback = new Readback(place, meter::lost, this::look);
  }

  /// Reads from now on, as soon as the storage is open and nobody else does.
  void begin() {
    noMoreFromElsewhere = place.stored().admit(this::acceptAnywhere);
    readback.begin();
  }

  private Future<Outcome> acceptAnywhere(Batch batch) {
    Promise<Outcome> answer = Promise.promise();
    place.loop().execute(() -> accept(batch).onComplete(answer));
    return answer.future();
  }

  @Override
  public Gate gate() {
    return gate;
  }

  @Override
  public void overflowed(Batch batch, String reason) {
    meter.overflowed(batch, reason);
  }

  private long stored() {
    var counts = place.stored().unsettled();
    return switch (config.unit()) {
      case REQUESTS -> counts.records();
      case ITEMS -> counts.items();
      case BYTES -> counts.bytes();
    };
  }

  @Override
  public Future<Outcome> enter(Batch batch) {
    Promise<Outcome> answer = Promise.promise();
    var lease = batch.lease().share();
    place
        .stored()
        .append(
            batch,
            appended -> {
              if (!(appended instanceof Appended.Stored)) {
                gate.left(batch);
              }
              place
                  .loop()
                  .execute(() -> {
                    answer.complete(stored(batch, lease, appended));
                    gate.admit(); // nothing else may come that does
                  });
            });
    return answer.future();
  }

  private Outcome stored(Batch batch, Lease lease, Appended appended) {
    lease.close();
    return switch (appended) {
      case Appended.Stored _ -> {
        gate.left(batch);
        meter.stored(batch);
        yield new Outcome.Accepted();
      }
      case Appended.Refused(var reason, var delay) -> {
        meter.overflowed(batch, reason);
        yield new Outcome.Refused(Outcome.Pressure.UNAVAILABLE, delay, reason);
      }
      case Appended.TooLarge(var reason) -> {
        meter.overflowed(batch, reason);
        yield new Outcome.Rejected(Outcome.Fault.TOO_LARGE, reason);
      }
    };
  }

  @Override
  public void pump() {
    findBacklog();
    while (!closing && !drain.busy()) {
      var entry = readback.poll();
      if (entry == null) {
        readback.read();
        return;
      }
      take(entry);
    }
  }

  /// There may be more to take, or nothing on its way any more.
  private void look() {
    gate.admit(); // room is not only made here
    pump();
    finish();
  }

  private void findBacklog() {
    if (!found && readback.open()) {
      found = true;
      place.stored().takeBacklog().ifPresent(meter::found);
    }
  }

  private void take(Entry entry) {
    taken++;
    drain.take(entry.batch(), outcome -> ended(entry, outcome));
  }

  private void ended(Entry entry, Outcome outcome) {
    switch (outcome) {
      case Outcome.Accepted _, Outcome.Partial _ -> settle(entry);
      case Outcome.Refused _ when closing -> leave(entry);
      case Outcome.Refused _, Outcome.Rejected _ -> bury(entry, outcome);
    }
  }

  private void settle(Entry entry) {
    if (readback.settle(entry)) {
      meter.settled(entry.batch());
    } else {
      meter.again(entry.batch());
    }
    over(entry);
    gate.admit();
    pump();
    finish();
  }

  /// It stays on disk.
  private void leave(Entry entry) {
    over(entry);
    finish();
  }

  private void over(Entry entry) {
    entry.batch().lease().close();
    taken--;
  }

  /// A dead letter must be on stable storage before the batch is settled; until it can be, it is held.
  private void bury(Entry entry, Outcome outcome) {
    place
        .deadLetters()
        .keep(
            entry.batch(),
            outcome,
            kept -> {
              if (kept) {
                meter.deadLettered(entry.batch());
                settle(entry);
              } else {
                leave(entry);
              }
            });
  }

  @Override
  public Future<Void> stop() {
    stopping = true;
    gate.close();
    endReading();
    finish();
    return drained.future();
  }

  /// Takes still, but sends nothing more than what is on its way.
  void endReading() {
    if (!closing) {
      closing = true;
      noMoreFromElsewhere.run();
      readback.end();
      place.deadLetters().close();
      drain.flush();
      place.loop().schedule(STOP_GRACE, this::letGo);
    }
  }

  private void finish() {
    if (stopping && (released || (taken == 0 && !readback.reading()))) {
      letGo();
    }
  }

  /// What is read and not settled is there for the next who claims.
  private void letGo() {
    if (!released) {
      released = true;
      readback.release();
    }
    if (stopping) {
      drained.tryComplete();
    }
  }
}

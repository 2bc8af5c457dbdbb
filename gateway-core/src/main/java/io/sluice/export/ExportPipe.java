package io.sluice.export;

import io.sluice.component.ComponentContext;
import io.sluice.component.ComponentId;
import io.sluice.component.Delivery;
import io.sluice.component.Joining;
import io.sluice.component.Loop;
import io.sluice.component.QueueConfig;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.disk.Counts;
import io.sluice.disk.Loss;
import io.sluice.disk.Storage;
import io.sluice.disk.Store;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
import io.sluice.telemetry.Book;
import io.sluice.telemetry.Log;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// All that stands before one exporter for one signal. From the outside in:
///
///  1. *queue* (if configured): answers the pipeline, so that all behind it is our own business;
///  2. *batch*: before the workers, since a joined batch is one piece of work;
///  3. *workers*: bound how many are under way;
///  4. *report*: one figure for each batch, whatever the number of attempts;
///  5. *retry*: before the deadline, which is for one attempt;
///  6. *in transit*: bounds the bytes that all destinations are being sent;
///  7. *deadline*, then the exporter.
///
/// Confined to one loop but for reservations. Without a queue the pipeline's own loop calls, and the
/// exporter's answer goes back to it.
public final class ExportPipe {
  private static final String REJECTING = "Exporting failed. Rejecting data.";

  /// Reasons of [Book#dropped].
  private static final String REJECTED = "rejected_by_destination";

  private static final String DEAD_LETTERED = "dead_lettered";

  private final ExportMeters meters;
  private final Joining.Meter joiner;
  private final ComponentContext context;
  private final boolean answersEarly;
  private final Book book;

  /// Where a queue on disk is: an exporter may have another one elsewhere, which is being drained, and one
  /// book for both.
  private final String place;

  private final Log log;
  private final Retrier retrier;
  private final BatchSink inlet;
  private final @Nullable SendingQueue queue;
  private final @Nullable DiskQueue onDisk;
  private final @Nullable Bisection bisection;
  private boolean begun;

  /// What the queue does in place of a stage before it.
  ///
  /// @param meter that stage's own, to be made once
  public record Joined(QueueConfig.Batching how, Supplier<Joining.Meter> meter) {}

  public ExportPipe(
      BatchSink exporter,
      Delivery delivery,
      Signal signal,
      List<String> moreLabels,
      ComponentContext context) {
    this(exporter, delivery, signal, moreLabels, null, context);
  }

  /// @param exporter makes one attempt
  /// @param moreLabels of the sent and failed counters
  /// @param joined null if there is no such stage
  public ExportPipe(
      BatchSink exporter,
      Delivery delivery,
      Signal signal,
      List<String> moreLabels,
      @Nullable Joined joined,
      ComponentContext context) {
    joiner = joined == null ? Joining.Meter.NONE : joined.meter().get();
    this.context = context;
    log = context.log().with("otelcol.signal", signal.toString());
    meters = new ExportMeters(context, signal, moreLabels);
    answersEarly = delivery.queue().map(q -> !q.waitForResult()).orElse(false);
    book = context.telemetry().books().open("exporter:" + context.id() + ":" + signal);
    Loop loop = context.loop();
    var storage = delivery.queue().flatMap(QueueConfig::storage);
    retrier =
        new Retrier(
            delivery.retry(),
            delivery.retry().giveUpAfter(storage.isPresent()),
            delivery.queue().map(QueueConfig::numConsumers).orElse(Pace.UNBOUNDED),
            answersEarly || storage.isPresent(),
            loop,
            log,
            RandomGenerator.getDefault(),
            new InTransit(
                context.budget().sending(),
                abandoning(Deadline.before(exporter, delivery.timeout(), loop))));
    var written = delivery.queue().orElse(null);
    var config = joined == null || written == null ? written : written.joining(joined.how());
    if (config != null && storage.isPresent()) {
      var found = storageOf(storage.get());
      var store = found.store();
      place = found.place();
      var name = context.id() + ":" + signal;
      var letters = new DeadLetters(store.deadLetters(name), loop, this::deadLettered, log);
      bisection = new Bisection(retrier, new SizeLimit(loop), retrier::endsHere, letters);
      onDisk = diskQueue(config, store, name, letters, loop, delivery.inOrder());
    } else {
      bisection =
          config == null
              ? null
              : new Bisection(retrier, new SizeLimit(loop), retrier::endsHere, null);
      onDisk = null;
      place = "";
    }
    queue = onDisk != null ? onDisk : config == null ? null : memoryQueue(config, loop);
    inlet = queue == null ? this::send : queue;
    if (queue != null && written != null) {
      meters.queue(queue, joined == null ? 1 : written.itemsOfBatch(joined.how()));
    }
  }

  /// The exporter runs: what is on disk is read from now on. More than once is as good as once.
  public void begin() {
    if (onDisk != null && !begun) {
      begun = true;
      onDisk.begin();
    }
  }

  /// After an attempt that did not end well, its transport may still hold the bytes.
  private static BatchSink abandoning(BatchSink attempt) {
    return batch -> {
      var answer = begun(attempt, batch);
      if (answer.isComplete() && Outcomes.of(answer).taken()) {
        return answer;
      }
      return answer.onComplete(result -> {
        if (!Outcomes.of(result).taken()) {
          batch.lease().abandon();
        }
      });
    };
  }

  /// Whatever is thrown at the one who begins an attempt is the outcome of it: nobody else would settle
  /// the batch.
  private static Future<Outcome> begun(BatchSink attempt, Batch batch) {
    try {
      return attempt.accept(batch);
    } catch (OutOfMemoryError e) {
      return Outcome.refused("no memory to send it: " + e.getMessage()).now();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private Drain drain(QueueConfig config, Loop loop) {
    var workers = new Workers(config.numConsumers(), this::send, this::pump);
    return config
        .batch()
        .<Drain>map(batching -> new BatchingDrain(config, batching, loop, workers, joiner))
        .orElse(workers);
  }

  private MemoryQueue memoryQueue(QueueConfig config, Loop loop) {
    return new MemoryQueue(
        config,
        drain(config, loop),
        this::enqueued,
        batch -> letGo(batch.items()),
        this::overflowed);
  }

  private Storage storageOf(ComponentId id) {
    if (context.extensions().find(id).orElse(null) instanceof Storage storage) {
      return storage;
    }
    throw new IllegalArgumentException(
        "sending_queue::storage: the extension '" + id + "' is no storage");
  }

  /// @param name of exporter and signal, under which it is found again after a restart or a reload
  private DiskQueue diskQueue(
      QueueConfig config,
      Store store,
      String name,
      DeadLetters letters,
      Loop loop,
      boolean inOrder) {
    var stored = store.queue(name);
    meters.stored(stored, context.clock());
    var at = new DiskQueue.Place(stored, letters, store.readers(), loop, context.budget(), inOrder);
    return new DiskQueue(config, at, drain(config, loop), new StoredBook());
  }

  private void deadLettered(Batch batch, Outcome outcome) {
    meters.deadLettered(batch);
    log.error(
        "Exporting failed. The data is kept as a dead letter.",
        "error",
        reasonOf(outcome),
        "dead_lettered_items",
        batch.items());
  }

  private static String reasonOf(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Rejected(_, var reason) -> reason;
      case Outcome.Refused(_, _, var reason, _) -> reason;
      case Outcome.Partial(_, var reason, _) -> reason;
      case Outcome.Accepted() -> "";
    };
  }

  /// What is held is what is on disk.
  private final class StoredBook implements DiskQueue.Meter {
    @Override
    public void stored(Batch batch) {
      enqueued(batch);
    }

    @Override
    public void overflowed(Batch batch, String reason) {
      ExportPipe.this.overflowed(batch, reason);
    }

    @Override
    public void settled(Batch batch) {
      letGo(batch.items());
    }

    @Override
    public void again(Batch batch) {
      book.received(batch.items());
    }

    @Override
    public void deadLettered(Batch batch) {
      book.dropped(DEAD_LETTERED, batch.items());
    }

    @Override
    public void lost(Loss loss, Counts counts) {
      letGo(counts.items());
      book.dropped(loss.name().toLowerCase(Locale.ROOT), counts.items());
      log.error(
          "Stored data is lost. Dropping data.",
          "error",
          loss.name().toLowerCase(Locale.ROOT),
          "dropped_items",
          counts.items());
    }

    @Override
    public void found(Counts counts) {
      long more = counts.items() - book.heldAt(place); // after a reload it is known already
      book.received(more);
      hold(more);
      if (counts.records() > 0) {
        log.info(
            "Delivering what was stored before",
            "batches",
            counts.records(),
            "items",
            counts.items());
      }
    }
  }

  private void pump() {
    if (queue != null) {
      queue.pump();
    }
  }

  private void enqueued(Batch batch) {
    came(batch);
    meters.enqueued(batch);
  }

  /// On any loop.
  private void overflowed(Batch batch, String reason) {
    meters.overflowed(batch);
    lost(REJECTING, reason, "rejected_items", batch);
  }

  private void came(Batch batch) {
    book.received(batch.items());
    hold(batch.items());
  }

  private void hold(long items) {
    if (onDisk == null) {
      book.hold(items);
    } else {
      book.hold(place, items);
    }
  }

  private void letGo(long items) {
    hold(-items);
  }

  public BatchSink inlet() {
    return inlet;
  }

  /// From now on nothing waits for a retry: whoever does gets its attempt at once. For a stop, before
  /// anything that waits for this pipe is asked to stop.
  public void hasten() {
    if (onDisk == null) {
      retrier.stop();
    } else {
      onDisk.endReading(); // first: what is abandoned then stays on disk
      retrier.abandon();
    }
  }

  /// Delivers what it holds, each batch with one attempt more, then completes. What is on disk stays there.
  public Future<Void> stop() {
    hasten();
    var drained = queue == null ? Future.<Void>succeededFuture() : queue.stop();
    return drained.onComplete(_ -> {
      meters.close();
      joiner.close();
    });
  }

  private Future<Outcome> send(Batch batch) {
    if (queue == null) {
      came(batch);
    }
    meters.began(batch);
    if (bisection != null) {
      var result = bisection.send(batch);
      if (result.isComplete() && result.succeeded()) {
        report(batch, result.result().outcome(), result.result().buried());
        return result.result().outcome().now();
      }
      return result.map(known -> {
        report(batch, known.outcome(), known.buried());
        return known.outcome();
      });
    }
    var answer = retrier.accept(batch);
    if (answer.isComplete()) {
      report(batch, Outcomes.of(answer), 0);
      return answer;
    }
    return answer.onComplete(result -> report(batch, Outcomes.of(result), 0));
  }

  /// @param buried items that were rejected one by one
  private void report(Batch batch, Outcome outcome, long buried) {
    if (queue == null) {
      letGo(batch.items());
    }
    meters.ended(batch, outcome, buried);
    switch (outcome) {
      case Outcome.Accepted _ -> delivered(batch.items());
      case Outcome.Partial(var rejected, var reason, _) -> {
        delivered(batch.items() - Math.min(rejected, batch.items()));
        dropped(REJECTED, Math.min(rejected, batch.items()) - buried);
        dropped(onDisk == null ? REJECTED : DEAD_LETTERED, buried);
        if (onDisk == null && buried > 0) {
          log.error("Exporting failed. Dropping data.", "error", reason, "dropped_items", buried);
        }
      }
      case Outcome.Refused(_, _, var reason, _) -> failed(batch, reason, true);
      case Outcome.Rejected(_, var reason) -> failed(batch, reason, false);
    }
  }

  private void dropped(String reason, long items) {
    if (items > 0) {
      book.dropped(reason, items);
    }
  }

  private void delivered(long items) {
    book.delivered(items);
    context.status().ok();
  }

  private void failed(Batch batch, String reason, boolean retryable) {
    context.status().recoverable(reason);
    if (onDisk != null) {
      return; // it stays, or becomes a dead letter
    }
    if (answersEarly) {
      book.dropped(retryable ? "retries_exhausted" : REJECTED, batch.items());
    } else if (retryable) {
      book.refused(batch.items());
    } else {
      book.rejected(batch.items());
    }
    if (answersEarly) {
      lost("Exporting failed. Dropping data.", reason, "dropped_items", batch);
    } else {
      lost(REJECTING, reason, "rejected_items", batch);
    }
  }

  private void lost(String message, String reason, String counted, Batch batch) {
    log.error(message, "error", reason, counted, batch.items());
  }
}

package io.sluice.export;

import io.sluice.component.ComponentContext;
import io.sluice.component.Delivery;
import io.sluice.component.Loop;
import io.sluice.component.QueueConfig;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
import io.sluice.telemetry.Book;
import io.sluice.telemetry.Log;
import io.vertx.core.Future;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// All that stands before one exporter for one signal. From the outside in:
///
///  1. *queue* (if configured): answers the pipeline, so that all behind it is our own business;
///  2. *batch*: before the workers, since a joined batch is one piece of work;
///  3. *workers*: bound what is sent at the same time;
///  4. *report*: one figure for each batch, whatever the number of attempts;
///  5. *retry*: before the deadline, which is for one attempt;
///  6. *deadline*, then the exporter.
///
/// Confined to one loop but for reservations. Without a queue the pipeline's own loop calls, and the
/// exporter's answer goes back to it.
public final class ExportPipe {
  private static final String REJECTING = "Exporting failed. Rejecting data.";

  private final ExportMeters meters;
  private final ComponentContext context;
  private final boolean answersEarly;
  private final Book book;
  private final Log log;
  private final Retrier retrier;
  private final BatchSink inlet;
  private final @Nullable MemoryQueue queue;

  /// @param exporter makes one attempt
  /// @param moreLabels of the sent and failed counters
  public ExportPipe(
      BatchSink exporter,
      Delivery delivery,
      Signal signal,
      List<String> moreLabels,
      ComponentContext context) {
    this.context = context;
    log = context.log().with("otelcol.signal", signal.toString());
    meters = new ExportMeters(context, signal, moreLabels);
    answersEarly = delivery.queue().map(q -> !q.waitForResult()).orElse(false);
    book = context.telemetry().books().open("exporter:" + context.id() + ":" + signal);
    Loop loop = context.loop();
    retrier =
        new Retrier(
            delivery.retry(),
            delivery.retry().giveUpAfter(false),
            loop,
            log,
            RandomGenerator.getDefault(),
            abandoning(Deadline.before(exporter, delivery.timeout(), loop)));
    queue = delivery.queue().map(config -> queue(config, loop)).orElse(null);
    inlet = queue == null ? this::send : queue;
    if (queue != null) {
      meters.queue(queue);
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

  private MemoryQueue queue(QueueConfig config, Loop loop) {
    var workers =
        new Workers(
            config.numConsumers(), context.budget().sendingBytesMax(), this::send, this::pump);
    Drain drain =
        config
            .batch()
            .<Drain>map(batching -> new BatchingDrain(config, batching, loop, workers))
            .orElse(workers);
    return new MemoryQueue(
        config, drain, this::enqueued, batch -> book.letGo(batch.items()), this::overflowed);
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
    book.hold(batch.items());
  }

  public BatchSink inlet() {
    return inlet;
  }

  /// From now on nothing waits for a retry: whoever does gets its attempt at once. For a stop, before
  /// anything that waits for this pipe is asked to stop.
  public void hasten() {
    retrier.stop();
  }

  /// Delivers what it holds, each batch with one attempt more, then completes.
  public Future<Void> stop() {
    retrier.stop();
    var drained = queue == null ? Future.<Void>succeededFuture() : queue.stop();
    return drained.onComplete(_ -> meters.close());
  }

  private Future<Outcome> send(Batch batch) {
    if (queue == null) {
      came(batch);
    }
    meters.began(batch);
    var answer = retrier.accept(batch);
    if (answer.isComplete()) {
      report(batch, Outcomes.of(answer));
      return answer;
    }
    return answer.onComplete(result -> report(batch, Outcomes.of(result)));
  }

  private void report(Batch batch, Outcome outcome) {
    if (queue == null) {
      book.letGo(batch.items());
    }
    meters.ended(batch, outcome);
    switch (outcome) {
      case Outcome.Accepted _ -> delivered(batch.items());
      case Outcome.Partial(var rejected, _) -> {
        delivered(batch.items() - Math.min(rejected, batch.items()));
        book.dropped("rejected_by_destination", Math.min(rejected, batch.items()));
      }
      case Outcome.Refused(_, _, var reason) -> failed(batch, reason, true);
      case Outcome.Rejected(_, var reason) -> failed(batch, reason, false);
    }
  }

  private void delivered(long items) {
    book.delivered(items);
    context.status().ok();
  }

  private void failed(Batch batch, String reason, boolean retryable) {
    context.status().recoverable(reason);
    if (answersEarly) {
      book.dropped(retryable ? "retries_exhausted" : "rejected_by_destination", batch.items());
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

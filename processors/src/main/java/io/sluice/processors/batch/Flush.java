package io.sluice.processors.batch;

import io.sluice.component.ComponentContext;
import io.sluice.component.Loop;
import io.sluice.data.Batch;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Sends a joined batch and, where it is refused, sends it again: the senders have had their answer.
///
/// Held batches keep their share of the byte budget, so a destination that refuses for long shows at the
/// receivers. A batch is given up when the budget is nearly full, after [#ATTEMPTS_MAX], or when the
/// gateway stops; the loss is logged and counted by whoever called. Confined to one loop.
final class Flush {
  static final int ATTEMPTS_MAX = 20;
  private static final Duration DELAY_MIN = Duration.ofMillis(100);
  private static final Duration DELAY_MAX = Duration.ofSeconds(5);

  private final ComponentContext context;
  private final BatchSink next;
  private final Map<Runnable, Loop.Timer> waiting = new HashMap<>();
  private boolean stopping;

  Flush(ComponentContext context, BatchSink next) {
    this.context = context;
    this.next = next;
  }

  Future<Outcome> accept(Batch batch) {
    Promise<Outcome> done = Promise.promise();
    attempt(batch, 1, done);
    return done.future();
  }

  /// Whoever waits gets one more attempt at once, and no wait after it.
  void stop() {
    stopping = true;
    var now = Map.copyOf(waiting);
    waiting.clear();
    now.forEach((again, timer) -> {
      timer.cancel();
      again.run();
    });
  }

  private void attempt(Batch batch, int attempt, Promise<Outcome> done) {
    next.accept(batch)
        .recover(
            bug -> new Outcome.Rejected(Outcome.Fault.INTERNAL, "internal error: " + bug).now())
        .onSuccess(outcome -> {
          if (outcome instanceof Outcome.Refused refused && mayWait(attempt)) {
            later(batch, attempt, delay(attempt, refused.retryAfter()), done);
          } else {
            failed(batch, outcome);
            done.complete(outcome);
          }
        });
  }

  private boolean mayWait(int attempt) {
    var budget = context.budget();
    return !stopping && attempt < ATTEMPTS_MAX && budget.bytes() < budget.bytesMax() / 10 * 9;
  }

  private void later(Batch batch, int attempt, Duration delay, Promise<Outcome> done) {
    Runnable again = () -> attempt(batch, attempt + 1, done);
    var timer =
        context
            .loop()
            .schedule(
                delay,
                () -> {
                  waiting.remove(again);
                  again.run();
                });
    waiting.put(again, timer);
  }

  private static Duration delay(int attempt, Duration asked) {
    var own = DELAY_MIN.multipliedBy(1L << Math.min(attempt - 1, 10));
    var longer = own.compareTo(asked) > 0 ? own : asked;
    return longer.compareTo(DELAY_MAX) > 0 ? DELAY_MAX : longer;
  }

  private void failed(Batch batch, Outcome outcome) {
    var reason =
        switch (outcome) {
          case Outcome.Refused refused -> refused.reason();
          case Outcome.Rejected rejected -> rejected.reason();
          case Outcome.Accepted _, Outcome.Partial _ -> "";
        };
    if (!outcome.taken()) {
      context.log().error("Sender failed", "error", reason, "dropped_items", batch.items());
    }
  }
}

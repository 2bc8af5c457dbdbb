package io.sluice.export;

import io.sluice.component.Loop;
import io.sluice.data.Batch;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;

/// Bounds one attempt. A late answer is not waited for; the batch may have arrived all the same.
final class Deadline implements BatchSink {
  private final Duration timeout;
  private final Loop loop;
  private final BatchSink next;

  private Deadline(Duration timeout, Loop loop, BatchSink next) {
    this.timeout = timeout;
    this.loop = loop;
    this.next = next;
  }

  /// Zero bounds nothing.
  static BatchSink before(BatchSink next, Duration timeout, Loop loop) {
    return timeout.isZero() ? next : new Deadline(timeout, loop, next);
  }

  @Override
  public Future<Outcome> accept(Batch batch) {
    var answer = next.accept(batch);
    if (answer.isComplete()) {
      return answer;
    }
    Promise<Outcome> first = Promise.promise();
    var timer =
        loop.schedule(
            timeout,
            () ->
                first.tryComplete(
                    Outcome.refused(
                        "no answer within the timeout of " + timeout.toMillis() + "ms")));
    answer.onComplete(result -> {
      timer.cancel();
      first.tryComplete(Outcomes.of(result));
    });
    return first.future();
  }
}

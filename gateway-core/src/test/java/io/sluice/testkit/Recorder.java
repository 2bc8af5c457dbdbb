package io.sluice.testkit;

import io.sluice.data.Batch;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;

/// A sink that keeps what it got and answers as told: at once with [#answer], or, after [#hold],
/// when the test completes [#waiting].
public final class Recorder implements BatchSink {
  public final List<Batch> batches = new ArrayList<>();
  public final List<Promise<Outcome>> waiting = new ArrayList<>();
  private Outcome answer = new Outcome.Accepted();
  private boolean hold;

  public Recorder answer(Outcome outcome) {
    answer = outcome;
    hold = false;
    return this;
  }

  public Recorder hold() {
    hold = true;
    return this;
  }

  public int items() {
    return batches.stream().mapToInt(Batch::items).sum();
  }

  @Override
  public Future<Outcome> accept(Batch batch) {
    batches.add(batch);
    if (!hold) {
      return Future.succeededFuture(answer);
    }
    Promise<Outcome> promise = Promise.promise();
    waiting.add(promise);
    return promise.future();
  }
}

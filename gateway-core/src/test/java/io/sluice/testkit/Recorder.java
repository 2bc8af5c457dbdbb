package io.sluice.testkit;

import io.sluice.data.Batch;
import io.sluice.data.Frame;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
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

  /// With bytes of its own: those of the batch may be used again once it is answered.
  private static Batch kept(Batch batch) {
    var parts = batch.otlp().parts().stream().map(part -> Bytes.wrap(part.toArray())).toList();
    var frame = batch.frame();
    return new Batch(
        batch.signal(),
        Rope.of(parts),
        batch.items(),
        batch.origin(),
        batch.lease(),
        frame == null ? null : new Frame(frame.encoding(), Bytes.wrap(frame.bytes().toArray())));
  }

  @Override
  public Future<Outcome> accept(Batch batch) {
    batches.add(kept(batch));
    if (!hold) {
      return Future.succeededFuture(answer);
    }
    Promise<Outcome> promise = Promise.promise();
    waiting.add(promise);
    return promise.future();
  }
}

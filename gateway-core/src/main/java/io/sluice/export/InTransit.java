package io.sluice.export;

import io.sluice.component.Budget;
import io.sluice.data.Batch;
import io.sluice.data.Lease;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// One destination's part of what is on its way out to all of them: the transport holds it once more, in
/// memory of its own.
///
/// One batch is always sent, so that destinations that hang keep nobody from sending; beyond that
/// there must be room. A batch waits for those of its own destination only, as one of them is under way then.
/// Confined to one loop.
final class InTransit implements BatchSink {
  private final Budget all;
  private final BatchSink next;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private int underWay;
  private boolean serving;

  private record Waiting(Batch batch, Promise<Outcome> answer) {}

  /// @param all the bytes on their way to all destinations
  /// @param next makes an attempt
  InTransit(Budget all, BatchSink next) {
    this.all = all;
    this.next = next;
  }

  @Override
  public Future<Outcome> accept(Batch batch) {
    var lease = waiting.isEmpty() ? enter(batch) : null;
    if (lease == null) {
      var later = new Waiting(batch, Promise.promise());
      waiting.add(later);
      return later.answer().future();
    }
    return send(batch, lease);
  }

  private @Nullable Lease enter(Batch batch) {
    var lease = all.take(batch.sizeInBytes());
    return lease == null && underWay == 0 ? Lease.NONE : lease;
  }

  private Future<Outcome> send(Batch batch, Lease lease) {
    underWay++;
    var answer = next.accept(batch);
    if (answer.isComplete()) {
      sent(lease);
      return answer;
    }
    return answer.onComplete(_ -> sent(lease));
  }

  private void sent(Lease lease) {
    underWay--;
    lease.close();
    if (serving) {
      return;
    }
    serving = true;
    while (!waiting.isEmpty()) {
      var room = enter(waiting.getFirst().batch());
      if (room == null) {
        break;
      }
      var later = waiting.removeFirst();
      send(later.batch(), room).onComplete(later.answer());
    }
    serving = false;
  }
}

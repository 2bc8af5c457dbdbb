package io.sluice.pipeline;

import io.sluice.data.Batch;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/// A sink with limited room that can promise it beforehand, so that a fan-out gives a batch to all of
/// its branches or to none: a full sibling then causes no duplicates.
///
/// [#reserve] and [#release] may be called on any loop; [#acceptReserved] on the sink's own.
public interface ReservingSink extends BatchSink {
  /// Holds room for this batch; null if that succeeded, else the answer to give.
  @Nullable Outcome reserve(Batch batch);

  /// Gives back what [#reserve] held, for a batch that will not come.
  void release(Batch batch);

  /// Takes a batch for which room is held.
  Future<Outcome> acceptReserved(Batch batch);
}

package io.sluice.export;

import io.sluice.data.Batch;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.ReservingSink;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/// `sending_queue`, in memory or on disk. Its size is atomic, for reservations and metrics come from any
/// thread; the rest lives on one loop.
interface SendingQueue extends ReservingSink {
  /// Who comes in.
  Gate gate();

  /// In the unit of the sizer, in flight included.
  default long size() {
    return gate().size();
  }

  default long capacity() {
    return gate().capacity();
  }

  @Override
  default Future<Outcome> accept(Batch batch) {
    return gate().accept(batch);
  }

  @Override
  default @Nullable Outcome reserve(Batch batch) {
    return gate().reserve(batch);
  }

  @Override
  default void release(Batch batch) {
    gate().release(batch);
  }

  @Override
  default Future<Outcome> acceptReserved(Batch batch) {
    return gate().acceptReserved(batch);
  }

  /// To be called when the drain has become able to take more.
  void pump();

  /// Takes nothing more and lets go of what it holds, in its own way.
  Future<Void> stop();
}

package io.sluice.export;

import io.sluice.pipeline.ReservingSink;
import io.vertx.core.Future;

/// `sending_queue`, in memory or on disk. Its size is atomic, for reservations and metrics come from any
/// thread; the rest lives on one loop.
interface SendingQueue extends ReservingSink {
  /// In the unit of the sizer, in flight included.
  long size();

  long capacity();

  /// To be called when the drain has become able to take more.
  void pump();

  /// Takes nothing more and lets go of what it holds, in its own way.
  Future<Void> stop();
}

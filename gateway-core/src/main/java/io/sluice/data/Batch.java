package io.sluice.data;

import io.sluice.wire.Rope;
import org.jspecify.annotations.Nullable;

/// One OTLP export request in wire form. Immutable, so it may be shared by any number of exporters,
/// held by a queue and retried without a copy.
///
/// Each part of the rope is a run of whole top-level fields, so that a cursor never straddles two.
/// It has been validated ([Validate]): cursors may rely on its structure.
///
/// @param items spans, data points, log records or samples in it
/// @param frame the compressed form it came in, if it still says the same as `otlp`
public record Batch(
    Signal signal, Rope otlp, int items, Origin origin, Lease lease, @Nullable Frame frame) {
  public static Batch of(Signal signal, Rope otlp, int items) {
    return new Batch(signal, otlp, items, Origin.UNKNOWN, Lease.NONE, null);
  }

  /// The same batch after an edit. It is no longer what arrived, so the frame goes.
  public Batch with(Rope otlp, int items) {
    return new Batch(signal, otlp, items, origin, lease, null);
  }

  public Batch with(Origin origin) {
    return new Batch(signal, otlp, items, origin, lease, frame);
  }

  public Batch with(Lease lease) {
    return new Batch(signal, otlp, items, origin, lease, frame);
  }

  public int sizeInBytes() {
    return otlp.length();
  }

  public boolean isEmpty() {
    return items == 0;
  }
}

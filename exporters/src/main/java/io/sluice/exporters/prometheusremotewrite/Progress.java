package io.sluice.exporters.prometheusremotewrite;

import io.sluice.pipeline.Outcome.Fault;
import io.sluice.wire.Rope;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// What has come of a batch so far. It is kept while the batch waits to be sent again, so that what has
/// arrived is not sent twice: where it is no longer the newest it would be rejected as out of order.
///
/// Series are known by their numbers in the table, which are the same in each translation of a batch.
final class Progress {
  private final WeakReference<Rope> batch;

  /// Series that were delivered or rejected.
  final BitSet settled = new BitSet();

  /// Points of the batch that were rejected, in whole or in part.
  final BitSet rejected = new BitSet();

  /// Samples that the destination did not write, without a word on which.
  long missing;

  boolean delivered;
  @Nullable Fault fault;
  String reason = "";

  private Progress(Rope batch) {
    this.batch = new WeakReference<>(batch);
  }

  boolean begun() {
    return !settled.isEmpty();
  }

  /// The batches that may come again. Confined to one thread.
  static final class Book {
    /// More at a time would be unusual; the oldest is then sent whole again.
    static final int KEPT_MAX = 64;

    private final Deque<Progress> kept = new ArrayDeque<>();

    /// Takes it out of the book.
    Progress of(Rope batch) {
      for (var each : kept) {
        if (each.batch.refersTo(batch)) {
          kept.remove(each);
          return each;
        }
      }
      return new Progress(batch);
    }

    void keep(Progress progress) {
      if (progress.begun()) {
        kept.removeIf(each -> each.batch.refersTo(null));
        if (kept.size() >= KEPT_MAX) {
          kept.removeFirst();
        }
        kept.addLast(progress);
      }
    }
  }
}

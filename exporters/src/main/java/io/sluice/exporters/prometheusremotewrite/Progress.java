package io.sluice.exporters.prometheusremotewrite;

import io.sluice.pipeline.Outcome.Fault;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// What has come of a batch so far. It is kept while the batch waits to be sent again, so that what has
/// arrived is not sent twice: where it is no longer the newest it would be rejected as out of order.
///
/// Series are known by their numbers in the table, which are the same in each translation of a batch.
final class Progress {
  /// Series that were delivered or rejected.
  final BitSet settled = new BitSet();

  /// Points of the batch that were rejected, in whole or in part.
  final BitSet rejected = new BitSet();

  /// Samples that the destination did not write, without a word on which.
  long missing;

  boolean delivered;
  @Nullable Fault fault;
  String reason = "";

  boolean begun() {
    return !settled.isEmpty();
  }
}

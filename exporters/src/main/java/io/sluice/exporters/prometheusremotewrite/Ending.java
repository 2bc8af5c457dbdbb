package io.sluice.exporters.prometheusremotewrite;

import io.sluice.data.Batch;
import io.sluice.data.Split;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import java.util.BitSet;
import java.util.List;

/// What an attempt comes to when it is over. It may be kept for as long as the batch waits, and holds nothing
/// that an attempt works with. Confined to one loop.
///
/// @param untranslated points that nothing was made of
/// @param words why; empty if there are none
record Ending(Batch batch, Progress progress, long untranslated, String words) {
  /// @param open points of which something is left
  Outcome again(Outcome.Refused refused, BitSet open) {
    return refused.with(
        new Outcome.Partly(
            false,
            () -> {
              progress.reject(open, Fault.UNKNOWN, "retries exhausted: " + refused.reason());
              return settled(true).now();
            }));
  }

  /// Nothing is left.
  ///
  /// @param names whether to say which points were rejected
  Outcome settled(boolean names) {
    long lost = progress.lost() + untranslated;
    if (lost == 0) {
      return new Outcome.Accepted();
    }
    var both = progress.reason.isEmpty() || words.isEmpty() ? "" : "; ";
    return new Outcome.Partial(
        Math.min(lost, batch.items()),
        progress.reason + both + words,
        names ? culprits() : List.of());
  }

  private List<Outcome.Culprit> culprits() {
    return progress.rejections().stream()
        .map(each ->
            new Outcome.Culprit(Split.only(batch, each.points()), each.fault(), each.reason()))
        .toList();
  }
}

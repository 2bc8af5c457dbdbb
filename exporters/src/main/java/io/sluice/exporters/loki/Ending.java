package io.sluice.exporters.loki;

import io.sluice.exporters.tenant.Tenants.Share;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Culprit;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.pipeline.Outcome.Partly;
import java.util.BitSet;
import java.util.List;

/// What an attempt comes to when it is over. It may be kept for as long as the batch waits, and holds nothing
/// that an attempt works with. Confined to one loop.
///
/// @param items of the batch
/// @param keepsDeadLetters whether what is rejected is kept, though all of a batch is
record Ending(List<Share> shares, Progress progress, long items, boolean keepsDeadLetters) {
  /// @param works whether the destination does
  Outcome again(Outcome.Refused refused, boolean works) {
    return progress.untouched()
        ? refused
        : refused.with(new Partly(works, () -> giveUp(refused).now()));
  }

  /// Never as a whole: that much is rejected by nobody, so no limit is to be learned from it.
  private Outcome giveUp(Outcome.Refused last) {
    for (var each : shares) {
      var share = progress.of(each.tenant());
      var rest = new BitSet();
      rest.set(0, each.batch().items());
      rest.andNot(share.settled);
      if (!rest.isEmpty()) {
        progress.reject(share, rest, Fault.UNKNOWN, "retries exhausted: " + last.reason());
      }
    }
    cut();
    return partial();
  }

  /// Nothing is left.
  Outcome settled() {
    cut();
    long rejected = rejected();
    if (rejected == 0 && progress.missing == 0) {
      return new Outcome.Accepted();
    }
    boolean all = rejected >= items;
    if (all && (!keepsDeadLetters || alike(progress.culprits()))) {
      var last = progress.culprits().getLast();
      return new Outcome.Rejected(last.fault(), last.reason());
    }
    return partial();
  }

  private void cut() {
    shares.forEach(each -> progress.cut(each.tenant(), each.batch()));
  }

  private long rejected() {
    return progress.culprits().stream().mapToLong(each -> each.batch().items()).sum();
  }

  private Outcome partial() {
    long lost = Math.min(rejected() + progress.missing, items);
    return new Outcome.Partial(lost, progress.reason, progress.culprits());
  }

  /// Whether the pipe, which would search what is invalid or too large, can take all for one.
  private static boolean alike(List<Culprit> culprits) {
    return culprits.size() == 1
        && culprits.getFirst().fault() != Fault.INVALID
        && culprits.getFirst().fault() != Fault.TOO_LARGE;
  }
}

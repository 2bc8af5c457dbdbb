package io.sluice.exporters.tenant;

import io.sluice.data.Batch;
import io.sluice.data.Split;
import io.sluice.exporters.tenant.Tenants.Share;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Culprit;
import io.sluice.pipeline.Outcome.Fault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What has come of a batch of several tenants so far. Items are known by their numbers in their tenant's
/// share, which are the same in each attempt.
final class Progress {
  private final Map<Tenant, Part> parts = new HashMap<>();
  private final List<Culprit> culprits = new ArrayList<>();
  private boolean delivered;
  private long rejected;

  /// The last word.
  private String reason = "";

  /// Items that go out together.
  record Range(int from, int to) {
    int items() {
      return to - from;
    }

    Batch of(Batch share) {
      if (items() == share.items()) {
        return share;
      }
      var wanted = new BitSet(to);
      wanted.set(from, to);
      return Split.only(share, wanted);
    }
  }

  /// What is neither delivered nor rejected of a share.
  static final class Part {
    /// In the order in which it goes out.
    private final Deque<Range> open = new ArrayDeque<>();

    /// In an attempt before.
    private boolean refused;

    Part(int items) {
      open.add(new Range(0, items));
    }

    boolean isSettled() {
      return open.isEmpty();
    }

    boolean refused() {
      return refused;
    }

    void refuse() {
      refused = true;
    }

    Range first() {
      return open.getFirst();
    }

    void halveFirst() {
      var whole = open.removeFirst();
      int middle = whole.from + (whole.items() + 1) / 2;
      open.addFirst(new Range(middle, whole.to));
      open.addFirst(new Range(whole.from, middle));
    }

    Range settleFirst() {
      return open.removeFirst();
    }
  }

  Part of(Share share) {
    return parts.computeIfAbsent(share.tenant(), _ -> new Part(share.batch().items()));
  }

  /// Whether nothing was delivered or rejected.
  boolean untouched() {
    return !delivered && rejected == 0;
  }

  void deliver() {
    delivered = true;
  }

  /// @param known some of them, or all
  void reject(long items, String why, List<Culprit> known) {
    culprits.addAll(known);
    rejected += items;
    reason = why;
  }

  void reject(Culprit culprit) {
    reject(culprit.batch().items(), culprit.reason(), List.of(culprit));
  }

  /// Nothing is sent of these any more.
  void giveUp(List<Share> shares, String why) {
    for (var share : shares) {
      var part = of(share);
      while (!part.isSettled()) {
        var rest = part.settleFirst();
        if (rest.items() > 0) {
          reject(new Culprit(rest.of(share.batch()), Fault.UNKNOWN, why));
        }
      }
    }
  }

  /// When nothing is open.
  ///
  /// @param items of the batch
  Outcome outcome(int items) {
    if (rejected == 0) {
      return new Outcome.Accepted();
    }
    if (culprits.size() == 1 && rejected >= items) {
      var all = culprits.getFirst();
      return new Outcome.Rejected(all.fault(), all.reason());
    }
    return new Outcome.Partial(rejected, reason, culprits);
  }
}

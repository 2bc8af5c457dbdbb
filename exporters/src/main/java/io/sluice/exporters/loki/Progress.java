package io.sluice.exporters.loki;

import io.sluice.data.Batch;
import io.sluice.data.Split;
import io.sluice.exporters.tenant.Tenant;
import io.sluice.pipeline.Outcome.Culprit;
import io.sluice.pipeline.Outcome.Fault;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What has come of a batch so far. Records are known by their numbers in their tenant's share, which are the
/// same in each attempt.
final class Progress {
  /// Dead letters of one batch with words of their own; further ones are put to the last.
  static final int WORDS_MAX = 64;

  private final Map<Tenant, Share> shares = new HashMap<>();
  private final List<Culprit> culprits = new ArrayList<>();
  private int words;

  /// Requests are halved so many times, for a server that is asked for more at once than it ever takes.
  int halved;

  /// The last word.
  String reason = "";

  /// What has come of what belongs to one tenant.
  static final class Share {
    /// Records that were taken or rejected.
    final BitSet settled = new BitSet();

    private final Map<Fault, Map<String, BitSet>> rejected = new HashMap<>();
  }

  Share of(Tenant tenant) {
    return shares.computeIfAbsent(tenant, _ -> new Share());
  }

  void reject(Culprit culprit) {
    culprits.add(culprit);
    reason = culprit.reason();
  }

  void reject(Share share, BitSet records, Fault fault, String why) {
    share.settled.or(records);
    reason = why;
    var byWords = share.rejected.computeIfAbsent(fault, _ -> new LinkedHashMap<>());
    var known = byWords.get(why);
    if (known == null && words >= WORDS_MAX && !byWords.isEmpty()) {
      known = byWords.values().stream().reduce((_, last) -> last).orElseThrow();
    }
    if (known == null) {
      words++;
      known = new BitSet();
      byWords.put(why, known);
    }
    known.or(records);
  }

  /// Cuts what was rejected of a share out of it.
  void cut(Tenant tenant, Batch batch) {
    of(tenant)
        .rejected
        .forEach((fault, byWords) ->
            byWords.forEach((why, records) ->
                culprits.add(new Culprit(Split.only(batch, records), fault, why))));
  }

  List<Culprit> culprits() {
    return culprits;
  }
}

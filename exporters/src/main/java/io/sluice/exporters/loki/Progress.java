package io.sluice.exporters.loki;

import io.sluice.data.Batch;
import io.sluice.data.Split;
import io.sluice.exporters.tenant.Tenant;
import io.sluice.pipeline.Outcome.Culprit;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.pipeline.Outcome.Pressure;
import io.sluice.pipeline.Outcome.Refused;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What has come of a batch so far. Records are known by their numbers in their tenant's share, which are the
/// same in each attempt.
final class Progress {
  /// Dead letters of one batch with words of their own; further ones are put to the last.
  static final int WORDS_MAX = 64;

  /// Requests taken in a row, then they are twice as large again.
  static final int DOUBLED_AFTER = 8;

  private static final int HALVED_MAX = Integer.SIZE - 1;

  /// Loki says what it takes in a second, and how much the request was.
  private static final Pattern MORE_THAN_A_SECOND =
      Pattern.compile("limit: (\\d{1,18}) bytes/sec.* totaling '(\\d{1,18})' bytes");

  private final Map<Tenant, Share> shares = new HashMap<>();
  private final List<Culprit> culprits = new ArrayList<>();
  private int words;

  /// For records that have no time: the same in each attempt, so that Loki knows them again.
  final long nowNs;

  /// Records that were not taken, of which Loki did not say which they are.
  long missing;

  /// The last word.
  String reason = "";

  /// What has come of what belongs to one tenant.
  static final class Share {
    /// Records that were taken or rejected.
    final BitSet settled = new BitSet();

    private final Map<Fault, Map<String, BitSet>> rejected = new EnumMap<>(Fault.class);

    /// So many of the first records were translated, in whatever attempt.
    int translated;

    /// In an attempt before.
    boolean refused;

    /// Requests are halved so many times, for a server that is asked for more at once than it ever takes.
    int halved;

    private int takenInARow;

    /// Whether anything was in this attempt.
    private boolean taken;

    void attempt() {
      taken = false;
      takenInARow = 0;
    }

    void taken() {
      taken = true;
      if (++takenInARow >= DOUBLED_AFTER && halved > 0) {
        takenInARow = 0;
        halved--;
      }
    }

    /// If nothing was taken, it may have been too much for one request.
    void refused(Refused again) {
      refused = true;
      if (again.pressure() == Pressure.THROTTLED && (!taken || isMoreThanEver(again.reason()))) {
        halved = Math.min(halved + 1, HALVED_MAX);
      }
    }

    private static boolean isMoreThanEver(String words) {
      var numbers = MORE_THAN_A_SECOND.matcher(words);
      return numbers.find() && Long.parseLong(numbers.group(2)) > Long.parseLong(numbers.group(1));
    }
  }

  Progress(long nowNs) {
    this.nowNs = nowNs;
  }

  Share of(Tenant tenant) {
    return shares.computeIfAbsent(tenant, _ -> new Share());
  }

  /// Whether nothing was taken or rejected.
  boolean untouched() {
    return culprits.isEmpty() && shares.values().stream().allMatch(each -> each.settled.isEmpty());
  }

  void missing(int records, String why) {
    missing += records;
    reason = why;
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

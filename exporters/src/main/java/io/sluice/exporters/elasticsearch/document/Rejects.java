package io.sluice.exporters.elasticsearch.document;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/// Items that are rejected, by the words why. Confined to one thread.
public final class Rejects {
  /// With more, those to come are added to the last.
  static final int REASONS_MAX = 64;

  private final Map<String, BitSet> byReason = new LinkedHashMap<>();
  private final BitSet all = new BitSet();
  private String last = "";

  public void add(int item, String reason) {
    if (all.get(item)) {
      return;
    }
    all.set(item);
    last = byReason.containsKey(reason) || byReason.size() < REASONS_MAX ? reason : last;
    byReason.computeIfAbsent(last, _ -> new BitSet()).set(item);
  }

  public void add(BitSet items, String reason) {
    items.stream().forEach(item -> add(item, reason));
  }

  public boolean none() {
    return all.isEmpty();
  }

  /// How many items.
  public int count() {
    return all.cardinality();
  }

  /// What they were rejected for, in the order it came; not to be changed.
  public Map<String, BitSet> byReason() {
    return byReason;
  }
}

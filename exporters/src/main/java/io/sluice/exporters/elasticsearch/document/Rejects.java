package io.sluice.exporters.elasticsearch.document;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/// Items that are rejected, by the words why. Confined to one thread.
public final class Rejects {
  /// With more, the kind of the reason stands for it: a server's words may name each document.
  static final int REASONS_MAX = 64;

  /// With more, all that come are of one kind.
  static final int KINDS_MAX = 16;

  private static final String OTHERS = "one of many other reasons";

  private final Map<String, BitSet> byReason = new LinkedHashMap<>();
  private final BitSet all = new BitSet();

  public void add(int item, String reason) {
    add(item, reason, OTHERS);
  }

  public void add(BitSet items, String reason) {
    items.stream().forEach(item -> add(item, reason));
  }

  /// As above.
  ///
  /// @param kind of the reason
  /// @return the words these items are kept under
  public String add(BitSet items, String reason, String kind) {
    items.stream().forEach(item -> add(item, reason, kind));
    return words(reason, kind);
  }

  private void add(int item, String reason, String kind) {
    if (!all.get(item)) {
      all.set(item);
      byReason.computeIfAbsent(words(reason, kind), _ -> new BitSet()).set(item);
    }
  }

  private String words(String reason, String kind) {
    if (byReason.containsKey(reason) || byReason.size() < REASONS_MAX) {
      return reason;
    }
    boolean room = byReason.containsKey(kind) || byReason.size() < REASONS_MAX + KINDS_MAX;
    return room ? kind : OTHERS;
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

package io.sluice.telemetry;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What became of the items that one node was given. Counted in items, by the node's own hand or by
/// [io.sluice.pipeline.Counted] around it. Safe on any thread.
///
/// The equation, for every node at every time nobody is in the middle of a call:
///
/// ```
/// received = delivered + refused + rejected + sum(dropped) + held
/// ```
///
///   - *delivered*: the next node has answered for them
///   - *refused*: given back to be sent again
///   - *rejected*: given back for good
///   - *dropped*: answered for and lost, by reason; alert on it
///   - *held*: inside the node now: counted as items enter and leave, not derived from the other five
///
/// [#residue] is the difference of the two sides. Anything but zero in a quiet node is a bug in us.
public final class Book {
  private final String node;
  private final LongAdder received = new LongAdder();
  private final LongAdder delivered = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final Map<String, LongAdder> dropped = new ConcurrentHashMap<>();
  private final LongAdder held = new LongAdder();
  private final Map<String, LongAdder> heldAt = new ConcurrentHashMap<>();

  Book(String node) {
    this.node = node;
  }

  /// So many items are now inside the node.
  public void hold(long items) {
    held.add(items);
  }

  /// So many items have left the node, whatever became of them.
  public void letGo(long items) {
    held.add(-items);
  }

  /// As [#hold], of a node that holds items in more places than one: which share of them is where tells
  /// [#heldAt].
  public void hold(String place, long items) {
    heldAt.computeIfAbsent(place, _ -> new LongAdder()).add(items);
    hold(items);
  }

  /// See [#hold(String, long)].
  public void letGo(String place, long items) {
    hold(place, -items);
  }

  public void received(long items) {
    received.add(items);
  }

  public void delivered(long items) {
    delivered.add(items);
  }

  public void refused(long items) {
    refused.add(items);
  }

  public void rejected(long items) {
    rejected.add(items);
  }

  /// The reasons are a short fixed list for each node, never text from outside.
  public void dropped(String reason, long items) {
    dropped.computeIfAbsent(reason, _ -> new LongAdder()).add(items);
  }

  public String node() {
    return node;
  }

  public long received() {
    return received.sum();
  }

  public long delivered() {
    return delivered.sum();
  }

  public long refused() {
    return refused.sum();
  }

  public long rejected() {
    return rejected.sum();
  }

  public Map<String, Long> dropped() {
    var copy = new TreeMap<String, Long>();
    dropped.forEach((reason, items) -> copy.put(reason, items.sum()));
    return copy;
  }

  public long held() {
    return held.sum();
  }

  public long heldAt(String place) {
    var here = heldAt.get(place);
    return here == null ? 0 : here.sum();
  }

  public long residue() {
    long lost = dropped.values().stream().mapToLong(LongAdder::sum).sum();
    return received() - delivered() - refused() - rejected() - lost - held();
  }

  @Override
  public String toString() {
    return node
        + ": received %d = delivered %d + refused %d + rejected %d + dropped %s + held %d (residue %d)"
            .formatted(
                received(), delivered(), refused(), rejected(), dropped(), held(), residue());
  }
}

package io.sluice.disk;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// A set of sequence numbers that has long runs: its size is the number of runs. What is settled out of
/// order leaves as many holes as there are batches in flight.
final class Ranges {
  /// First and last of each run.
  private final TreeMap<Long, Long> runs = new TreeMap<>();

  void add(long from, long to) {
    if (to < from) {
      return;
    }
    long first = from;
    long last = to;
    Map.Entry<Long, Long> near = runs.floorEntry(to == Long.MAX_VALUE ? to : to + 1);
    while (near != null && near.getValue() >= from - 1) {
      first = Math.min(first, near.getKey());
      last = Math.max(last, near.getValue());
      runs.remove(near.getKey());
      near = runs.floorEntry(last == Long.MAX_VALUE ? last : last + 1);
    }
    runs.put(first, last);
  }

  boolean contains(long sequence) {
    var run = runs.floorEntry(sequence);
    return run != null && run.getValue() >= sequence;
  }

  boolean containsAll(long from, long to) {
    var run = runs.floorEntry(from);
    return run != null && run.getValue() >= to;
  }

  boolean containsNone(long from, long to) {
    var run = runs.floorEntry(to);
    return run == null || run.getValue() < from;
  }

  /// How many of these are not in it.
  long missing(long from, long to) {
    if (to < from) {
      return 0;
    }
    long missing = to - from + 1;
    for (var run = runs.floorEntry(to); run != null && run.getValue() >= from; ) {
      missing -= Math.min(to, run.getValue()) - Math.max(from, run.getKey()) + 1;
      run = runs.lowerEntry(run.getKey());
    }
    return missing;
  }

  /// Whether all of these are in another.
  boolean within(Ranges other) {
    return runs.entrySet().stream()
        .allMatch(run -> other.containsAll(run.getKey(), run.getValue()));
  }

  /// Those of another too.
  void addAll(Ranges more) {
    more.runs.forEach(this::add);
  }

  /// The highest of all; -1 if there is none.
  long highest() {
    return runs.isEmpty() ? -1 : runs.lastEntry().getValue();
  }

  /// Joins all runs below: what is asked no more needs no holes.
  void fillBelow(long sequence) {
    if (sequence > 0 && !runs.isEmpty()) {
      add(0, sequence - 1);
    }
  }

  int size() {
    return runs.size();
  }

  void forEach(BiConsumer<Long, Long> run) {
    runs.forEach(run);
  }

  @Override
  public String toString() {
    return runs.toString();
  }
}

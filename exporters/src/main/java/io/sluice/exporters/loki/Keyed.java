package io.sluice.exporters.loki;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// The attributes of one message, less those that are dropped, and which of them are labels. Reused; confined
/// to one thread.
final class Keyed {
  private static final int ROOM = 16;

  /// More than that are looked up, so that no sender makes it slow.
  private static final int LINEAR_MAX = 32;

  private final Dropped dropped;
  private final WireReader pair = new WireReader();
  private Bytes[] keys = new Bytes[ROOM];
  private Bytes[] values = new Bytes[ROOM];
  private boolean[] labels = new boolean[ROOM];
  private final Map<Bytes, Integer> firsts = new HashMap<>();
  private int size;

  Keyed(Dropped dropped) {
    this.dropped = dropped;
  }

  void clear() {
    size = 0;
    firsts.clear();
  }

  /// All of a message.
  void over(Bytes message, int field) {
    clear();
    var fields = new WireReader().over(message);
    while (fields.next()) {
      if (fields.field() == field) {
        add(fields);
      }
    }
  }

  /// The one that `fields` stands on.
  void add(WireReader fields) {
    var key = Bytes.EMPTY;
    var value = Bytes.EMPTY;
    fields.into(pair);
    while (pair.next()) {
      switch (pair.field()) {
        case 1 -> key = pair.bytes();
        case 2 -> value = pair.bytes();
        default -> {}
      }
    }
    put(key, value);
  }

  /// Unless it is dropped.
  void put(Bytes key, Bytes value) {
    if (!dropped.has(key)) {
      add(key, value);
    }
  }

  private void add(Bytes key, Bytes value) {
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
      labels = Arrays.copyOf(labels, 2 * size);
    }
    keys[size] = key;
    values[size] = value;
    labels[size++] = false;
  }

  int size() {
    return size;
  }

  Bytes key(int index) {
    return keys[index];
  }

  /// The AnyValue message.
  Bytes value(int index) {
    return values[index];
  }

  /// Of equal keys the first counts.
  boolean isFirst(int index) {
    if (size <= LINEAR_MAX) {
      return find(keys[index]) == index;
    }
    if (firsts.isEmpty()) {
      for (int i = 0; i < size; i++) {
        firsts.putIfAbsent(keys[i], i);
      }
    }
    return firsts.getOrDefault(keys[index], index) == index;
  }

  /// Where the first with this key is, or -1.
  int find(Bytes key) {
    for (int i = 0; i < size; i++) {
      if (keys[i].equals(key)) {
        return i;
      }
    }
    return -1;
  }

  boolean isLabel(int index) {
    return labels[index];
  }

  void label(int index, boolean is) {
    labels[index] = is;
  }
}

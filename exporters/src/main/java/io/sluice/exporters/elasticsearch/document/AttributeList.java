package io.sluice.exporters.elasticsearch.document;

import io.sluice.data.AnyValue;
import io.sluice.data.Attributes;
import io.sluice.wire.Bytes;
import java.util.Arrays;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/// The attributes of one message, each key once: of two with one key the last counts, as a server would
/// refuse a document with both. Reused with [#over]; valid as long as the message is.
final class AttributeList {
  /// Where comparing each with each would cost more than a table.
  private static final int FEW = 32;

  private Bytes[] keys = new Bytes[16];
  private Bytes[] values = new Bytes[16];
  private int[] hashes = new int[16];
  private int size;
  private boolean directs;

  AttributeList over(Bytes message, int field) {
    size = 0;
    directs = false;
    var attributes = Attributes.in(message, field);
    while (attributes.next()) {
      add(attributes.key(), attributes.value());
    }
    dedup();
    return this;
  }

  private void add(Bytes written, Bytes value) {
    var key = readable(written);
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
      hashes = Arrays.copyOf(hashes, 2 * size);
    }
    keys[size] = key;
    values[size] = value;
    hashes[size] = key.hashCode();
    directs |= Keys.mayDirect(key);
    size++;
  }

  /// As it will be written: keys that are no UTF-8 may be the same then.
  private static Bytes readable(Bytes key) {
    for (int i = 0; i < key.length(); i++) {
      if (key.at(i) < 0) {
        return Bytes.utf8(key.utf8());
      }
    }
    return key;
  }

  private void dedup() {
    if (size > FEW) {
      dedupMany();
      return;
    }
    for (int i = size - 2; i >= 0; i--) {
      if (find(i + 1, keys[i], hashes[i]) >= 0) {
        remove(i);
      }
    }
  }

  private void dedupMany() {
    var last = new HashMap<Bytes, Integer>(2 * size);
    for (int i = 0; i < size; i++) {
      last.put(keys[i], i);
    }
    if (last.size() == size) {
      return;
    }
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (last.getOrDefault(keys[i], -1) == i) {
        keys[kept] = keys[i];
        values[kept] = values[i];
        hashes[kept++] = hashes[i];
      }
    }
    size = kept;
  }

  private void remove(int index) {
    int behind = size - index - 1;
    System.arraycopy(keys, index + 1, keys, index, behind);
    System.arraycopy(values, index + 1, values, index, behind);
    System.arraycopy(hashes, index + 1, hashes, index, behind);
    size--;
  }

  private int find(int from, Bytes key, int hash) {
    for (int i = from; i < size; i++) {
      if (hashes[i] == hash && keys[i].equals(key)) {
        return i;
      }
    }
    return -1;
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

  /// Whether one of them may say where a document goes.
  boolean directs() {
    return directs;
  }

  /// The AnyValue message of that key, or null.
  @Nullable Bytes value(Bytes key) {
    int at = find(0, key, key.hashCode());
    return at < 0 ? null : values[at];
  }

  /// The value of that key as text; empty if there is none.
  String text(Bytes key) {
    var value = value(key);
    return value == null ? "" : AnyValue.decode(value).text();
  }
}

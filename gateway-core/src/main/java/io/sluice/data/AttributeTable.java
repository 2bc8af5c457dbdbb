package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;
import java.util.Arrays;

/// The attributes of one record as positions in its wire form, and what an edit wants of them.
///
/// Filled anew for each record by [RecordPatch]; nothing is copied or decoded until asked for. An index
/// stays valid during one edit. Of equal keys the first counts; once it is edited the others go, so that
/// what was to be hidden stays hidden.
public final class AttributeTable {
  private static final byte KEPT = 0;
  private static final byte CHANGED = 1;
  private static final byte REMOVED = 2;

  private byte[] a = new byte[0];
  private int from;
  private int to;
  private int field;
  private int found;
  private int size;
  private boolean changed;

  private int[] starts = new int[32];
  private int[] ends = new int[32];
  private int[] keys = new int[32];
  private int[] keyLengths = new int[32];
  private int[] values = new int[32];
  private int[] valueLengths = new int[32];
  private byte[] states = new byte[32];
  private Bytes[] newKeys = new Bytes[32];
  private Bytes[] newValues = new Bytes[32];
  private final WireReader reader = new WireReader();

  AttributeTable() {
    Arrays.fill(newKeys, Bytes.EMPTY);
    Arrays.fill(newValues, Bytes.EMPTY);
  }

  /// How many there are, removed ones included.
  public int size() {
    return size;
  }

  public boolean isPresent(int index) {
    return states[index] != REMOVED;
  }

  /// Where the attribute with this key is, or -1.
  public int find(Bytes key) {
    int length = key.length();
    byte[] array = key.sharedArray();
    int offset = key.offset();
    for (int i = 0; i < size; i++) {
      if (keyLengths[i] == length && states[i] != REMOVED && hasKey(i, array, offset, length)) {
        return i;
      }
    }
    return -1;
  }

  public Bytes key(int index) {
    return index < found
        ? Bytes.wrap(a, keys[index], keys[index] + keyLengths[index])
        : newKeys[index];
  }

  /// The AnyValue message, see [AnyValue#decode].
  public Bytes value(int index) {
    return states[index] == CHANGED
        ? newValues[index]
        : Bytes.wrap(a, values[index], values[index] + valueLengths[index]);
  }

  /// Gives the attribute another AnyValue message.
  public void set(int index, Bytes value) {
    if (states[index] == KEPT && isValue(index, value)) {
      return;
    }
    states[index] = CHANGED;
    newValues[index] = value;
    changed = true;
    removeEqual(index);
  }

  public void remove(int index) {
    removeEqual(index);
    states[index] = REMOVED;
    changed = true;
  }

  /// Adds an attribute whose key is not there yet.
  public void add(Bytes key, Bytes value) {
    int index = size++;
    ensure();
    keyLengths[index] = key.length();
    newKeys[index] = key;
    newValues[index] = value;
    states[index] = CHANGED;
    changed = true;
  }

  /// Sets the attribute, whether or not it was there.
  public void put(Bytes key, Bytes value) {
    int index = find(key);
    if (index < 0) {
      add(key, value);
    } else {
      set(index, value);
    }
  }

  boolean changed() {
    return changed;
  }

  /// Finds the attributes in field `number` of a record.
  void over(byte[] array, int start, int end, int number) {
    a = array;
    from = start;
    to = end;
    field = number;
    size = 0;
    changed = false;
    int tag = number << 3 | WireReader.LENGTH_DELIMITED;
    int at = start;
    while (at < end) {
      int fieldAt = at;
      int key = a[at];
      if (key == tag && a[at + 1] >= 0) {
        int next = at + 2 + a[at + 1];
        pair(fieldAt, at + 2, next);
        at = next;
      } else {
        at = slow(at, end, tag);
      }
    }
    found = size;
  }

  /// Any field, by the reader that knows all cases.
  private int slow(int at, int end, int tag) {
    reader.over(a, at, end).next();
    if (reader.is(tag >>> 3, WireReader.LENGTH_DELIMITED)) {
      pair(reader.fieldStart(), reader.valueStart(), reader.valueEnd());
    }
    return reader.valueEnd();
  }

  private void pair(int start, int pairFrom, int pairTo) {
    int index = size++;
    ensure();
    starts[index] = start;
    ends[index] = pairTo;
    states[index] = KEPT;
    int keyAt = pairFrom + 2;
    if (pairTo - pairFrom >= 4 && a[pairFrom] == 0x0A && a[pairFrom + 1] >= 0) {
      int value = keyAt + a[pairFrom + 1];
      if (pairTo - value >= 2 && a[value] == 0x12 && a[value + 1] == pairTo - value - 2) {
        keys[index] = keyAt;
        keyLengths[index] = value - keyAt;
        values[index] = value + 2;
        valueLengths[index] = pairTo - value - 2;
        return;
      }
    }
    slowPair(index, pairFrom, pairTo);
  }

  private void slowPair(int index, int pairFrom, int pairTo) {
    keys[index] = pairFrom;
    keyLengths[index] = 0;
    values[index] = pairFrom;
    valueLengths[index] = 0;
    int end = pairFrom;
    while (end < pairTo) {
      reader.over(a, end, pairTo).next();
      if (reader.field() == 1) {
        keys[index] = reader.valueStart();
        keyLengths[index] = reader.valueLength();
      } else if (reader.field() == 2) {
        values[index] = reader.valueStart();
        valueLengths[index] = reader.valueLength();
      }
      end = reader.valueEnd();
    }
  }

  /// The record as it is after the edit.
  void writeTo(WireWriter out) {
    int copied = from;
    for (int i = 0; i < found; i++) {
      if (states[i] == KEPT) {
        continue;
      }
      out.raw(a, copied, starts[i] - copied);
      copied = ends[i];
      if (states[i] == CHANGED) {
        write(out, a, keys[i], keyLengths[i], newValues[i]);
      }
    }
    out.raw(a, copied, to - copied);
    for (int i = found; i < size; i++) {
      if (states[i] == CHANGED) {
        var key = newKeys[i];
        write(out, key.sharedArray(), key.offset(), key.length(), newValues[i]);
      }
    }
  }

  private void write(WireWriter out, byte[] keyArray, int key, int keyLength, Bytes value) {
    int valueLength = value.length();
    int length =
        2
            + WireWriter.varintSize(keyLength)
            + keyLength
            + WireWriter.varintSize(valueLength)
            + valueLength;
    out.header(field, length);
    out.header(1, keyLength).raw(keyArray, key, keyLength);
    out.bytes(2, value);
  }

  private boolean hasKey(int index, byte[] array, int offset, int length) {
    byte[] own = a;
    int at = keys[index];
    if (index >= found) {
      own = newKeys[index].sharedArray();
      at = newKeys[index].offset();
    }
    return length == 0
        || (own[at + length - 1] == array[offset + length - 1]
            && Arrays.equals(own, at, at + length, array, offset, offset + length));
  }

  private boolean isValue(int index, Bytes value) {
    int at = values[index];
    return valueLengths[index] == value.length()
        && Arrays.equals(
            a,
            at,
            at + value.length(),
            value.sharedArray(),
            value.offset(),
            value.offset() + value.length());
  }

  private void removeEqual(int index) {
    int length = keyLengths[index];
    byte[] array = index < found ? a : newKeys[index].sharedArray();
    int offset = index < found ? keys[index] : newKeys[index].offset();
    for (int i = index + 1; i < found; i++) {
      if (keyLengths[i] == length && hasKey(i, array, offset, length)) {
        states[i] = REMOVED;
      }
    }
  }

  private void ensure() {
    if (size <= starts.length) {
      return;
    }
    int room = 2 * size;
    starts = Arrays.copyOf(starts, room);
    ends = Arrays.copyOf(ends, room);
    keys = Arrays.copyOf(keys, room);
    keyLengths = Arrays.copyOf(keyLengths, room);
    values = Arrays.copyOf(values, room);
    valueLengths = Arrays.copyOf(valueLengths, room);
    states = Arrays.copyOf(states, room);
    int old = newKeys.length;
    newKeys = Arrays.copyOf(newKeys, room);
    newValues = Arrays.copyOf(newValues, room);
    Arrays.fill(newKeys, old, room, Bytes.EMPTY);
    Arrays.fill(newValues, old, room, Bytes.EMPTY);
  }
}

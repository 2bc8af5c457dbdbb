package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;
import java.util.Arrays;

/// The attributes of one record as positions in its wire form, and what an edit wants of them.
///
/// Filled anew for each record by [RecordPatch]; nothing is copied or decoded until asked for. An index
/// stays valid during one edit. Of equal keys the first is found, and only what an index names is edited;
/// an edit that has to reach all of a key asks for the [#next].
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

  /// So many numbers for each attribute, and what they are.
  private static final int STRIDE = 6;

  private static final int START = 0;
  private static final int END = 1;
  private static final int KEY = 2;
  private static final int KEY_LENGTH = 3;
  private static final int VALUE = 4;
  private static final int VALUE_LENGTH = 5;

  private int[] slots = new int[32 * STRIDE];
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
    return next(key, 0);
  }

  /// Where from this index on an attribute with this key is, or -1.
  public int next(Bytes key, int index) {
    int length = key.length();
    byte[] array = key.sharedArray();
    int offset = key.offset();
    for (int i = index; i < size; i++) {
      if (slots[i * STRIDE + KEY_LENGTH] == length
          && states[i] != REMOVED
          && hasKey(i, array, offset, length)) {
        return i;
      }
    }
    return -1;
  }

  public Bytes key(int index) {
    return index < found
        ? Bytes.wrap(
            a,
            slots[index * STRIDE + KEY],
            slots[index * STRIDE + KEY] + slots[index * STRIDE + KEY_LENGTH])
        : newKeys[index];
  }

  /// The AnyValue message, see [AnyValue#decode].
  public Bytes value(int index) {
    return states[index] == CHANGED
        ? newValues[index]
        : Bytes.wrap(
            a,
            slots[index * STRIDE + VALUE],
            slots[index * STRIDE + VALUE] + slots[index * STRIDE + VALUE_LENGTH]);
  }

  /// Gives the attribute another AnyValue message.
  public void set(int index, Bytes value) {
    if (states[index] == KEPT && isValue(index, value)) {
      return;
    }
    states[index] = CHANGED;
    newValues[index] = value;
    changed = true;
  }

  public void remove(int index) {
    states[index] = REMOVED;
    changed = true;
  }

  /// Adds an attribute whose key is not there yet.
  public void add(Bytes key, Bytes value) {
    int index = size++;
    ensure();
    slots[index * STRIDE + KEY_LENGTH] = key.length();
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

  /// Lets go of all it has seen.
  void clear() {
    a = Bytes.EMPTY.sharedArray();
    size = 0;
    found = 0;
    Arrays.fill(newKeys, Bytes.EMPTY);
    Arrays.fill(newValues, Bytes.EMPTY);
    reader.over(Bytes.EMPTY);
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
        int next = key > 0 && key != tag ? skip(key, at + 1) : 0;
        at = next > 0 ? next : slow(at, end, tag);
      }
    }
    found = size;
  }

  /// Where a field of another number ends, if that is quickly said, else 0. The bytes are validated.
  private int skip(int key, int from) {
    return switch (key & 7) {
      case WireReader.FIXED64 -> from + 8;
      case WireReader.FIXED32 -> from + 4;
      case WireReader.VARINT -> a[from] >= 0 ? from + 1 : 0;
      default -> a[from] >= 0 ? from + 1 + a[from] : 0;
    };
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
    states[index] = KEPT;
    byte[] bytes = a;
    int[] slot = slots;
    int at = index * STRIDE;
    slot[at + START] = start;
    slot[at + END] = pairTo;
    int keyAt = pairFrom + 2;
    if (pairTo - pairFrom >= 4 && bytes[pairFrom] == 0x0A && bytes[pairFrom + 1] >= 0) {
      int value = keyAt + bytes[pairFrom + 1];
      if (pairTo - value >= 2 && bytes[value] == 0x12 && bytes[value + 1] == pairTo - value - 2) {
        slot[at + KEY] = keyAt;
        slot[at + KEY_LENGTH] = value - keyAt;
        slot[at + VALUE] = value + 2;
        slot[at + VALUE_LENGTH] = pairTo - value - 2;
        return;
      }
    }
    slowPair(index, pairFrom, pairTo);
  }

  private void slowPair(int index, int pairFrom, int pairTo) {
    slots[index * STRIDE + KEY] = pairFrom;
    slots[index * STRIDE + KEY_LENGTH] = 0;
    slots[index * STRIDE + VALUE] = pairFrom;
    slots[index * STRIDE + VALUE_LENGTH] = 0;
    int end = pairFrom;
    while (end < pairTo) {
      reader.over(a, end, pairTo).next();
      if (reader.field() == 1) {
        slots[index * STRIDE + KEY] = reader.valueStart();
        slots[index * STRIDE + KEY_LENGTH] = reader.valueLength();
      } else if (reader.field() == 2) {
        slots[index * STRIDE + VALUE] = reader.valueStart();
        slots[index * STRIDE + VALUE_LENGTH] = reader.valueLength();
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
      out.raw(a, copied, slots[i * STRIDE + START] - copied);
      copied = slots[i * STRIDE + END];
      if (states[i] == CHANGED) {
        rewrite(out, i);
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

  /// A found attribute with its new value. What it has besides key and value, such as `key_strindex`,
  /// stays.
  private void rewrite(WireWriter out, int index) {
    int key = slots[index * STRIDE + KEY];
    int keyLength = slots[index * STRIDE + KEY_LENGTH];
    int valueLength = slots[index * STRIDE + VALUE_LENGTH];
    reader.over(a, slots[index * STRIDE + START], slots[index * STRIDE + END]).next();
    boolean noMore = reader.valueLength() == 2 + sized(keyLength) + sized(valueLength);
    if (noMore && keyLength > 0 && valueLength > 0) {
      write(out, a, key, keyLength, newValues[index]);
      return;
    }
    int end = reader.valueEnd();
    int opened = out.open(field);
    reader.over(a, reader.valueStart(), end);
    while (reader.next()) {
      if (reader.field() != 1 && reader.field() != 2) {
        out.raw(reader.wholeField());
      }
    }
    out.header(1, keyLength).raw(a, key, keyLength);
    out.bytes(2, newValues[index]);
    out.close(opened);
  }

  private void write(WireWriter out, byte[] keyArray, int key, int keyLength, Bytes value) {
    out.header(field, 2 + sized(keyLength) + sized(value.length()));
    out.header(1, keyLength).raw(keyArray, key, keyLength);
    out.bytes(2, value);
  }

  /// Bytes of a field of this length, without its one-byte tag.
  private static int sized(int length) {
    return WireWriter.varintSize(length) + length;
  }

  private boolean hasKey(int index, byte[] array, int offset, int length) {
    byte[] own = a;
    int at = slots[index * STRIDE + KEY];
    if (index >= found) {
      own = newKeys[index].sharedArray();
      at = newKeys[index].offset();
    }
    return length == 0
        || (own[at + length - 1] == array[offset + length - 1]
            && Arrays.equals(own, at, at + length, array, offset, offset + length));
  }

  private boolean isValue(int index, Bytes value) {
    int at = slots[index * STRIDE + VALUE];
    return slots[index * STRIDE + VALUE_LENGTH] == value.length()
        && Arrays.equals(
            a,
            at,
            at + value.length(),
            value.sharedArray(),
            value.offset(),
            value.offset() + value.length());
  }

  private void ensure() {
    if (size <= states.length) {
      return;
    }
    int room = 2 * size;
    slots = Arrays.copyOf(slots, room * STRIDE);
    states = Arrays.copyOf(states, room);
    int old = newKeys.length;
    newKeys = Arrays.copyOf(newKeys, room);
    newValues = Arrays.copyOf(newValues, room);
    Arrays.fill(newKeys, old, room, Bytes.EMPTY);
    Arrays.fill(newValues, old, room, Bytes.EMPTY);
  }
}

package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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
  private static final byte KEY_TAG = 0x0A;
  private static final byte VALUE_TAG = 0x12;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = ONES << 7;
  private static final int ROOM = 32;

  /// A plain attribute is shorter than 128 bytes and has a key and a value in that order, and nothing
  /// else. Then all positions follow from its first: tag, length, tag, length, key, tag, length, value.
  private static final int PLAIN_KEY = 4;

  private static final int PLAIN_VALUE = 2;
  private static final int PLAIN_BYTES_MIN = PLAIN_KEY + PLAIN_VALUE;

  /// Of the first four bytes, those that tell a plain one: the tags, and that lengths take one byte.
  private static final int PLAIN_MASK = 0x80FF80FF;

  /// So many numbers for each attribute that is not plain, and what they are.
  private static final int STRIDE = 5;

  private static final int END = 0;
  private static final int KEY = 1;
  private static final int KEY_LENGTH = 2;
  private static final int VALUE = 3;
  private static final int VALUE_LENGTH = 4;

  private byte[] a = new byte[0];
  private int from;
  private int to;
  private int field;
  private int found;
  private int size;
  private boolean changed;

  /// Where each begins; of one that is not plain the complement.
  private int[] starts = new int[ROOM];

  /// Of keys, see [#mark]. Always a multiple of eight, so that they can be looked at eight at a time.
  private byte[] marks = new byte[ROOM];

  private int[] slots = new int[0];
  private byte[] states = new byte[ROOM];
  private Bytes[] newKeys = new Bytes[ROOM];
  private Bytes[] newValues = new Bytes[ROOM];
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
    long pattern = ONES * (mark(key) & 0xFF);
    for (int i = index & ~7; i < size; i += 8) {
      long differing = (long) LONG.get(marks, i) ^ pattern;
      long equal = (differing - ONES) & ~differing & HIGH_BITS;
      for (; equal != 0; equal &= equal - 1) {
        int candidate = i + (Long.numberOfTrailingZeros(equal) >>> 3);
        if (candidate >= index && candidate < size && isAt(candidate, key)) {
          return candidate;
        }
      }
    }
    return -1;
  }

  /// What most keys differ by, in a byte.
  private static byte mark(Bytes key) {
    int from = key.offset();
    return mark(key.sharedArray(), from, from + key.length());
  }

  private static byte mark(byte[] array, int keyFrom, int keyTo) {
    return keyFrom == keyTo ? 0 : (byte) (array[keyTo - 1] * 31 + (keyTo - keyFrom));
  }

  public Bytes key(int index) {
    if (index >= found) {
      return newKeys[index];
    }
    int at = keyAt(index);
    return Bytes.wrap(a, at, at + keyLength(index));
  }

  /// The AnyValue message, see [AnyValue#decode].
  public Bytes value(int index) {
    if (states[index] == CHANGED) {
      return newValues[index];
    }
    int at = valueAt(index);
    return Bytes.wrap(a, at, at + valueLength(index));
  }

  private int start(int index) {
    return isOdd(index) ? ~starts[index] : starts[index];
  }

  private int end(int index) {
    return isOdd(index) ? slots[index * STRIDE + END] : starts[index] + 2 + a[starts[index] + 1];
  }

  private int keyAt(int index) {
    return isOdd(index) ? slots[index * STRIDE + KEY] : starts[index] + PLAIN_KEY;
  }

  private int keyLength(int index) {
    return isOdd(index) ? slots[index * STRIDE + KEY_LENGTH] : a[starts[index] + PLAIN_KEY - 1];
  }

  private int valueAt(int index) {
    return isOdd(index)
        ? slots[index * STRIDE + VALUE]
        : starts[index] + PLAIN_KEY + keyLength(index) + PLAIN_VALUE;
  }

  private int valueLength(int index) {
    return isOdd(index) ? slots[index * STRIDE + VALUE_LENGTH] : a[valueAt(index) - 1];
  }

  private boolean isOdd(int index) {
    return starts[index] < 0;
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
    marks[index] = mark(key);
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
      at = run(array, at, end, KEY_TAG << 16 | tag);
      if (at < end) {
        int key = array[at];
        int next = key > 0 && key != tag ? skip(key, at + 1) : 0;
        at = next > 0 ? next : slow(at, end, tag);
      }
    }
    found = size;
    Arrays.fill(states, 0, size, KEPT);
  }

  /// Remembers plain attributes; the result is where something else begins.
  private int run(byte[] array, int start, int end, int plainTags) {
    int[] places = starts;
    byte[] keys = marks;
    int index = size;
    int at = start;
    while (end - at >= PLAIN_BYTES_MIN) {
      int head = (int) INT.get(array, at);
      if ((head & PLAIN_MASK) != plainTags) {
        break;
      }
      int next = at + 2 + (head >>> 8 & 0x7F);
      int keyLength = head >>> 24;
      int value = at + PLAIN_KEY + keyLength;
      int valueLength = next - value - PLAIN_VALUE;
      if (valueLength < 0
          || (short) SHORT.get(array, value) != (short) (valueLength << 8 | VALUE_TAG)) {
        break;
      }
      if (index == places.length) {
        size = index;
        grow();
        places = starts;
        keys = marks;
      }
      places[index] = at;
      keys[index++] = (byte) (array[value - 1] * 31 + keyLength);
      at = next;
    }
    size = index;
    return at;
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
      int next = reader.valueEnd();
      odd(reader.fieldStart(), reader.valueStart(), next);
      return next;
    }
    return reader.valueEnd();
  }

  private void odd(int start, int pairFrom, int pairTo) {
    int index = size++;
    ensure();
    if (slots.length < starts.length * STRIDE) {
      slots = Arrays.copyOf(slots, starts.length * STRIDE);
    }
    starts[index] = ~start;
    int at = index * STRIDE;
    slots[at + END] = pairTo;
    slots[at + KEY] = pairFrom;
    slots[at + KEY_LENGTH] = 0;
    slots[at + VALUE] = pairFrom;
    slots[at + VALUE_LENGTH] = 0;
    reader.over(a, pairFrom, pairTo);
    while (reader.next()) {
      if (reader.field() == 1) {
        slots[at + KEY] = reader.valueStart();
        slots[at + KEY_LENGTH] = reader.valueLength();
      } else if (reader.field() == 2) {
        slots[at + VALUE] = reader.valueStart();
        slots[at + VALUE_LENGTH] = reader.valueLength();
      }
    }
    marks[index] = mark(a, slots[at + KEY], slots[at + KEY] + slots[at + KEY_LENGTH]);
  }

  /// The record as it is after the edit.
  void writeTo(WireWriter out) {
    int copied = from;
    for (int i = 0; i < found; i++) {
      if (states[i] == KEPT) {
        continue;
      }
      out.raw(a, copied, start(i) - copied);
      copied = end(i);
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
    int key = keyAt(index);
    int keyLength = keyLength(index);
    if (!isOdd(index)) {
      write(out, a, key, keyLength, newValues[index]);
      return;
    }
    reader.over(a, start(index), end(index)).next();
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

  private boolean isAt(int index, Bytes key) {
    byte[] own = a;
    int at;
    int length;
    if (index < found) {
      at = keyAt(index);
      length = keyLength(index);
    } else {
      own = newKeys[index].sharedArray();
      at = newKeys[index].offset();
      length = newKeys[index].length();
    }
    byte[] array = key.sharedArray();
    int offset = key.offset();
    return length == key.length()
        && states[index] != REMOVED
        && (length == 0
            || (own[at + length - 1] == array[offset + length - 1]
                && Arrays.equals(own, at, at + length, array, offset, offset + length)));
  }

  private boolean isValue(int index, Bytes value) {
    int at = valueAt(index);
    return valueLength(index) == value.length()
        && Arrays.equals(
            a,
            at,
            at + value.length(),
            value.sharedArray(),
            value.offset(),
            value.offset() + value.length());
  }

  private void ensure() {
    if (size > starts.length) {
      grow();
    }
  }

  private void grow() {
    int room = 2 * starts.length;
    starts = Arrays.copyOf(starts, room);
    marks = Arrays.copyOf(marks, room);
    states = Arrays.copyOf(states, room);
    int old = newKeys.length;
    newKeys = Arrays.copyOf(newKeys, room);
    newValues = Arrays.copyOf(newValues, room);
    Arrays.fill(newKeys, old, room, Bytes.EMPTY);
    Arrays.fill(newValues, old, room, Bytes.EMPTY);
  }
}

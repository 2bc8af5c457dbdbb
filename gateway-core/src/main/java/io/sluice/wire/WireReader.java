package io.sluice.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/// A cursor over the fields of one protobuf message.
///
/// [#next] finds the bounds of a field, checked against the message; the accessors then read it.
/// A reader is confined to one thread and reused with [#over] or [#into]; what it returns outlives
/// it.
///
/// ```
///  fieldStart   valueStart          valueEnd
///  v            v                   v
///  | tag varint | [length] value    | next field ...
/// ```
/// (for a length-delimited field `valueStart` lies behind the length)
///
/// Groups (wire types 3 and 4) are refused: OTLP has none, and skipping them is where parsers of
/// hostile input recurse.
public final class WireReader {
  public static final int VARINT = 0;
  public static final int FIXED64 = 1;
  public static final int LENGTH_DELIMITED = 2;
  public static final int FIXED32 = 5;

  private static final int VARINT_BYTES_MAX = 10;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] array = Bytes.EMPTY.array;
  private int limit;
  private int tag;
  private int fieldStart;
  private int valueStart;
  private int valueEnd;
  private long varint;

  public WireReader over(Bytes message) {
    array = message.array;
    limit = message.offset + message.length;
    valueEnd = message.offset;
    return this;
  }

  /// Walks the message in `source` from one index to another. The array is not copied.
  public WireReader over(byte[] source, int from, int to) {
    Objects.checkFromToIndex(from, to, source.length);
    array = source;
    limit = to;
    valueEnd = from;
    return this;
  }

  /// Lets `inner` walk the value of the current field, without making a slice of it.
  public WireReader into(WireReader inner) {
    inner.array = array;
    inner.limit = valueEnd;
    inner.valueEnd = valueStart;
    return inner;
  }

  /// Moves to the next field; false at the end of the message.
  public boolean next() {
    int at = valueEnd;
    if (at == limit) {
      return false;
    }
    fieldStart = at;
    valueStart = at;
    long key = array[at] >= 0 ? array[valueStart++] : readVarint();
    if (key >>> 32 != 0 || (key >>> 3) == 0) {
      throw new MalformedWireException("tag " + Long.toUnsignedString(key));
    }
    tag = (int) key;
    switch (tag & 7) {
      case VARINT -> {
        int start = valueStart;
        varint = readVarint();
        valueEnd = valueStart;
        valueStart = start;
      }
      case FIXED64 -> valueEnd = checkedEnd(8);
      case FIXED32 -> valueEnd = checkedEnd(4);
      case LENGTH_DELIMITED -> {
        long length = readVarint();
        valueEnd = checkedEnd(length);
      }
      default ->
          throw new MalformedWireException("wire type " + (tag & 7) + " in field " + field());
    }
    return true;
  }

  /// Moves to the next of the packed scalars that this walks ([#into]); [#varint], [#fixed64]
  /// or [#fixed32] then read it.
  public boolean nextPacked(int wireType) {
    if (valueEnd == limit) {
      return false;
    }
    valueStart = valueEnd;
    switch (wireType) {
      case VARINT -> {
        int start = valueStart;
        varint = readVarint();
        valueEnd = valueStart;
        valueStart = start;
      }
      case FIXED64 -> valueEnd = checkedEnd(8);
      case FIXED32 -> valueEnd = checkedEnd(4);
      default -> throw new IllegalArgumentException("wire type " + wireType + " cannot be packed");
    }
    return true;
  }

  public int field() {
    return tag >>> 3;
  }

  public int wireType() {
    return tag & 7;
  }

  public boolean is(int field, int wireType) {
    return tag == ((field << 3) | wireType);
  }

  public long varint() {
    return varint;
  }

  public long fixed64() {
    return (long) LONG.get(array, valueStart);
  }

  public int fixed32() {
    return (int) INT.get(array, valueStart);
  }

  /// How long the value is, without its length prefix.
  public int valueLength() {
    return valueEnd - valueStart;
  }

  /// One byte of the value.
  public byte valueAt(int index) {
    return array[valueStart + index];
  }

  /// The value of a length-delimited field.
  public Bytes bytes() {
    return Bytes.wrap(array, valueStart, valueEnd);
  }

  /// The whole field: tag, length and value.
  public Bytes wholeField() {
    return Bytes.wrap(array, fieldStart, valueEnd);
  }

  /// Where the current field starts, as an index into the message's array ([Bytes#sharedArray]).
  public int fieldStart() {
    return fieldStart;
  }

  public int valueStart() {
    return valueStart;
  }

  public int valueEnd() {
    return valueEnd;
  }

  private int checkedEnd(long size) {
    if (size < 0 || size > limit - valueStart) {
      throw new MalformedWireException("field " + field() + " runs past its message");
    }
    return valueStart + (int) size;
  }

  private long readVarint() {
    long value = 0;
    for (int shift = 0; shift < 7 * VARINT_BYTES_MAX; shift += 7) {
      if (valueStart == limit) {
        throw new MalformedWireException("varint runs past its message");
      }
      byte b = array[valueStart++];
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new MalformedWireException("varint of more than " + VARINT_BYTES_MAX + " bytes");
  }
}

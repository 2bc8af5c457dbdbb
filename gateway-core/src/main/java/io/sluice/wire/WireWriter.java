package io.sluice.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Writes protobuf fields into a growing array.
///
/// Nested messages are written in place between [#open] and [#close]: five bytes are kept for the
/// length, and the message moves back over those it did not need. Confined to one thread; reused with
/// [#reset].
public final class WireWriter {
  private static final int LENGTH_BYTES_MAX = 5;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final ArrayPool NOT_KEPT = ArrayPool.none();

  private final ArrayPool arrays;
  private byte[] array;
  private int size;

  public WireWriter() {
    this(64);
  }

  public WireWriter(int capacity) {
    this(capacity, NOT_KEPT);
  }

  /// @param arrays where what is written is put; to be given back by whoever has [#take]n it
  public WireWriter(int capacity, ArrayPool arrays) {
    this.arrays = arrays;
    array = arrays.take(capacity);
  }

  public WireWriter reset() {
    size = 0;
    return this;
  }

  public int size() {
    return size;
  }

  public WireWriter bytes(int field, Bytes value) {
    header(field, value.length());
    return raw(value);
  }

  public WireWriter varint(int field, long value) {
    tag(field, WireReader.VARINT);
    rawVarint(value);
    return this;
  }

  public WireWriter fixed64(int field, long value) {
    tag(field, WireReader.FIXED64);
    ensure(8);
    LONG.set(array, size, value);
    size += 8;
    return this;
  }

  public WireWriter fixed32(int field, int value) {
    tag(field, WireReader.FIXED32);
    ensure(4);
    INT.set(array, size, value);
    size += 4;
    return this;
  }

  /// The tag and length that come before a length-delimited value.
  public WireWriter header(int field, int length) {
    if ((field & ~0xF) != 0 || (length & ~0x7F) != 0) {
      tag(field, WireReader.LENGTH_DELIMITED);
      return rawVarint(length);
    }
    ensure(2);
    array[size] = (byte) (field << 3 | WireReader.LENGTH_DELIMITED);
    array[size + 1] = (byte) length;
    size += 2;
    return this;
  }

  /// Bytes as they are: whole fields, or a value whose [#header] was written.
  public WireWriter raw(Bytes value) {
    return raw(value.array, value.offset, value.length);
  }

  public WireWriter raw(byte[] source, int from, int length) {
    ensure(length);
    System.arraycopy(source, from, array, size, length);
    size += length;
    return this;
  }

  /// Begins a nested message; the result goes to [#close].
  public int open(int field) {
    tag(field, WireReader.LENGTH_DELIMITED);
    ensure(LENGTH_BYTES_MAX);
    size += LENGTH_BYTES_MAX;
    return size;
  }

  public void close(int opened) {
    close(opened, LENGTH_BYTES_MAX);
  }

  /// Begins a nested message whose length will likely take so many bytes: then nothing has to move
  /// when it is closed.
  public int open(int field, int lengthBytes) {
    tag(field, WireReader.LENGTH_DELIMITED);
    ensure(lengthBytes);
    size += lengthBytes;
    return size;
  }

  public void close(int opened, int reserved) {
    int length = size - opened;
    int lengthAt = opened - reserved;
    int lengthBytes = varintSize(length);
    if (lengthBytes != reserved) {
      ensure(LENGTH_BYTES_MAX);
      System.arraycopy(array, opened, array, lengthAt + lengthBytes, length);
    }
    size = lengthAt;
    rawVarint(length);
    size += length;
  }

  /// The array, with room for so many bytes from [#size] on, for those who write into it themselves and
  /// say so by [#wrote] before anything else is written.
  public byte[] room(int bytes) {
    ensure(bytes);
    return array;
  }

  public void wrote(int bytes) {
    size += bytes;
  }

  /// What was written, copied out; the writer may be reused.
  public Bytes toBytes() {
    return Bytes.copyOf(array, 0, size);
  }

  /// What was written, without a copy; the writer must not be used again.
  public Bytes take() {
    var bytes = Bytes.wrap(array, 0, size);
    array = Bytes.EMPTY.array;
    size = 0;
    return bytes;
  }

  public static Bytes headerOf(int field, int length) {
    return new WireWriter(10).header(field, length).take();
  }

  public static int varintSize(long value) {
    return value == 0 ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
  }

  private void tag(int field, int wireType) {
    rawVarint(((long) field << 3) | wireType);
  }

  public WireWriter rawVarint(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      array[size++] = (byte) ((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    array[size++] = (byte) rest;
    return this;
  }

  public WireWriter rawFixed64(long value) {
    ensure(8);
    LONG.set(array, size, value);
    size += 8;
    return this;
  }

  private void ensure(int more) {
    if (array.length - size < more) {
      var larger = arrays.take(Math.max(Math.addExact(size, more), array.length * 2));
      System.arraycopy(array, 0, larger, 0, size);
      arrays.giveBack(array);
      array = larger;
    }
  }
}

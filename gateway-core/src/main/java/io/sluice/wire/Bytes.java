package io.sluice.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/// An immutable run of bytes: a window on an array that nobody writes to any more.
///
/// The names say who owns the array afterwards. [#wrap] takes it over: the caller must not write to
/// it again. [#copyOf] does not. A [#slice] shares, and keeps the whole array reachable.
public final class Bytes {
  public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

  final byte[] array;
  final int offset;
  final int length;

  private Bytes(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  public static Bytes wrap(byte[] array) {
    return new Bytes(array, 0, array.length);
  }

  public static Bytes wrap(byte[] array, int from, int to) {
    Objects.checkFromToIndex(from, to, array.length);
    return new Bytes(array, from, to - from);
  }

  public static Bytes copyOf(byte[] array, int from, int to) {
    return wrap(Arrays.copyOfRange(array, from, to));
  }

  public static Bytes utf8(String text) {
    return wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  public Bytes slice(int from, int to) {
    Objects.checkFromToIndex(from, to, length);
    return new Bytes(array, offset + from, to - from);
  }

  public int length() {
    return length;
  }

  public boolean isEmpty() {
    return length == 0;
  }

  public byte at(int index) {
    Objects.checkIndex(index, length);
    return array[offset + index];
  }

  public String utf8() {
    return new String(array, offset, length, StandardCharsets.UTF_8);
  }

  public byte[] toArray() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  /// A read-only view, for channels and codecs. Shares the array.
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
  }

  /// The array behind this window, of which only `offset() .. offset() + length()` is ours. For
  /// codecs that know arrays only; nobody may write to it.
  public byte[] sharedArray() {
    return array;
  }

  public int offset() {
    return offset;
  }

  public void copyTo(byte[] target, int at) {
    System.arraycopy(array, offset, target, at, length);
  }

  public void writeTo(OutputStream out) throws IOException {
    out.write(array, offset, length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that
        && Arrays.equals(
            array, offset, offset + length, that.array, that.offset, that.offset + that.length);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + array[i];
    }
    return hash;
  }

  /// The length only: payloads do not belong in logs.
  @Override
  public String toString() {
    return "Bytes[" + length + "]";
  }
}

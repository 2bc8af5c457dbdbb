package io.sluice.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A name of a field, as it stands in a text: quotes, name, quote, colon. Compared by its first and its
/// last eight bytes, and what is between only if there is such.
final class JsonName {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// Among all names of all messages, from 0.
  final int index;

  private final Schema.@Nullable Field field;
  private final byte[] text;
  private final int length;
  private final long head;
  private final long headMask;
  private final long tail;

  /// @param field null for what stands before the first name of a message
  JsonName(int index, String name, Schema.@Nullable Field field) {
    this.index = index;
    this.field = field;
    text = ('"' + name + "\":").getBytes(StandardCharsets.US_ASCII);
    length = text.length;
    byte[] padded = Arrays.copyOf(text, Math.max(8, length));
    head = (long) LONG.get(padded, 0);
    headMask = length >= 8 ? -1 : (1L << (8 * length)) - 1;
    tail = (long) LONG.get(padded, padded.length - 8);
  }

  Schema.Field field() {
    return Objects.requireNonNull(field);
  }

  /// Without quotes and colon.
  byte[] text() {
    return Arrays.copyOfRange(text, 1, length - 2);
  }

  /// Whether this is the name, without quotes and colon.
  boolean is(byte[] a, int from, int to) {
    return Arrays.equals(text, 1, length - 2, a, from, to);
  }

  int length() {
    return length;
  }

  /// Whether it stands there as it mostly does, without escapes and spaces.
  boolean isAt(byte[] a, int at, int end) {
    if (end - at < Math.max(8, length) || (((long) LONG.get(a, at) ^ head) & headMask) != 0) {
      return false;
    }
    return length <= 8
        || ((long) LONG.get(a, at + length - 8) == tail
            && (length <= 16 || Arrays.equals(text, 8, length - 8, a, at + 8, at + length - 8)));
  }
}

package io.sluice.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Whether bytes are UTF-8, as strictly as protobuf: no surrogates, no overlong forms, nothing above
/// U+10FFFF. Eight bytes at a time while they are ASCII.
final class Utf8 {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8() {}

  static boolean valid(byte[] a, int from, int to) {
    return ascii(a, from, to) || strict(a, from, to);
  }

  static boolean ascii(byte[] a, int from, int to) {
    int at = from;
    for (; to - at >= 8; at += 8) {
      if (((long) LONG.get(a, at) & HIGH_BITS) != 0) {
        return false;
      }
    }
    int rest = to - at;
    if (rest == 0) {
      return true;
    }
    if (a.length - at >= 8) {
      return ((long) LONG.get(a, at) & (HIGH_BITS >>> (64 - 8 * rest))) == 0;
    }
    int bits = 0;
    for (; at < to; at++) {
      bits |= a[at];
    }
    return bits >= 0;
  }

  /// As [#ascii], for at least eight bytes: the last eight are looked at whatever came before.
  static boolean asciiOfEight(byte[] a, int from, int to) {
    long bits = (long) LONG.get(a, to - 8);
    for (int at = from; at < to - 8; at += 8) {
      bits |= (long) LONG.get(a, at);
    }
    return (bits & HIGH_BITS) == 0;
  }

  private static boolean strict(byte[] a, int from, int to) {
    int at = from;
    while (at < to) {
      int first = a[at++];
      if (first >= 0) {
        continue;
      }
      int length = lengthOf(first & 0xFF);
      if (length == 0 || to - at < length - 1 || !tail(a, at, first & 0xFF, length)) {
        return false;
      }
      at += length - 1;
    }
    return true;
  }

  private static int lengthOf(int first) {
    if (first < 0xC2 || first > 0xF4) {
      return 0;
    }
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  }

  private static boolean tail(byte[] a, int at, int first, int length) {
    int second = a[at] & 0xFF;
    int low =
        switch (first) {
          case 0xE0 -> 0xA0;
          case 0xF0 -> 0x90;
          default -> 0x80;
        };
    int high =
        switch (first) {
          case 0xED -> 0x9F;
          case 0xF4 -> 0x8F;
          default -> 0xBF;
        };
    if (second < low || second > high) {
      return false;
    }
    for (int i = 1; i < length - 1; i++) {
      if ((a[at + i] & 0xC0) != 0x80) {
        return false;
      }
    }
    return true;
  }
}

package io.sluice.transport.hostile;

import java.util.Arrays;

/// Values in values.
public final class Deep {
  private static final int BYTES_A_LEVEL_MAX = 14;

  private Deep() {}

  /// A list in a list in a list, so deep, as an attribute of a span; written from the inside out.
  public static byte[] lists(int depth) {
    var out = new byte[depth * BYTES_A_LEVEL_MAX + 64];
    int at = out.length;
    int end = at;
    for (int i = 0; i < depth; i++) {
      at = before(out, at, end, 1);
      at = before(out, at, end, 5);
    }
    for (int field : new int[] {2, 9, 2, 2, 1}) {
      at = before(out, at, end, field);
    }
    return Arrays.copyOfRange(out, at, end);
  }

  /// Puts a tag and a length before what stands there.
  private static int before(byte[] out, int at, int end, int field) {
    int length = end - at;
    int size = length < 1 << 7 ? 1 : length < 1 << 14 ? 2 : length < 1 << 21 ? 3 : 4;
    int start = at - size - 1;
    out[start] = (byte) ((field << 3) | 2);
    for (int i = 0; i < size; i++) {
      out[start + 1 + i] = (byte) (((length >>> (7 * i)) & 0x7f) | (i < size - 1 ? 0x80 : 0));
    }
    return start;
  }
}

package io.sluice.data;

import java.util.Arrays;

/// Hexadecimal digits in either case, as bytes.
final class Hex {
  private static final byte[] VALUES = values();

  private Hex() {}

  static boolean isDigit(byte digit) {
    return VALUES[digit & 0xFF] >= 0;
  }

  static int value(byte digit) {
    return VALUES[digit & 0xFF];
  }

  /// Decodes digits in pairs.
  ///
  /// @return whether all were digits; if not, what was written means nothing
  static boolean decode(byte[] digits, int from, int to, byte[] target) {
    int bad = 0;
    for (int i = from, j = 0; i < to; i += 2, j++) {
      int pair = VALUES[digits[i] & 0xFF] << 4 | VALUES[digits[i + 1] & 0xFF];
      bad |= pair;
      target[j] = (byte) pair;
    }
    return bad >= 0;
  }

  private static byte[] values() {
    var values = new byte[256];
    Arrays.fill(values, (byte) -1);
    for (int i = 0; i < 16; i++) {
      values[Character.forDigit(i, 16)] = (byte) i;
      values[Character.toUpperCase(Character.forDigit(i, 16))] = (byte) i;
    }
    return values;
  }
}

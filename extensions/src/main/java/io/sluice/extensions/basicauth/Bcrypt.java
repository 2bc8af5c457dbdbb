package io.sluice.extensions.basicauth;

import java.math.BigInteger;
import java.util.Arrays;

/// The hash of passwords by Provos and Mazières: Blowfish, whose tables are made anew by password and salt,
/// `2^cost` times. Used once.
final class Bcrypt {
  static final int COST_MIN = 4;

  /// A check of this cost takes some seconds.
  static final int COST_MAX = 15;

  private static final String DIGITS =
      "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ROUNDS = 16;
  private static final int KEYS = ROUNDS + 2;
  private static final int BOXES = 4 * 256;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 23;

  /// Of a password; more does not count.
  private static final int KEY_BYTES_MAX = 72;

  private static final int ENCRYPTIONS = 64;

  /// "OrpheanBeholderScryDoubt".
  private static final int[] TEXT = {
    0x4f727068, 0x65616e42, 0x65686f6c, 0x64657253, 0x63727944, 0x6f756274
  };

  private final int[] keys = Arrays.copyOf(Pi.WORDS, KEYS);
  private final int[] boxes = Arrays.copyOfRange(Pi.WORDS, KEYS, KEYS + BOXES);

  /// What Blowfish begins with: the first digits of pi behind the point.
  private static final class Pi {
    static final int[] WORDS = words();

    private static final int SPARE_BITS = 64;

    private static int[] words() {
      int bits = Integer.SIZE * (KEYS + BOXES);
      var one = BigInteger.ONE.shiftLeft(bits + SPARE_BITS);
      var quarter =
          arctanOfInverse(5, one).shiftLeft(2).subtract(arctanOfInverse(239, one)); // Machin
      var pi = quarter.shiftLeft(2).shiftRight(SPARE_BITS);
      var words = new int[KEYS + BOXES];
      for (int i = 0; i < words.length; i++) {
        words[i] = pi.shiftRight(bits - Integer.SIZE * (i + 1)).intValue();
      }
      return words;
    }

    private static BigInteger arctanOfInverse(int number, BigInteger one) {
      var square = BigInteger.valueOf((long) number * number);
      var power = one.divide(BigInteger.valueOf(number));
      var sum = power;
      for (int i = 3; power.signum() != 0; i += 2) {
        power = power.divide(square);
        var term = power.divide(BigInteger.valueOf(i));
        sum = i % 4 == 3 ? sum.subtract(term) : sum.add(term);
      }
      return sum;
    }
  }

  /// @param salt 22 digits
  /// @return the 31 digits behind the salt
  String hash(byte[] password, int cost, String salt) {
    var saltBytes = bytes(salt);
    var key = Arrays.copyOf(password, Math.min(password.length + 1, KEY_BYTES_MAX));
    var none = new byte[SALT_BYTES];
    expand(key, saltBytes);
    for (int i = 0; i < 1 << cost; i++) {
      expand(key, none);
      expand(saltBytes, none);
    }
    return digits(encrypted());
  }

  private byte[] encrypted() {
    var text = TEXT.clone();
    for (int at = 0; at < text.length; at += 2) {
      for (int i = 0; i < ENCRYPTIONS; i++) {
        long block = encrypt(text[at], text[at + 1]);
        text[at] = (int) (block >>> Integer.SIZE);
        text[at + 1] = (int) block;
      }
    }
    var bytes = new byte[HASH_BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (text[i / 4] >>> (24 - 8 * (i % 4)));
    }
    return bytes;
  }

  private void expand(byte[] key, byte[] salt) {
    for (int i = 0; i < KEYS; i++) {
      keys[i] ^= word(key, 4 * i);
    }
    long block = 0;
    for (int i = 0; i < KEYS + BOXES; i += 2) {
      int left = (int) (block >>> Integer.SIZE) ^ word(salt, 4 * i);
      int right = (int) block ^ word(salt, 4 * i + 4);
      block = encrypt(left, right);
      var table = i < KEYS ? keys : boxes;
      int at = i < KEYS ? i : i - KEYS;
      table[at] = (int) (block >>> Integer.SIZE);
      table[at + 1] = (int) block;
    }
  }

  /// Four bytes from there on, round and round.
  private static int word(byte[] bytes, int from) {
    int word = 0;
    for (int i = 0; i < 4; i++) {
      word = (word << 8) | (bytes[(from + i) % bytes.length] & 0xff);
    }
    return word;
  }

  private long encrypt(int leftHalf, int rightHalf) {
    int left = leftHalf;
    int right = rightHalf;
    for (int i = 0; i < ROUNDS; i += 2) {
      left ^= keys[i];
      right ^= mixed(left);
      right ^= keys[i + 1];
      left ^= mixed(right);
    }
    return ((long) (right ^ keys[ROUNDS + 1]) << Integer.SIZE)
        | ((left ^ keys[ROUNDS]) & 0xffffffffL);
  }

  private int mixed(int half) {
    int sum = boxes[half >>> 24] + boxes[256 + ((half >>> 16) & 0xff)];
    return (sum ^ boxes[512 + ((half >>> 8) & 0xff)]) + boxes[768 + (half & 0xff)];
  }

  private static byte[] bytes(String digits) {
    var bytes = new byte[SALT_BYTES];
    int bits = 0;
    int held = 0;
    int at = 0;
    for (int i = 0; i < digits.length() && at < bytes.length; i++) {
      bits = (bits << 6) | DIGITS.indexOf(digits.charAt(i));
      held += 6;
      if (held >= 8) {
        held -= 8;
        bytes[at++] = (byte) (bits >>> held);
      }
    }
    return bytes;
  }

  private static String digits(byte[] bytes) {
    var text = new StringBuilder();
    int bits = 0;
    int held = 0;
    for (byte each : bytes) {
      bits = (bits << 8) | (each & 0xff);
      held += 8;
      while (held >= 6) {
        held -= 6;
        text.append(DIGITS.charAt((bits >>> held) & 0x3f));
      }
    }
    return text.append(DIGITS.charAt((bits << (6 - held)) & 0x3f)).toString();
  }
}

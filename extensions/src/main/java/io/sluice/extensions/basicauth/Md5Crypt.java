package io.sluice.extensions.basicauth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/// The hash of passwords that FreeBSD began and Apache took over: a thousand rounds of MD5.
final class Md5Crypt {
  private static final String DIGITS =
      "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int ROUNDS = 1000;

  /// Which bytes of the digest make four digits each; the last is left over.
  private static final int[][] GROUPS = {
    {0, 6, 12}, {1, 7, 13}, {2, 8, 14}, {3, 9, 15}, {4, 10, 5}
  };

  private static final int LAST = 11;

  private Md5Crypt() {}

  /// @param magic `apr1` or `1`
  /// @return the 22 digits behind the salt
  static String hash(byte[] password, String magic, byte[] salt) {
    var digest = first(password, ("$" + magic + "$").getBytes(StandardCharsets.UTF_8), salt);
    for (int round = 0; round < ROUNDS; round++) {
      digest = round(round, password, salt, digest);
    }
    var text = new StringBuilder();
    for (var group : GROUPS) {
      int bits =
          ((digest[group[0]] & 0xff) << 16)
              | ((digest[group[1]] & 0xff) << 8)
              | (digest[group[2]] & 0xff);
      digits(bits, 4, text);
    }
    digits(digest[LAST] & 0xff, 2, text);
    return text.toString();
  }

  private static byte[] first(byte[] password, byte[] magic, byte[] salt) {
    var inner = md5(password, salt, password);
    var outer = PasswordHash.digest("MD5");
    outer.update(password);
    outer.update(magic);
    outer.update(salt);
    for (int left = password.length; left > 0; left -= inner.length) {
      outer.update(inner, 0, Math.min(inner.length, left));
    }
    for (int bits = password.length; bits > 0; bits >>= 1) {
      outer.update((bits & 1) != 0 ? (byte) 0 : password[0]);
    }
    return outer.digest();
  }

  private static byte[] round(int round, byte[] password, byte[] salt, byte[] before) {
    boolean odd = (round & 1) != 0;
    return md5(
        odd ? password : before,
        round % 3 != 0 ? salt : new byte[0],
        round % 7 != 0 ? password : new byte[0],
        odd ? before : password);
  }

  private static byte[] md5(byte[]... parts) {
    MessageDigest md5 = PasswordHash.digest("MD5");
    Arrays.stream(parts).forEach(md5::update);
    return md5.digest();
  }

  private static void digits(int bits, int count, StringBuilder text) {
    for (int i = 0; i < count; i++) {
      text.append(DIGITS.charAt((bits >> (6 * i)) & 0x3f));
    }
  }
}

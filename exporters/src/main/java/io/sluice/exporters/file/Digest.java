package io.sluice.exporters.file;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A short name for a long value.
final class Digest {
  private static final int BYTES = 16;

  private Digest() {}

  static String of(String value) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      var digest = sha.digest(value.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

package io.sluice.extensions.basicauth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;

/// A password as an htpasswd file keeps it.
sealed interface PasswordHash {
  Pattern BCRYPT =
      Pattern.compile("\\$2[abxy]?\\$(\\d\\d)\\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})");
  Pattern MD5 = Pattern.compile("\\$(apr1|1)\\$([^$]{0,8})\\$([./A-Za-z0-9]{22})");
  String SHA = "{SHA}";
  String SSHA = "{SSHA}";
  int SHA_BYTES = 20;

  boolean matches(String password);

  /// Whether it takes long enough to hold up others.
  boolean isCostly();

  /// Whatever looks like none of the others is the password itself.
  ///
  /// @throws IllegalArgumentException if it looks like a hash that is not known
  static PasswordHash parse(String text) {
    var bcrypt = BCRYPT.matcher(text);
    if (bcrypt.matches()) {
      int cost = Integer.parseInt(bcrypt.group(1));
      if (cost < Bcrypt.COST_MIN || cost > Bcrypt.COST_MAX) {
        throw new IllegalArgumentException(
            "bcrypt of cost "
                + cost
                + " (expected: "
                + Bcrypt.COST_MIN
                + " to "
                + Bcrypt.COST_MAX
                + ")");
      }
      return new Blowfish(cost, bcrypt.group(2), bcrypt.group(3));
    }
    var md5 = MD5.matcher(text);
    if (md5.matches()) {
      return new Md5(md5.group(1), md5.group(2), md5.group(3));
    }
    if (text.startsWith(SHA) || text.startsWith(SSHA)) {
      return salted(text.substring(text.indexOf('}') + 1), text.startsWith(SSHA));
    }
    if (text.startsWith("$") || text.startsWith("{")) {
      throw new IllegalArgumentException(
          "a hash of an unknown kind (expected: bcrypt, MD5, {SHA}, {SSHA} or plain text)");
    }
    return new Plain(text);
  }

  private static Sha salted(String base64, boolean salted) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException("a hash that is no base64");
    }
    if (bytes.length < SHA_BYTES || (!salted && bytes.length > SHA_BYTES)) {
      throw new IllegalArgumentException("a hash of " + bytes.length + " bytes (expected: 20)");
    }
    return new Sha(
        Arrays.copyOf(bytes, SHA_BYTES), Arrays.copyOfRange(bytes, SHA_BYTES, bytes.length));
  }

  static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError(algorithm, e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// `$2y$10$` and the like.
  record Blowfish(int cost, String salt, String hash) implements PasswordHash {
    @Override
    public boolean matches(String password) {
      var made = new Bcrypt().hash(bytes(password), cost, salt);
      return MessageDigest.isEqual(bytes(made), bytes(hash));
    }

    @Override
    public boolean isCostly() {
      return true;
    }
  }

  /// `$apr1$` of Apache and `$1$` of Unix.
  record Md5(String magic, String salt, String hash) implements PasswordHash {
    @Override
    public boolean matches(String password) {
      var made = Md5Crypt.hash(bytes(password), magic, bytes(salt));
      return MessageDigest.isEqual(bytes(made), bytes(hash));
    }

    @Override
    public boolean isCostly() {
      return true;
    }
  }

  /// `{SHA}`, and with a salt `{SSHA}`.
  record Sha(byte[] hash, byte[] salt) implements PasswordHash {
    @Override
    public boolean matches(String password) {
      var digest = digest("SHA-1");
      digest.update(bytes(password));
      return MessageDigest.isEqual(digest.digest(salt), hash);
    }

    @Override
    public boolean isCostly() {
      return false;
    }
  }

  /// The password itself.
  record Plain(String text) implements PasswordHash {
    @Override
    public boolean matches(String password) {
      return MessageDigest.isEqual(bytes(password), bytes(text));
    }

    @Override
    public boolean isCostly() {
      return false;
    }

    @Override
    public String toString() {
      return "Plain";
    }
  }
}

package io.sluice.extensions.basicauth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The users of an htpasswd file: `name:hash` a line, `#` before comments. Never changes but for what it
/// remembers: of each user the digest of the password that was right. Safe on any thread.
final class Htpasswd {
  static final int USERS_MAX = 100_000;
  private static final int SALT_BYTES = 16;

  private final Map<String, PasswordHash> users;

  /// Stands in for users that are not there, so that they take as long as others.
  private final Optional<PasswordHash> decoy;

  private final Map<String, byte[]> right = new ConcurrentHashMap<>();
  private final byte[] salt;

  private Htpasswd(Map<String, PasswordHash> users, byte[] salt) {
    this.users = users;
    this.salt = salt;
    decoy = users.values().stream().filter(PasswordHash::isCostly).findFirst();
  }

  private static byte[] newSalt() {
    var salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    return salt;
  }

  /// Reads the text.
  ///
  /// @throws IllegalArgumentException that names the line, and nothing that is in it
  static Htpasswd parse(String text) {
    var users = new HashMap<String, PasswordHash>();
    int number = 0;
    for (var line : text.lines().toList()) {
      number++;
      var entry = line.strip();
      if (entry.isEmpty() || entry.startsWith("#")) {
        continue;
      }
      int colon = entry.indexOf(':');
      if (colon <= 0) {
        throw new IllegalArgumentException("line " + number + " (expected: name:hash)");
      }
      try {
        users.put(entry.substring(0, colon), PasswordHash.parse(entry.substring(colon + 1)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
      }
      if (users.size() > USERS_MAX) {
        throw new IllegalArgumentException("more than " + USERS_MAX + " users");
      }
    }
    return new Htpasswd(Map.copyOf(users), newSalt());
  }

  /// The same, with what another remembers of those whose password has not changed: when a file is written anew
  /// they need not all be checked again.
  Htpasswd after(Htpasswd before) {
    var same = new Htpasswd(users, before.salt);
    before.right.forEach((user, digest) -> {
      if (Objects.equals(before.users.get(user), users.get(user))) {
        same.right.put(user, digest);
      }
    });
    return same;
  }

  boolean isEmpty() {
    return users.isEmpty();
  }

  boolean isCostly(String user) {
    var hash = users.get(user);
    return hash == null ? decoy.isPresent() : hash.isCostly();
  }

  boolean matches(String user, String password) {
    var hash = users.get(user);
    if (hash == null) {
      decoy.ifPresent(other -> other.matches(password));
      return false;
    }
    boolean matches = hash.matches(password);
    if (matches && hash.isCostly()) {
      right.put(user, digest(user, password));
    }
    return matches;
  }

  /// Whether this password was right before.
  boolean isRemembered(String user, String password) {
    var known = right.get(user);
    return known != null && MessageDigest.isEqual(known, digest(user, password));
  }

  private byte[] digest(String user, String password) {
    var digest = PasswordHash.digest("SHA-256");
    digest.update(salt);
    digest.update(user.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    return digest.digest(password.getBytes(StandardCharsets.UTF_8));
  }
}

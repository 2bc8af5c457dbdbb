package io.sluice.disk;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Request headers that are not written to disk: a queue lives longer than the request, and so do copies
/// of it.
public final class Credentials {
  private static final Set<String> NAMES =
      Set.of("authorization", "proxy-authorization", "cookie", "set-cookie", "www-authenticate");
  private static final List<String> PARTS_OF_NAMES =
      List.of("token", "secret", "password", "api-key", "apikey", "api_key", "credential");

  private Credentials() {}

  public static boolean carriedBy(String header) {
    var name = header.toLowerCase(Locale.ROOT);
    return NAMES.contains(name) || PARTS_OF_NAMES.stream().anyMatch(name::contains);
  }
}

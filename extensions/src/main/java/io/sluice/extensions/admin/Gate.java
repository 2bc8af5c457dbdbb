package io.sluice.extensions.admin;

import io.sluice.transport.http.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.regex.Pattern;

/// Who may ask what.
///
/// A page in somebody's browser can send requests to this machine, and can make its own name lead here
/// (DNS rebinding): such requests carry the page's origin, or a host that is not this machine.
final class Gate {
  private static final Pattern IPV4_LOOPBACK =
      Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  private static final String BEARER = "Bearer ";

  private final byte[] token;

  Gate(String token) {
    this.token = token.getBytes(StandardCharsets.UTF_8);
  }

  static boolean loopback(String host) {
    var name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost") || name.equals("::1") || IPV4_LOOPBACK.matcher(name).matches();
  }

  /// Why nothing at all is answered; empty if something may be.
  String objection(HttpExchange exchange) {
    var authority = exchange.request().authority();
    var host = authority == null ? "" : authority.host();
    var name =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    if (!loopback(name)) {
      return "the host '"
          + host
          + "' is not this machine (expected: localhost, 127.0.0.1 or [::1])";
    }
    var origin = exchange.header("Origin");
    if (!origin.isEmpty() && !origin.equals("http://" + authority)) {
      return "requests from other origins are refused: " + origin;
    }
    var site = exchange.header("Sec-Fetch-Site");
    if (!site.isEmpty() && !site.equals("same-origin") && !site.equals("none")) {
      return "requests from other sites are refused";
    }
    return "";
  }

  boolean knows(HttpExchange exchange) {
    var given = exchange.header("Authorization");
    return given.startsWith(BEARER)
        && MessageDigest.isEqual(
            token, given.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8));
  }
}

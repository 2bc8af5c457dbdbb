package io.sluice.transport;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which proxy the environment wants between us and a destination, by the rules of Go's clients:
/// `HTTPS_PROXY` or `HTTP_PROXY`, in small letters too; `NO_PROXY` holds host names, domains, addresses,
/// ranges of addresses (`10.0.0.0/8`), each with a port if wanted, and `*`. What is on this machine is
/// never reached through one.
public final class ProxyRules {
  private ProxyRules() {}

  /// The proxy's URL, as it is written.
  ///
  /// @param host as it stands in a URL: an IPv6 address may be in brackets
  public static Optional<String> urlFor(
      boolean tls, String host, int port, Map<String, String> environment) {
    var name = host.toLowerCase(Locale.ROOT);
    if (name.startsWith("[") && name.endsWith("]")) {
      name = name.substring(1, name.length() - 1);
    }
    var url = of(environment, tls ? "HTTPS_PROXY" : "HTTP_PROXY");
    if (url.isEmpty() || isHere(name) || isExempt(name, port, of(environment, "NO_PROXY"))) {
      return Optional.empty();
    }
    return Optional.of(url.contains("://") ? url : "http://" + url);
  }

  private static String of(Map<String, String> environment, String name) {
    var value = environment.get(name);
    return value != null && !value.isEmpty()
        ? value
        : environment.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  private static boolean isHere(String host) {
    var address = literal(host);
    return host.equals("localhost") || (address != null && address.isLoopbackAddress());
  }

  private static boolean isExempt(String host, int port, String noProxy) {
    for (var entry : noProxy.toLowerCase(Locale.ROOT).split(",", -1)) {
      if (matches(entry.strip(), host, port)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(String entry, String host, int port) {
    if (entry.isEmpty() || entry.equals("*")) {
      return !entry.isEmpty();
    }
    var address = literal(host);
    if (entry.indexOf('/') > 0) {
      return address != null && contains(entry, address);
    }
    var name = entry;
    int colon = entry.lastIndexOf(':');
    boolean name6 = entry.startsWith("[") && colon > entry.indexOf(']');
    if (name6 || (colon > 0 && entry.indexOf(':') == colon)) {
      if (!entry.substring(colon + 1).equals(String.valueOf(port))) {
        return false;
      }
      name = entry.substring(0, colon);
    }
    if (address != null) {
      return address.equals(literal(name.replace("[", "").replace("]", "")));
    }
    var domain =
        name.startsWith("*.") ? name.substring(1) : name.startsWith(".") ? name : "." + name;
    return host.equals(name) || host.endsWith(domain);
  }

  private static boolean contains(String range, InetAddress address) {
    int slash = range.indexOf('/');
    var network = literal(range.substring(0, slash));
    int bits;
    try {
      bits = Integer.parseInt(range.substring(slash + 1));
    } catch (NumberFormatException _) {
      return false;
    }
    if (network == null || network.getAddress().length != address.getAddress().length) {
      return false;
    }
    var a = network.getAddress();
    var b = address.getAddress();
    for (int i = 0; i < Math.min(bits, 8 * a.length); i++) {
      int mask = 0x80 >> (i % 8);
      if ((a[i / 8] & mask) != (b[i / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  /// Null if it is a name. Looks nothing up.
  private static @Nullable InetAddress literal(String host) {
    try {
      return InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}

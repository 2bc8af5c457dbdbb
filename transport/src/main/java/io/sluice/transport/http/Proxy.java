package io.sluice.transport.http;

import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Which proxy stands between us and a destination, by the rules of Go's clients: `NO_PROXY` holds host
/// names, domains and `*`; what is on this machine is never reached through one.
final class Proxy {
  private static final int PORT_HTTP = 80;
  private static final int PORT_HTTPS = 443;
  private static final int PORT_SOCKS = 1080;

  private Proxy() {}

  /// By the setting if there is one, else by the environment.
  static Optional<ProxyOptions> forDestination(
      URI destination, String proxyUrl, Map<String, String> environment) {
    if (!proxyUrl.isEmpty()) {
      return Optional.of(parse(proxyUrl));
    }
    var host = String.valueOf(destination.getHost()).toLowerCase(Locale.ROOT);
    var name = "https".equals(destination.getScheme()) ? "HTTPS_PROXY" : "HTTP_PROXY";
    var url = of(environment, name);
    if (url.isEmpty() || isHere(host) || isExempt(host, of(environment, "NO_PROXY"))) {
      return Optional.empty();
    }
    return Optional.of(parse(url.contains("://") ? url : "http://" + url));
  }

  /// Reads a proxy's address.
  ///
  /// @throws IllegalArgumentException saying what was found and what is expected, without the password
  static ProxyOptions parse(String url) {
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException("not a URL (expected: http://host:port)");
    }
    var scheme = String.valueOf(uri.getScheme());
    var type =
        switch (scheme) {
          case "http" -> ProxyType.HTTP;
          case "socks5", "socks5h" -> ProxyType.SOCKS5;
          default ->
              throw new IllegalArgumentException(
                  "scheme '" + scheme + "' (expected: http or socks5)");
        };
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("no host (expected: http://host:port)");
    }
    var options = new ProxyOptions().setType(type).setHost(uri.getHost());
    options.setPort(
        uri.getPort() >= 0 ? uri.getPort() : type == ProxyType.HTTP ? PORT_HTTP : PORT_SOCKS);
    if (uri.getUserInfo() != null) {
      var parts = uri.getUserInfo().split(":", 2);
      options.setUsername(parts[0]).setPassword(parts.length > 1 ? parts[1] : "");
    }
    return options;
  }

  static int portOf(URI uri) {
    return uri.getPort() >= 0
        ? uri.getPort()
        : "https".equals(uri.getScheme()) ? PORT_HTTPS : PORT_HTTP;
  }

  private static String of(Map<String, String> environment, String name) {
    var value = environment.get(name);
    return value != null && !value.isEmpty()
        ? value
        : environment.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  private static boolean isHere(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  private static boolean isExempt(String host, String noProxy) {
    for (var entry : noProxy.toLowerCase(Locale.ROOT).split(",", -1)) {
      var name = entry.strip();
      var domain = name.startsWith(".") ? name : "." + name;
      if (name.equals("*") || (!name.isEmpty() && (host.equals(name) || host.endsWith(domain)))) {
        return true;
      }
    }
    return false;
  }
}

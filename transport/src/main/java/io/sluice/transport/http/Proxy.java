package io.sluice.transport.http;

import io.sluice.transport.ProxyRules;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/// Which proxy stands between us and a destination of HTTP.
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
    return ProxyRules.urlFor(
            "https".equals(destination.getScheme()),
            String.valueOf(destination.getHost()),
            portOf(destination),
            environment)
        .map(Proxy::parse);
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
}

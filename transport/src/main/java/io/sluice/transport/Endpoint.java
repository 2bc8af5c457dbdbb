package io.sluice.transport;

import io.sluice.component.Findings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;

/// `host:port` as users write it: `localhost:4317`, `:4317`, `[::1]:4317`.
///
/// @param host empty for all addresses
public record Endpoint(String host, int port) {
  private static final int PORT_MAX = 65535;

  /// Reads an endpoint.
  ///
  /// @throws IllegalArgumentException saying what was found and what is expected
  public static Endpoint parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("'" + text + "' has no port (expected: host:port)");
    }
    var host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "'" + text + "' (expected: an IPv6 address in brackets, as in [::1]:4317)");
    }
    return new Endpoint(host, port(text, text.substring(colon + 1)));
  }

  private static int port(String text, String port) {
    try {
      int number = Integer.parseInt(port);
      if (number >= 0 && number <= PORT_MAX) {
        return number;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new IllegalArgumentException(
        "port of '" + text + "' (expected: a number up to " + PORT_MAX + ")");
  }

  /// Reports an endpoint to listen at that is missing or malformed.
  public static void check(String text, Network network, Findings findings) {
    if (text.isEmpty()) {
      findings.error("endpoint", "missing (expected: host:port)");
    } else if (network != Network.UNIX) {
      try {
        parse(text);
      } catch (IllegalArgumentException e) {
        findings.error("endpoint", String.valueOf(e.getMessage()));
      }
    }
  }

  /// Where to listen. Looks the host up, which may block for a moment.
  ///
  /// @param network of which family the address must be, if of one
  /// @throws UnknownHostException if there is no such host, or it has no address of that family
  public InetSocketAddress listenAddress(Network network) throws UnknownHostException {
    if (host.isEmpty()) {
      return switch (network) {
        case TCP4 -> new InetSocketAddress(InetAddress.getByAddress(new byte[4]), port);
        case TCP6 -> new InetSocketAddress(InetAddress.getByAddress(new byte[16]), port);
        case TCP, UNIX -> new InetSocketAddress(everywhere(), port);
      };
    }
    for (var address : InetAddress.getAllByName(host)) {
      if (network.carries(address)) {
        return new InetSocketAddress(address, port);
      }
    }
    throw new UnknownHostException("'" + host + "' has no address for " + network);
  }

  /// All addresses of both families, where there are both; else those of IPv4.
  private static InetAddress everywhere() throws UnknownHostException {
    boolean both;
    try (var socket = ServerSocketChannel.open(StandardProtocolFamily.INET6)) {
      both = socket.isOpen();
    } catch (IOException | UnsupportedOperationException _) {
      both = false;
    }
    return InetAddress.getByAddress(new byte[both ? 16 : 4]);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}

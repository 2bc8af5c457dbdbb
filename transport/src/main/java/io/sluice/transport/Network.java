package io.sluice.transport;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;

/// `transport`: what an endpoint's address belongs to.
public enum Network {
  TCP,
  TCP4,
  TCP6,
  UNIX;

  /// Whether the address is of the family that this names.
  public boolean carries(InetAddress address) {
    return switch (this) {
      case TCP -> true;
      case TCP4 -> address instanceof Inet4Address;
      case TCP6 -> address instanceof Inet6Address;
      case UNIX -> false;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

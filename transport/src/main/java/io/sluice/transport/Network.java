package io.sluice.transport;

import java.util.Locale;

/// `transport`: what an endpoint's address belongs to.
public enum Network {
  TCP,
  TCP4,
  TCP6,
  UNIX;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package io.sluice.component;

import java.util.Locale;

/// The Collector's stability levels.
public enum Stability {
  DEVELOPMENT,
  ALPHA,
  BETA,
  STABLE;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package io.sluice.exporters.prometheus;

import io.sluice.component.Key;

/// How names of metrics and labels are made of those of OTLP, in the words of Prometheus.
public enum Strategy {
  @Key("UnderscoreEscapingWithSuffixes")
  UNDERSCORES_AND_SUFFIXES(true, true),
  @Key("UnderscoreEscapingWithoutSuffixes")
  UNDERSCORES(true, false),
  @Key("NoUTF8EscapingWithSuffixes")
  SUFFIXES(false, true),
  @Key("NoTranslation")
  NONE(false, false);

  private final boolean escapes;
  private final boolean suffixes;

  Strategy(boolean escapes, boolean suffixes) {
    this.escapes = escapes;
    this.suffixes = suffixes;
  }

  /// Whether all that is no letter, digit or underscore of ASCII becomes an underscore.
  public boolean escapes() {
    return escapes;
  }

  /// Whether unit and type are put behind a metric's name.
  public boolean suffixes() {
    return suffixes;
  }
}

package io.sluice.component;

import java.util.Locale;

/// The five kinds of component, named as in `otelcol.component.kind`.
public enum Kind {
  RECEIVER,
  PROCESSOR,
  EXPORTER,
  CONNECTOR,
  EXTENSION;

  /// The section of the configuration: `receivers`, ...
  public String section() {
    return this + "s";
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

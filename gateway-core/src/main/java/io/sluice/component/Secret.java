package io.sluice.component;

/// A text that no log, error, dump or page may show.
public record Secret(String value) {
  public static final String REDACTED = "[REDACTED]";

  @Override
  public String toString() {
    return REDACTED;
  }
}

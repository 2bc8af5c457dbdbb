package io.sluice.connectors.forward;

/// `connectors::forward` has no keys.
public record ForwardConfig() {
  public static ForwardConfig defaults() {
    return new ForwardConfig();
  }
}

package io.sluice.exporters.nop;

/// `nop` has no settings.
public record NopConfig() {
  public static NopConfig defaults() {
    return new NopConfig();
  }
}

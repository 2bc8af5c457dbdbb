package io.sluice.service;

/// `service::telemetry`.
public record TelemetryConfig() {
  public static TelemetryConfig defaults() {
    return new TelemetryConfig();
  }
}

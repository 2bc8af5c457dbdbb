package io.sluice.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/// The metrics of one gateway. Handed in, never static.
///
/// Names are those on the wire of the real Collector (`otelcol_receiver_accepted_spans`, no `_total`,
/// no unit); [Exposition] writes them as they are. Labels are given as name, value, name, value.
///
/// @param level how much is measured, `service::telemetry::metrics::level`
public record Telemetry(MeterRegistry registry, Level level, Books books) {
  /// What is hidden below each level is said where the metric is made.
  public enum Level {
    NONE,
    BASIC,
    NORMAL,
    DETAILED
  }

  /// For tests: counts, shows nothing.
  public static Telemetry silent() {
    return new Telemetry(new SimpleMeterRegistry(), Level.DETAILED, new Books());
  }

  public Counter counter(String name, String help, String... labels) {
    return Counter.builder(name).description(help).tags(labels).register(registry);
  }

  public boolean at(Level wanted) {
    return level.compareTo(wanted) >= 0;
  }
}

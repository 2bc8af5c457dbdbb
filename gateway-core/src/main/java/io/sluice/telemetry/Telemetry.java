package io.sluice.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;

/// The metrics of one gateway. Handed in, never static.
///
/// Names are those on the wire of the real Collector (`otelcol_receiver_accepted_spans`, no `_total`,
/// no unit); [Exposition] writes them as they are. Labels are given as name, value, name, value. The
/// same name and labels give the same meter, so a reload goes on counting.
///
/// Safe on any thread.
public final class Telemetry {
  /// What is hidden below each level is said where the metric is made.
  public enum Level {
    NONE,
    BASIC,
    NORMAL,
    DETAILED
  }

  /// The Collector's bounds for counts of items.
  private static final double[] COUNT_BOUNDS = {
    10, 25, 50, 75, 100, 250, 500, 750, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10000,
    20000, 30000, 50000, 100000
  };

  private final MeterRegistry registry;
  private final Level level;
  private final Books books;
  private final Gauges gauges;

  /// @param level how much is measured, `service::telemetry::metrics::level`
  public Telemetry(MeterRegistry registry, Level level, Books books) {
    this.registry = registry;
    this.level = level;
    this.books = books;
    gauges = new Gauges(registry);
  }

  /// For tests: counts, shows nothing.
  public static Telemetry silent() {
    return new Telemetry(new SimpleMeterRegistry(), Level.DETAILED, new Books());
  }

  public Counter counter(String name, String help, String... labels) {
    return Counter.builder(name).description(help).tags(labels).register(registry);
  }

  /// A counter that somebody else keeps.
  public <T> Meter counter(
      String name, String help, T owner, ToDoubleFunction<T> value, String... labels) {
    return FunctionCounter.builder(name, owner, value)
        .description(help)
        .tags(labels)
        .register(registry);
  }

  /// A figure read at each scrape. Several may share name and labels: their sum is shown.
  ///
  /// @return takes the figure away again
  public Runnable gauge(String name, String help, DoubleSupplier value, String... labels) {
    return gauges.add(name, help, value, labels);
  }

  /// A histogram with the Collector's bounds for counts.
  public DistributionSummary counts(String name, String help, String... labels) {
    return DistributionSummary.builder(name)
        .description(help)
        .tags(labels)
        .serviceLevelObjectives(COUNT_BOUNDS)
        .register(registry);
  }

  /// A histogram with the Collector's bounds for sizes: 128 bytes to 16 MiB, doubling.
  public DistributionSummary sizes(String name, String help, String... labels) {
    var bounds = new double[18];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = 128L << i;
    }
    return DistributionSummary.builder(name)
        .description(help)
        .tags(labels)
        .serviceLevelObjectives(bounds)
        .register(registry);
  }

  public boolean at(Level wanted) {
    return level.compareTo(wanted) >= 0;
  }

  /// For meters of a kind that has no method here.
  public MeterRegistry registry() {
    return registry;
  }

  public Books books() {
    return books;
  }
}

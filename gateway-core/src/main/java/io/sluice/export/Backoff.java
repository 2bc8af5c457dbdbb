package io.sluice.export;

import io.sluice.component.RetryConfig;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// The waits between attempts: growing, with jitter, never below what the server asked for.
final class Backoff {
  /// A server that asks for more is broken or hostile; it is asked again after this.
  static final Duration SERVER_DELAY_MAX = Duration.ofMinutes(10);

  /// Whatever the settings are, an attempt is not made again at once, nor never.
  static final Duration DELAY_MIN = Duration.ofMillis(1);

  static final Duration DELAY_MAX = Duration.ofDays(1);

  private final RetryConfig config;
  private final RandomGenerator random;
  private double intervalNanos;

  Backoff(RetryConfig config, RandomGenerator random) {
    this.config = config;
    this.random = random;
    intervalNanos = nanos(config.initialInterval());
  }

  /// What the server asked for is lengthened by a part of the jitter: else all whom it told the same would
  /// come back at the same moment.
  ///
  /// @param asked by the server; zero if it did not say
  Duration next(Duration asked) {
    double spread = config.randomizationFactor() * intervalNanos;
    double jitter = random.nextDouble() * 2 * spread;
    double own = intervalNanos - spread + jitter;
    intervalNanos = Math.min(intervalNanos * config.multiplier(), nanos(config.maxInterval()));
    if (!asked.isPositive()) {
      return delay(own);
    }
    var capped = asked.compareTo(SERVER_DELAY_MAX) > 0 ? SERVER_DELAY_MAX : asked;
    return delay(Math.max(own, nanos(capped) + jitter / 2));
  }

  private static double nanos(Duration duration) {
    return duration.compareTo(DELAY_MAX) < 0 ? duration.toNanos() : DELAY_MAX.toNanos();
  }

  private static Duration delay(double nanos) {
    return Duration.ofNanos(Math.clamp((long) nanos, DELAY_MIN.toNanos(), DELAY_MAX.toNanos()));
  }
}

package io.sluice.export;

import io.sluice.component.RetryConfig;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// The waits between the attempts for one batch: growing, with jitter, never below what the server
/// asked for.
final class Backoff {
  /// A server that asks for more is broken or hostile; it is asked again after this.
  static final Duration SERVER_DELAY_MAX = Duration.ofMinutes(10);

  private final RetryConfig config;
  private final RandomGenerator random;
  private double intervalMs;

  Backoff(RetryConfig config, RandomGenerator random) {
    this.config = config;
    this.random = random;
    intervalMs = config.initialInterval().toMillis();
  }

  Duration next(Duration serverDelay) {
    double spread = config.randomizationFactor() * intervalMs;
    double jittered = intervalMs - spread + random.nextDouble() * 2 * spread;
    intervalMs =
        Math.min(intervalMs * config.multiplier(), (double) config.maxInterval().toMillis());
    var own = Duration.ofNanos((long) (jittered * 1e6));
    var asked = serverDelay.compareTo(SERVER_DELAY_MAX) > 0 ? SERVER_DELAY_MAX : serverDelay;
    return own.compareTo(asked) >= 0 ? own : asked;
  }
}

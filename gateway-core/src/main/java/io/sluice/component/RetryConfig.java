package io.sluice.component;

import java.time.Duration;
import java.util.Optional;

/// `retry_on_failure`.
public record RetryConfig(
    @Doc("Whether a failed attempt is repeated.") boolean enabled,
    @Doc("Wait after the first failure.") Duration initialInterval,
    @Doc("Each wait is drawn from interval * (1 - factor) to interval * (1 + factor).")
        double randomizationFactor,
    @Doc("The interval grows by this factor after each failure.") double multiplier,
    @Doc("The interval grows no further than this.") Duration maxInterval,
    @Doc("Give up this long after the first attempt; 0 for never.") @Unless("5m0s")
        Optional<Duration> maxElapsedTime)
    implements Checked {
  private static final Duration MAX_ELAPSED_TIME = Duration.ofMinutes(5);
  public static final RetryConfig OFF =
      new RetryConfig(
          false, Duration.ofSeconds(5), 0.5, 1.5, Duration.ofSeconds(30), Optional.empty());

  public static RetryConfig defaults() {
    return new RetryConfig(
        true, Duration.ofSeconds(5), 0.5, 1.5, Duration.ofSeconds(30), Optional.empty());
  }

  /// Zero for never. What applies if the user wrote nothing depends on the queue: a disk queue
  /// retries for ever.
  public Duration giveUpAfter(boolean onDisk) {
    return maxElapsedTime.orElse(onDisk ? Duration.ZERO : MAX_ELAPSED_TIME);
  }

  @Override
  public void check(Findings findings) {
    findings.require(
        !initialInterval.isNegative(), "initial_interval", initialInterval + " (expected: >= 0)");
    findings.require(
        randomizationFactor >= 0 && randomizationFactor <= 1,
        "randomization_factor",
        randomizationFactor + " (expected: 0 to 1)");
    findings.require(multiplier >= 0, "multiplier", multiplier + " (expected: >= 0)");
    findings.require(!maxInterval.isNegative(), "max_interval", maxInterval + " (expected: >= 0)");
    var elapsed = giveUpAfter(false);
    findings.require(
        !elapsed.isNegative(), "max_elapsed_time", elapsed + " (expected: >= 0, 0 for never)");
    if (elapsed.isPositive()) {
      findings.require(
          initialInterval.compareTo(elapsed) <= 0,
          "initial_interval",
          initialInterval + " (expected: at most max_elapsed_time, " + elapsed + ")");
      findings.require(
          maxInterval.compareTo(elapsed) <= 0,
          "max_interval",
          maxInterval + " (expected: at most max_elapsed_time, " + elapsed + ")");
    }
  }
}

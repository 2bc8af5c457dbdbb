package io.sluice.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.RetryConfig;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BackoffTest {
  private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE);

  private static Backoff backoff(
      Duration initial, double factor, double multiplier, Duration most, RandomGenerator random) {
    return new Backoff(
        new RetryConfig(true, initial, factor, multiplier, most, Optional.empty()), random);
  }

  @Test
  void growsByItsFactorUpToItsLimit() {
    var backoff =
        backoff(Duration.ofMillis(500), 0, 3, Duration.ofSeconds(4), new SplittableRandom(1));
    assertThat(backoff.next(Duration.ZERO)).isEqualTo(Duration.ofMillis(500));
    assertThat(backoff.next(Duration.ZERO)).isEqualTo(Duration.ofMillis(1500));
    assertThat(backoff.next(Duration.ZERO)).isEqualTo(Duration.ofSeconds(4));
    assertThat(backoff.next(Duration.ZERO)).isEqualTo(Duration.ofSeconds(4));
  }

  @ParameterizedTest
  @CsvSource({"0, 5000", "0.25, 7500", "0.5, 10000", "0.9999999, 15000"})
  void isDrawnFromBothSidesOfItsInterval(double drawn, long ms) {
    var backoff = backoff(Duration.ofSeconds(10), 0.5, 1, Duration.ofSeconds(10), always(drawn));
    assertThat(backoff.next(Duration.ZERO).toMillis()).isBetween(ms - 1, ms + 1);
  }

  private static RandomGenerator always(double drawn) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        throw new UnsupportedOperationException();
      }

      @Override
      public double nextDouble() {
        return drawn;
      }
    };
  }

  @Test
  void whatTheServerAskedIsTheLeastAndNotForAllTheSame() {
    var asked = Duration.ofSeconds(60);
    var random = new SplittableRandom(3);
    var delays = new HashSet<Duration>();
    for (int i = 0; i < 100; i++) {
      var delay = backoff(Duration.ofSeconds(5), 0.5, 1, Duration.ofSeconds(5), random).next(asked);
      assertThat(delay).isBetween(asked, asked.plusSeconds(5));
      delays.add(delay);
    }
    assertThat(delays).hasSizeGreaterThan(50);
  }

  @ParameterizedTest
  @CsvSource({"-5", "-9223372036854775808", "9223372036854775807", "86400"})
  void aServersDelayIsNeitherNegativeNorForEver(long seconds) {
    var backoff =
        backoff(Duration.ofSeconds(5), 0, 1.5, Duration.ofSeconds(30), new SplittableRandom(1));
    assertThat(backoff.next(Duration.ofSeconds(seconds)))
        .isBetween(Duration.ofSeconds(5), Backoff.SERVER_DELAY_MAX);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0, 1.5", "1, 0", "1, 1e308", "9223372036854775807, 1e308", "0, Infinity"})
  void absurdSettingsNeitherSpinNorSleepForEver(long initialSeconds, double multiplier) {
    for (var most : new Duration[] {Duration.ZERO, LONGEST}) {
      var backoff =
          backoff(Duration.ofSeconds(initialSeconds), 1, multiplier, most, new SplittableRandom(2));
      for (int i = 0; i < 50; i++) {
        assertThat(backoff.next(Duration.ZERO)).isBetween(Backoff.DELAY_MIN, Backoff.DELAY_MAX);
      }
    }
  }
}

package io.sluice.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.disk.LogModel.Sabotage;
import io.sluice.disk.LogModel.Tally;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// [LogModel] under many seeds.
///
/// `-Ddisk.seeds` says how many, `-Ddisk.first` from which (a number, or `random`). A failure names its
/// seed: `-Ddisk.first=SEED -Ddisk.seeds=1` replays it.
final class LogModelTest {
  private static final int SEEDS = Integer.getInteger("disk.seeds", 2000);

  /// By then each sabotage is noticed.
  private static final int SABOTAGE_SEEDS_MAX = 300;

  private static long first() {
    var text = System.getProperty("disk.first", "0");
    return text.equals("random") ? new SplittableRandom().nextLong() : Long.parseLong(text);
  }

  @Test
  void whateverTheDiskDoesNothingThatWasAcknowledgedIsLost() {
    var tally = new Tally();
    long first = first();
    for (long seed = first; seed < first + SEEDS; seed++) {
      try {
        new LogModel(seed, Sabotage.NONE, tally).run();
      } catch (Throwable e) {
        throw new AssertionError("replay with -Ddisk.seeds=1 -Ddisk.first=" + seed, e);
      }
    }
    if (SEEDS >= 1000) {
      assertThat(tally.crashes).as("crashes").isGreaterThan(SEEDS);
      assertThat(tally.failedForces).as("failed forces").isGreaterThan(SEEDS / 10);
      assertThat(tally.failedWrites).as("failed writes").isGreaterThan(SEEDS / 10);
      assertThat(tally.full).as("times the disk was full").isGreaterThan(SEEDS / 10);
      assertThat(tally.duplicates).as("duplicates").isGreaterThan(SEEDS / 2);
      assertThat(tally.damaged).as("damaged").isGreaterThan(SEEDS / 10);
      assertThat(tally.quarantined).as("quarantined").isGreaterThan(SEEDS / 50);
      assertThat(tally.unreadable).as("reads that failed for good").isGreaterThan(SEEDS / 10);
      assertThat(tally.dropped).as("dropped").isGreaterThan(SEEDS / 10);
      assertThat(tally.withdrawn).as("given up after it was read").isGreaterThan(SEEDS / 10);
      assertThat(tally.givenUp).as("dropped by an operator").isGreaterThan(SEEDS / 10);
      assertThat(tally.shared).as("stored once for several").isGreaterThan(SEEDS);
      assertThat(tally.framed).as("stored compressed").isGreaterThan(SEEDS);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aBrokenRuleIsNoticed(Sabotage sabotage) {
    for (long seed = 0; seed < SABOTAGE_SEEDS_MAX; seed++) {
      try {
        new LogModel(seed, sabotage, new Tally()).run();
      } catch (AssertionError noticed) {
        return;
      }
    }
    throw new AssertionError(sabotage + " was not noticed in " + SABOTAGE_SEEDS_MAX + " runs");
  }
}

package io.sluice.it.durability;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The quick ones, for ours.
final class DurabilityIT {
  private static final long SEED = Long.getLong("durability.seed", 1);

  private static void holds(Row row) {
    System.out.println(row.markdown());
    assertThat(row.fired()).as("the fault happened: %s", row).isEqualTo(row.runs());
    assertThat(row.good()).as("seed %d: %s", row.seed(), row).isTrue();
  }

  @Test
  void whatWasAnsweredSurvivesAnyNumberOfKills() {
    var row = Kills.loop(Subject.SLUICE, SEED, 10);
    holds(row);
    assertThat(row.duplicate()).as("kills hit what was on its way").isPositive();
  }
}

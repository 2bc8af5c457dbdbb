package io.sluice.it.durability;

import static io.sluice.it.durability.Row.Figure.ACKED;
import static io.sluice.it.durability.Row.Figure.DEAD_LETTERED;
import static io.sluice.it.durability.Row.Figure.DUPLICATE;
import static io.sluice.it.durability.Row.Figure.FIRED;
import static io.sluice.it.durability.Row.Figure.LOST;
import static io.sluice.it.durability.Row.Figure.QUARANTINED;
import static io.sluice.it.durability.Row.Figure.REFUSED;
import static io.sluice.it.durability.Row.Figure.RUNS;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.Peers;
import org.junit.jupiter.api.Test;

/// The quick experiments, for ours. `-Ddurability.seed=N` tries others than those of every day.
final class FaultsIT {
  private static final long SEED = Long.getLong("durability.seed", 1);

  private static Row holds(Row row) {
    System.out.println(row.markdown());
    assertThat(row.count(FIRED)).as("the fault happened: %s", row).isEqualTo(row.count(RUNS));
    assertThat(row.count(ACKED)).as("there was load: %s", row).isPositive();
    assertThat(row.good()).as("%s", row).isTrue();
    return row;
  }

  @Test
  void whatWasAnsweredSurvivesAnyNumberOfKills() {
    var row = holds(Kills.loop(Subject.SLUICE, SEED, 10));
    assertThat(row.count(DUPLICATE)).as("kills hit what was on its way").isPositive();
  }

  @Test
  void itSurvivesAKillBeforeAnyCallOnAFile() {
    Peers.tools("strace");
    holds(Kills.atCalls(Subject.SLUICE, SEED, 6));
  }

  @Test
  void itSurvivesPowerCuts() {
    Peers.tools("root", "mkfs.ext4");
    holds(PowerCuts.cut(Subject.SLUICE, SEED, 5));
  }

  @Test
  void aPowerCutIsNoticedWithoutFsync() {
    Peers.tools("root", "mkfs.ext4");
    assertThat(PowerCuts.withoutFsync(Subject.SLUICE, SEED, 2).count(LOST)).isPositive();
  }

  @Test
  void nobodyIsAnsweredForASyncThatFailed() {
    Peers.tools("cc");
    holds(DiskFaults.sync(Subject.SLUICE, SEED, 6));
  }

  @Test
  void aFullDiskRefusesAndTakesAgainWhenThereIsRoom() {
    Peers.tools("root", "mkfs.ext4");
    var row = holds(DiskFaults.full(Subject.SLUICE, SEED, 1));
    assertThat(row.count(REFUSED)).isPositive();
  }

  @Test
  void aFlippedBitCostsTheRecordItIsIn() {
    var row = holds(Damage.bits(Subject.SLUICE, SEED, 50));
    assertThat(row.count(QUARANTINED)).as("bits hit records").isPositive();
  }

  @Test
  void whatTheDestinationWillNotHaveIsADeadLetterAndItsNeighboursAreDelivered() {
    var row = holds(Backends.poison(Subject.SLUICE, SEED, 1));
    assertThat(row.count(DEAD_LETTERED)).isPositive();
  }

  @Test
  void itStopsInTimeWhateverTheDestinationDoes() {
    holds(Endings.terminate(Subject.SLUICE, SEED, 4));
  }

  @Test
  void noAnswerLeavesBeforeTheSyncOfItsBytes() {
    Peers.tools("strace");
    holds(AckOrder.run(Subject.SLUICE, SEED, 1));
  }

  @Test
  void earlyAnswersAreNoticed() {
    Peers.tools("strace");
    assertThat(AckOrder.withoutFsync(Subject.SLUICE, SEED, 1).note()).matches("(\\d+) of \\1 .*");
  }

  /// `-Dgolden.update=1` writes what a later version must read.
  @Test
  void whatAnEarlierVersionWroteIsDelivered() {
    if (System.getProperty("golden.update") != null) {
      Formats.write(Formats.fixture(1));
    }
    holds(Formats.read(Subject.SLUICE, SEED, 1));
  }
}

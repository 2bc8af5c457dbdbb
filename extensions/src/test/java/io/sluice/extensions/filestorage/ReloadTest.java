package io.sluice.extensions.filestorage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.component.ComponentId;
import io.sluice.data.Signal;
import io.sluice.disk.KeptConfig;
import io.sluice.disk.ReadOnlyFiles;
import io.sluice.extensions.filestorage.FileStorageConfig.Orphan;
import io.sluice.extensions.filestorage.World.Starting;
import io.sluice.pipeline.Outcome;
import io.sluice.service.Gateway;
import io.sluice.service.Plan;
import io.sluice.service.Plan.Draining;
import io.sluice.testkit.BooksBalance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What becomes of what is stored when a reload takes something out, or fails.
final class ReloadTest {
  private static final Outcome ACCEPTED = new Outcome.Accepted();
  private static final String SECTION = "exporters:\n    out: {number: %d}\n";

  private final World world = new World();
  private final Gateway gateway = world.gateway();

  @TempDir Path folder;

  @AfterEach
  void close() {
    world.close();
  }

  private Plan with(Orphan orphan) {
    return world.plan(List.of(world.storage("fs", folder, orphan)), world.exporter("out", "fs"));
  }

  private Plan without(Orphan orphan, Starting starting) {
    return world.plan(
        List.of(world.storage("fs", folder, orphan)), world.exporter("other", "", starting));
  }

  private static KeptConfig kept(int number) {
    return new KeptConfig(
        ComponentId.parse("out"), Set.of(Signal.TRACES), SECTION.formatted(number));
  }

  private List<KeptConfig> files() throws Exception {
    return KeptConfig.in(new ReadOnlyFiles(folder));
  }

  /// Nothing is stored when the reload looks; then a batch comes.
  private void reloadWithABatchInBetween(Plan next) throws Exception {
    var reload = gateway.reload(next);
    World.await(() -> world.events.contains("waiting other"));
    assertThat(world.send()).as("the exporter before is there still").isEqualTo(ACCEPTED);
    world.start.complete();
    World.done(reload);
  }

  @ParameterizedTest
  @EnumSource(
      value = Orphan.class,
      names = {"ERROR", "DRAIN"})
  void whatIsStoredWhileAReloadTakesItsExporterOutIsDelivered(Orphan orphan) throws Exception {
    World.done(gateway.start(with(orphan)));
    reloadWithABatchInBetween(without(orphan, Starting.LATER));
    assertThat(gateway.health().components().get("draining")).containsOnlyKeys("exporter:out");
    World.done(gateway.tidy());
    assertThat(world.events).as("it has something to deliver").doesNotContain("stop out");

    world.up();
    World.await(() -> world.delivered("out") == 3);
    tidyUntil("stop out");
    assertThat(gateway.health().components()).doesNotContainKey("draining");
    World.done(gateway.stop());
    BooksBalance.assertBalanced(world.telemetry.books());
  }

  private void tidyUntil(String event) throws Exception {
    while (!world.events.contains(event)) {
      World.done(gateway.tidy());
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Orphan.class,
      names = {"ERROR", "DRAIN"})
  void whatAReloadLeftBehindKeepsNeitherAStartNorAReloadFromHappening(Orphan orphan)
      throws Exception {
    World.done(gateway.start(with(orphan)));
    reloadWithABatchInBetween(without(orphan, Starting.LATER));
    World.done(gateway.stop());

    var next = world.gateway();
    World.done(next.start(without(orphan, Starting.AT_ONCE)));
    assertThat(world.log).anyMatch(line -> line.contains("out:traces (3 items)"));
    World.done(
        next.reload(
            world.plan(List.of(world.storage("fs", folder, orphan)), world.exporter("third", ""))));
    World.done(next.stop());
  }

  @Test
  void howToReachWhoAReloadTakesOutIsKeptUntilNothingIsLeft() throws Exception {
    var id = ComponentId.parse("fs");
    World.done(gateway.start(with(Orphan.ERROR).with(List.of(), Map.of(id, List.of(kept(1))))));
    assertThat(files()).as("it is there").isEmpty();
    reloadWithABatchInBetween(without(Orphan.ERROR, Starting.LATER));
    World.await(() -> world.log.stream().anyMatch(line -> line.contains("Draining what")));
    assertThat(files()).containsExactly(kept(1));

    world.up();
    while (!files().isEmpty()) {
      Thread.onSpinWait();
    }
    World.done(gateway.stop());
  }

  @Test
  void aStorageThatAReloadTakesOutClosesWhenAllIsDelivered() throws Exception {
    World.done(gateway.start(with(Orphan.ERROR)));
    reloadWithABatchInBetween(world.plan(List.of(), world.exporter("other", "", Starting.LATER)));
    World.done(gateway.tidy());
    var second = world.gateway();
    var other = with(Orphan.ERROR);
    assertThatThrownBy(() -> World.done(second.start(other))).hasMessageContaining("has it open");

    world.up();
    World.await(() -> world.delivered("out") == 3);
    World.await(() -> {
      var _ = gateway.tidy();
      return starts(second, with(Orphan.ERROR));
    });
    World.done(second.stop());
    World.done(gateway.stop());
    BooksBalance.assertBalanced(world.telemetry.books());
  }

  /// The place that is wanted again is not taken from who has it before all else has started.
  @Test
  void whatDrainsGoesOnIfAReloadThatWantsItsPlaceFails() throws Exception {
    leaveSomethingWithoutAStorage();
    var broken =
        world.plan(
            List.of(
                world.storage("fs", folder, Orphan.ERROR),
                world.storage("no", folder.resolve("no"), Orphan.ERROR, Duration.ZERO, false)),
            world.exporter("out", "fs"));
    assertThatThrownBy(() -> World.done(gateway.reload(broken))).hasMessageContaining("no");

    world.up();
    World.await(() -> world.delivered("out") == 3);
    tidyUntil("stop out");
    World.done(gateway.stop());
    BooksBalance.assertBalanced(world.telemetry.books());
  }

  @Test
  void whoWantsThePlaceOfWhatDrainsGoesOnWithIt() throws Exception {
    leaveSomethingWithoutAStorage();
    World.done(gateway.reload(with(Orphan.ERROR)));
    assertThat(world.events).containsOnlyOnce("stop out");
    assertThat(world.send()).isEqualTo(ACCEPTED);
    world.up();
    World.await(() -> world.delivered("out") >= 6 && held() == 0);
    World.done(gateway.stop());
    BooksBalance.assertBalanced(world.telemetry.books());
  }

  private void leaveSomethingWithoutAStorage() throws Exception {
    World.done(gateway.start(with(Orphan.ERROR)));
    reloadWithABatchInBetween(world.plan(List.of(), world.exporter("other", "", Starting.LATER)));
  }

  private static boolean starts(Gateway gateway, Plan plan) {
    try {
      World.done(gateway.start(plan));
      return true;
    } catch (Exception _) { // the directory is not free yet
      return false;
    }
  }

  /// What had been on its way when the directory changed hands may be sent again.
  @Test
  void whatIsStoredIsDeliveredThoughItsStorageChangesToo() throws Exception {
    World.done(gateway.start(with(Orphan.ERROR)));
    reloadWithABatchInBetween(
        world.plan(
            List.of(world.storage("fs", folder, Orphan.ERROR, Duration.ofHours(9), true)),
            world.exporter("other", "", Starting.LATER)));
    world.up();
    World.await(() -> world.delivered("out") >= 3 && held() == 0);
    World.done(gateway.stop());
    BooksBalance.assertBalanced(world.telemetry.books());
  }

  /// The same exporter at the same time in the old place and in the new one.
  @Test
  void aDirectoryThatChangesUnderTrafficLosesNothing() throws Exception {
    World.done(gateway.start(with(Orphan.ERROR)));
    reloadWithABatchInBetween(
        world.plan(
            List.of(world.storage("fs", folder.resolve("new"), Orphan.ERROR)),
            world.exporter("out", "fs"),
            world.exporter("other", "", Starting.LATER)));
    assertThat(world.send()).isInstanceOf(Outcome.Refused.class); // other has no queue
    world.up();
    assertThat(world.send()).isEqualTo(ACCEPTED);
    World.await(() -> world.delivered("out") == 9);
    World.done(gateway.tidy());
    World.done(gateway.stop());
    BooksBalance.assertBalanced(world.telemetry.books());
  }

  /// The directory of the second cannot be used as the first has it; by then the first was closed.
  @Test
  void aStorageThatWasClosedForNothingGivesQueuesBackToTheirExporters() throws Exception {
    World.done(gateway.start(with(Orphan.ERROR)));
    assertThat(world.send()).isEqualTo(ACCEPTED);
    var broken =
        world.plan(
            List.of(
                world.storage("fs", folder, Orphan.ERROR, Duration.ofHours(9), true),
                world.storage("twin", folder, Orphan.ERROR)),
            world.exporter("out", "fs"));
    assertThatThrownBy(() -> World.done(gateway.reload(broken))).hasMessageContaining("twin");

    assertThat(world.send()).isEqualTo(ACCEPTED);
    world.up();
    World.await(() -> world.delivered("out") >= 6);
    World.done(gateway.reload(with(Orphan.ERROR)));
    assertThat(world.send()).isEqualTo(ACCEPTED);
    World.await(() -> world.delivered("out") >= 9 && held() == 0);
    World.done(gateway.stop());
    BooksBalance.assertBalanced(world.telemetry.books());
  }

  @Test
  void aStorageStaysOpenUntilTheOneAtAnotherPlaceIs() throws Exception {
    World.done(gateway.start(with(Orphan.ERROR)));
    var missing =
        world.plan(
            List.of(world.storage("fs", folder.resolve("no"), Orphan.ERROR, Duration.ZERO, false)),
            world.exporter("out", "fs"));
    assertThatThrownBy(() -> World.done(gateway.reload(missing)))
        .hasMessageContaining("create_directory");
    assertThat(world.events).as("it has not been touched").containsOnlyOnce("start out");
    assertThat(world.send()).isEqualTo(ACCEPTED);
    world.up();
    World.await(() -> world.delivered("out") == 3);
    World.done(gateway.stop());
  }

  @Test
  void aReloadThatFailsLeavesNothingInQueuesThatAreNotThereAfterwards() throws Exception {
    World.done(gateway.start(with(Orphan.ERROR)));
    var reload =
        gateway.reload(
            world.plan(
                true,
                List.of(
                    world.storage("fs", folder, Orphan.ERROR),
                    world.storage("twin", folder, Orphan.ERROR)),
                world.exporter("new", "fs")));
    assertThatThrownBy(() -> World.done(reload)).hasMessageContaining("twin");
    assertThat(world.send()).isEqualTo(ACCEPTED);
    World.done(gateway.stop());
    var next = world.gateway();
    World.done(next.start(with(Orphan.ERROR)));
    World.done(next.stop());
  }

  @Test
  void whatWasKeptForAReloadThatFailsIsAsItWas() throws Exception {
    var id = ComponentId.parse("fs");
    World.done(gateway.start(with(Orphan.DRAIN).with(List.of(), Map.of(id, List.of(kept(1))))));
    assertThat(files()).containsExactly(kept(1));
    var failing =
        world
            .plan(
                List.of(
                    world.storage("fs", folder, Orphan.DRAIN),
                    world.storage("twin", folder, Orphan.DRAIN)),
                world.exporter("out", "fs"))
            .with(List.of(), Map.of(id, List.of(kept(2))));
    assertThatThrownBy(() -> World.done(gateway.reload(failing))).hasMessageContaining("twin");
    World.done(gateway.stop());
    assertThat(files()).containsExactly(kept(1));
  }

  @Test
  void anExporterThatMovesLeavesWhatItHadToItself() throws Exception {
    var first = world.storage("fs", folder.resolve("a"), Orphan.DRAIN);
    var second = world.storage("fs/b", folder.resolve("b"), Orphan.DRAIN);
    var before = world.exporter("out", "fs");
    World.done(gateway.start(world.plan(List.of(first), before)));
    assertThat(world.send()).isEqualTo(ACCEPTED);
    var moved = world.plan(List.of(first, second), world.exporter("out", "fs/b"));
    assertThatThrownBy(() -> World.done(gateway.reload(moved)))
        .hasMessageContaining("out:traces (3 items)")
        .hasMessageContaining("orphan");

    World.done(
        gateway.reload(moved.with(List.of(new Draining(before, Set.of(Signal.TRACES))), Map.of())));
    assertThat(world.send()).isEqualTo(ACCEPTED);
    assertThat(held()).as("in both places").isEqualTo(6);
    world.up();
    World.await(() -> world.delivered("out") == 6);
    World.done(gateway.stop());
    assertThat(held()).isZero();
    BooksBalance.assertBalanced(world.telemetry.books());
  }

  private long held() {
    return world.telemetry.books().open("exporter:out:traces").held();
  }
}

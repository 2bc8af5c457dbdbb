package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.ComponentId;
import io.sluice.config.ConfigLoader;
import io.sluice.config.Environment;
import io.sluice.config.FeatureGates;
import io.sluice.data.Signal;
import io.sluice.disk.KeptConfig;
import io.sluice.service.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OrphansTest {
  private static final ComponentId OLD = ComponentId.parse("file_storage/old");
  private static final ComponentId OUT = ComponentId.parse("otlp_grpc/out");

  @TempDir Path folder;

  @BeforeEach
  void keep() throws IOException {
    Files.createDirectories(folder.resolve("destinations"));
    Files.writeString(
        folder.resolve("destinations/otlp_grpc%2Fout.yaml"),
        """
        signals: [traces]
        exporters:
            otlp_grpc/out: {endpoint: "127.0.0.1:1", sending_queue: {storage: file_storage/old}}
        """);
  }

  private Orphans.Resolved resolved(String orphan, String exporters, String target) {
    var loader =
        new ConfigLoader(
            Components.all(), Environment.system(), FeatureGates.defaults(), Memory.limits());
    var yaml =
        """
        extensions:
          file_storage/old: {directory: "%s", orphan: %s}
          file_storage/new: {directory: "%s/new", create_directory: true}
        receivers: {otlp: {protocols: {grpc: {endpoint: "127.0.0.1:0"}}}}
        exporters: {nop: , %s}
        service:
          extensions: [file_storage/old, file_storage/new]
          pipelines: {traces: {receivers: [otlp], exporters: [%s]}}
        """
            .formatted(folder, orphan, folder, exporters, target);
    return new Orphans(loader).in(loader.load(List.of("yaml:" + yaml), List.of()));
  }

  private static String out(String queue) {
    return "otlp_grpc/out: {endpoint: \"127.0.0.1:1\", sending_queue: {" + queue + "}}";
  }

  private static void assertDrains(Plan plan) {
    assertThat(plan.draining())
        .singleElement()
        .satisfies(each -> {
          assertThat(each.part().id()).isEqualTo(OUT);
          assertThat(each.signals()).containsExactly(Signal.TRACES);
          assertThat(Plan.storageOf(each.part())).contains(OLD);
        });
    assertThat(plan.queues(OLD)).containsExactly("otlp_grpc/out:traces");
  }

  @Test
  void whoIsGoneIsDrainedIfItIsKnownHowToReachIt() {
    for (var orphan : List.of("error", "drain")) {
      assertDrains(resolved(orphan, out("storage: file_storage/new"), "nop").plan());
    }
    assertThat(resolved("drop", out(""), "nop").plan().draining()).isEmpty();
  }

  @Test
  void whoHasItsQueueElsewhereNowIsDrainedWhereItHadIt() {
    for (var queue : List.of("storage: file_storage/new", "queue_size: 7", "enabled: false")) {
      var resolved = resolved("drain", out(queue), "otlp_grpc/out");
      assertThat(resolved.warnings()).isEmpty();
      assertDrains(resolved.plan());
    }
  }

  @Test
  void whoIsThereIsNotDrainedAndItsSectionIsHandedOn() {
    for (var orphan : List.of("error", "drain")) {
      var plan = resolved(orphan, out("storage: file_storage/old"), "otlp_grpc/out").plan();
      assertThat(plan.draining()).isEmpty();
      assertThat(plan.kept().get(OLD))
          .singleElement()
          .satisfies(kept -> {
            assertThat(kept.exporter()).isEqualTo(OUT);
            assertThat(kept.signals()).isEqualTo(Set.of(Signal.TRACES));
            assertThat(kept.section()).contains("file_storage/old");
          });
    }
  }

  /// A reload could not say how to reach it; the storage says what to do.
  @Test
  void whatIsKnownByNameOnlyIsNoMistake() throws IOException {
    Files.writeString(folder.resolve("destinations/otlp_grpc%2Fout.yaml"), "signals: [traces]\n");
    var resolved = resolved("error", out(""), "nop");
    assertThat(resolved.plan().draining()).isEmpty();
    assertThat(resolved.warnings()).isEmpty();
    assertThat(KeptConfig.ofQueue("otlp_grpc/out:traces").withheld()).isTrue();
  }
}

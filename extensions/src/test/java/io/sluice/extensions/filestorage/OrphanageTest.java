package io.sluice.extensions.filestorage;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.ComponentId;
import io.sluice.data.Lease;
import io.sluice.data.Signal;
import io.sluice.disk.Appended;
import io.sluice.disk.DiskFiles;
import io.sluice.disk.Frames;
import io.sluice.disk.KeptConfig;
import io.sluice.disk.Limits;
import io.sluice.disk.LogMeter;
import io.sluice.disk.Read;
import io.sluice.disk.ReadOnlyFiles;
import io.sluice.disk.SegmentLog;
import io.sluice.disk.Store;
import io.sluice.extensions.filestorage.FileStorageConfig.Orphan;
import io.sluice.telemetry.Log;
import io.sluice.telemetry.Telemetry;
import io.sluice.testkit.OnLoop;
import io.sluice.testkit.Payloads;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OrphanageTest {
  private static final String QUEUE = "otlp/out:traces";
  private static final Set<String> QUEUES = Set.of(QUEUE);
  private static final KeptConfig KEPT =
      new KeptConfig(
          ComponentId.parse("otlp/out"), Set.of(Signal.TRACES), "exporters:\n    otlp/out: {}\n");

  @TempDir Path folder;
  private Store store;

  @BeforeEach
  void open() throws Exception {
    var limits = Limits.of(0, Duration.ZERO, false);
    store =
        new Store(
            "test",
            DiskFiles.in(folder),
            limits,
            limits,
            new SegmentLog.Surroundings(
                Frames.NONE,
                InstantSource.system(),
                System::nanoTime,
                new SplittableRandom(),
                LogMeter.NONE,
                Log.NONE));
    store.queue(QUEUE);
    done(store.open(Duration.ZERO));
  }

  @AfterEach
  void close() throws Exception {
    done(store.close());
  }

  private static <T> T done(Future<T> step) throws Exception {
    return OnLoop.done(step.toCompletionStage().toCompletableFuture());
  }

  private Orphanage orphanage(Orphan orphan) throws Exception {
    var orphanage = new Orphanage(orphan, "", store, meters(), Log.NONE);
    done(orphanage.opened(Map.of()));
    return orphanage;
  }

  private void append() throws Exception {
    var stored = new CompletableFuture<Appended>();
    store.queue(QUEUE).append(Payloads.spans("s", 3), stored::complete);
    assertThat(OnLoop.done(stored)).isInstanceOf(Appended.Stored.class);
  }

  private void deliver() {
    var claim = store.queue(QUEUE).claim(() -> {}, (_, _) -> {});
    claim.begin();
    claim.settle(((Read.Next) claim.next(_ -> Lease.NONE)).entry());
    claim.release();
  }

  /// What the disk has when all is done that was asked of it.
  private List<KeptConfig> files() throws Exception {
    done(store.kept());
    return KeptConfig.in(new ReadOnlyFiles(folder));
  }

  /// It comes back while it is drained; the last of it is delivered before the new configuration runs.
  @Test
  void howToReachWhoComesBackIsNotForgottenWithWhatWasDrained() throws Exception {
    var orphanage = orphanage(Orphan.DRAIN);
    done(orphanage.keep(List.of(KEPT), Set.of(), true));
    done(orphanage.settled(QUEUES, Set.of()));
    append();
    done(orphanage.keep(List.of(), QUEUES, true));
    done(orphanage.settled(QUEUES, QUEUES));

    done(orphanage.keep(List.of(KEPT), Set.of(), true));
    deliver();
    orphanage.look();
    assertThat(files()).containsExactly(KEPT);
    done(orphanage.settled(QUEUES, Set.of()));
    orphanage.look();
    assertThat(files()).containsExactly(KEPT);
  }

  @Test
  void howToReachWhoIsDrainedIsForgottenAfterwards() throws Exception {
    var orphanage = orphanage(Orphan.DRAIN);
    done(orphanage.keep(List.of(KEPT), Set.of(), true));
    done(orphanage.settled(QUEUES, Set.of()));
    append();
    done(orphanage.keep(List.of(), QUEUES, true));
    done(orphanage.settled(QUEUES, QUEUES));
    orphanage.look();
    assertThat(files()).containsExactly(KEPT);
    deliver();
    orphanage.look();
    assertThat(files()).isEmpty();
  }

  /// A secret stands in it in the clear.
  @Test
  void thatAReloadLeftSomethingIsRememberedThoughNotHowToReachIt() throws Exception {
    var withheld = new KeptConfig(KEPT.exporter(), KEPT.signals(), "");
    var orphanage = orphanage(Orphan.ERROR);
    done(orphanage.keep(List.of(withheld), QUEUES, true));
    append();
    done(orphanage.settled(QUEUES, QUEUES));
    assertThat(files()).containsExactly(withheld);

    var next = new Orphanage(Orphan.ERROR, "", store, meters(), Log.NONE);
    var unwanted = Map.of(QUEUE, store.queue(QUEUE).unsettled());
    done(next.opened(unwanted));
    assertThat(next.objection(next, Set.of())).isEmpty();
    done(next.settled(Set.of(), Set.of()));
    assertThat(files()).as("as long as it is there").containsExactly(withheld);
  }

  private static StorageMeters meters() {
    return new StorageMeters(Telemetry.silent(), "fs");
  }

  /// With `error` nothing is kept of who is there.
  @Test
  void whoIsBackIsNotDrainedTheNextTime() throws Exception {
    var orphanage = orphanage(Orphan.ERROR);
    done(orphanage.keep(List.of(KEPT), QUEUES, true));
    append();
    done(orphanage.settled(QUEUES, QUEUES));
    assertThat(files()).containsExactly(KEPT);
    done(orphanage.keep(List.of(KEPT), Set.of(), true));
    done(orphanage.settled(QUEUES, Set.of()));
    assertThat(files()).isEmpty();
    assertThat(orphanage.objection(orphanage, Set.of())).isPresent();
  }
}

package io.sluice.extensions.filestorage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.component.ComponentId;
import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.data.Batch;
import io.sluice.data.Frame;
import io.sluice.data.Lease;
import io.sluice.data.Signal;
import io.sluice.disk.Appended;
import io.sluice.disk.KeptConfig;
import io.sluice.disk.Read;
import io.sluice.disk.ReadOnlyFiles;
import io.sluice.disk.Store;
import io.sluice.extensions.filestorage.FileStorageConfig.Orphan;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.OnLoop;
import io.sluice.testkit.Payloads;
import io.sluice.transport.TransportLoops;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Encoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FileStorageTest {
  private final TransportLoops loops = TransportLoops.of(1, 1);
  private final Loop loop = loops.home(Loop.Family.HTTP);

  @TempDir Path folder;

  @AfterEach
  void stopLoops() {
    loops.close();
  }

  private FileStorage storage(Path directory, boolean create, Orphan orphan) {
    var defaults = FileStorageConfig.defaults();
    var config =
        new FileStorageConfig(
            directory.toString(),
            Duration.ZERO,
            true,
            create,
            "0750",
            false,
            defaults.compaction(),
            0,
            Duration.ZERO,
            defaults.onFull(),
            orphan,
            defaults.deadLetter());
    return new FileStorage(config, Contexts.of(Kind.EXTENSION, "file_storage", loop));
  }

  private void start(FileStorage storage) throws Exception {
    OnLoop.run(loop, storage::start);
  }

  private void stop(FileStorage storage) throws Exception {
    OnLoop.run(loop, storage::stop);
  }

  private static Appended append(Store store, String queue, Batch batch) throws Exception {
    var done = new CompletableFuture<Appended>();
    store.queue(queue).append(batch, done::complete);
    return OnLoop.done(done);
  }

  @Test
  void aMissingDirectoryIsMadeOnlyIfThatIsWanted() throws Exception {
    var missing = folder.resolve("a/b");
    assertThatThrownBy(() -> start(storage(missing, false, Orphan.ERROR)))
        .hasMessageContaining(missing.toString())
        .hasMessageContaining("create_directory: true");
    var storage = storage(missing, true, Orphan.ERROR);
    start(storage);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(missing)))
        .isEqualTo("rwxr-x---");
    stop(storage);
  }

  @Test
  void aDirectoryThatIsInUseIsRefusedUntilItIsNot() throws Exception {
    var first = storage(folder, false, Orphan.ERROR);
    start(first);
    var second = storage(folder, false, Orphan.ERROR);
    assertThatThrownBy(() -> start(second))
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("another process has it open");
    stop(first);
    var third = storage(folder, false, Orphan.ERROR);
    start(third);
    stop(third);
  }

  @Test
  void whatIsStoredForNobodyIsAnErrorUnlessItIsToBeDropped() throws Exception {
    var before = storage(folder, false, Orphan.ERROR);
    before.store().queue("otlp/gone:traces");
    start(before);
    assertThat(append(before.store(), "otlp/gone:traces", Payloads.spans("s", 7)))
        .isInstanceOf(Appended.Stored.class);
    stop(before);

    assertThatThrownBy(() -> start(storage(folder, false, Orphan.ERROR)))
        .hasMessageContaining("otlp/gone:traces (7 items)");
    var dropping = storage(folder, false, Orphan.DROP);
    start(dropping);
    OnLoop.run(loop, () -> dropping.settled(Set.of(), Set.of()));
    stop(dropping);
    var after = storage(folder, false, Orphan.ERROR);
    start(after);
    stop(after);
  }

  private static KeptConfig kept() {
    return new KeptConfig(
        ComponentId.parse("otlp/gone"), Set.of(Signal.TRACES), "exporters:\n    otlp/gone: {}\n");
  }

  @Test
  void whatOthersHaveStoredIsAnObjectionUnlessItIsToBeDropped() throws Exception {
    for (var orphan : Orphan.values()) {
      var storage = storage(folder.resolve(orphan.name()), true, orphan);
      storage.store().queue("otlp/gone:traces");
      start(storage);
      assertThat(storage.objection(storage, Set.of())).as("nothing is stored").isEmpty();
      assertThat(append(storage.store(), "otlp/gone:traces", Payloads.spans("s", 7)))
          .isInstanceOf(Appended.Stored.class);
      assertThat(storage.objection(storage, Set.of("otlp/gone:traces"))).isEmpty();
      if (orphan == Orphan.DROP) {
        assertThat(storage.objection(storage, Set.of())).isEmpty();
        OnLoop.run(loop, () -> storage.settled(Set.of(), Set.of()));
        assertThat(storage.store().queue("otlp/gone:traces").unsettled().records()).isZero();
      } else {
        assertThat(storage.objection(storage, Set.of()).orElseThrow())
            .contains("otlp/gone:traces (7 items)");
      }
      stop(storage);
    }
  }

  @Test
  void howToReachAnExporterIsKeptUntilItIsDrained() throws Exception {
    var storage = storage(folder, false, Orphan.DRAIN);
    var queue = storage.store().queue("otlp/gone:traces");
    OnLoop.run(loop, () -> storage.keep(List.of(kept()), Set.of()));
    start(storage);
    assertThat(KeptConfig.in(new ReadOnlyFiles(folder))).containsExactly(kept());
    assertThat(append(storage.store(), "otlp/gone:traces", Payloads.spans("s", 7)))
        .isInstanceOf(Appended.Stored.class);

    var queues = Set.of("otlp/gone:traces");
    OnLoop.run(loop, () -> storage.keep(List.of(), queues));
    OnLoop.run(loop, () -> storage.settled(queues, queues));
    var claim = queue.claim(() -> {}, (_, _) -> {});
    claim.begin();
    assertThat(KeptConfig.in(new ReadOnlyFiles(folder))).as("not drained yet").isNotEmpty();
    claim.settle(((Read.Next) claim.next(_ -> Lease.NONE)).entry());
    while (!KeptConfig.in(new ReadOnlyFiles(folder)).isEmpty()) {
      Thread.onSpinWait();
    }
    stop(storage);
  }

  @ParameterizedTest
  @EnumSource(Codec.class)
  void aFrameIsStoredAsItCameAndOpenedWhenRead(Codec codec) throws Exception {
    var storage = storage(folder, false, Orphan.ERROR);
    var queue = storage.store().queue("a");
    start(storage);
    var plain = Payloads.spans("repeated-", 500);
    Frame frame;
    try (var encoder = Encoder.of(codec, OptionalInt.empty())) {
      frame = new Frame(codec.toString(), encoder.encode(plain.otlp()));
    }
    var batch =
        new Batch(
            plain.signal(), plain.otlp(), plain.items(), plain.origin(), plain.lease(), frame);
    assertThat(append(storage.store(), "a", batch)).isInstanceOf(Appended.Stored.class);

    var claim = queue.claim(() -> {}, (_, _) -> {});
    claim.begin();
    assertThat(claim.next(_ -> Lease.NONE))
        .isInstanceOfSatisfying(
            Read.Next.class,
            next -> {
              var read = next.entry().batch();
              assertThat(read.otlp().flatten()).isEqualTo(plain.otlp().flatten());
              assertThat(read.frame()).isEqualTo(frame);
            });
    stop(storage);
  }
}

package io.sluice.extensions.filestorage;

import io.sluice.component.ComponentContext;
import io.sluice.component.Loop;
import io.sluice.disk.DiskFiles;
import io.sluice.disk.KeptConfig;
import io.sluice.disk.Limits;
import io.sluice.disk.SegmentLog;
import io.sluice.disk.Storage;
import io.sluice.disk.Store;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Opens a store when it starts and closes it when it stops; exporters' queues do the rest.
final class FileStorage implements Storage {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final FileStorageConfig config;
  private final ComponentContext context;
  private final String place;
  private final StorageMeters meters;
  private final Store store;
  private final Orphanage orphanage;

  /// The directory is ours, or about to be.
  private volatile boolean started;

  private Loop.@Nullable Timer look;

  FileStorage(FileStorageConfig config, ComponentContext context) {
    this.config = config;
    this.context = context;
    place = real(Path.of(config.directory()).toAbsolutePath().normalize()).toString();
    meters = new StorageMeters(context.telemetry(), context.id().toString());
    store =
        new Store(
            context.id().toString(),
            new DiskFiles(Path.of(config.directory()), config.permissions(), config.fsync()),
            Limits.of(
                config.bytesMax(),
                config.ageMax(),
                config.onFull() == FileStorageConfig.OnFull.DROP_OLDEST),
            Limits.ofLetters(config.deadLetter().bytesMax()),
            new SegmentLog.Surroundings(
                new CodecFrames(),
                context.clock(),
                System::nanoTime,
                RandomGenerator.of("SecureRandom"),
                meters,
                context.log()));
    orphanage = new Orphanage(config.orphan(), place, store, meters, context.log());
  }

  @Override
  public Store store() {
    return store;
  }

  @Override
  public Future<Void> start() {
    var directory = Path.of(config.directory());
    if (!Files.isDirectory(directory) && !config.createDirectory()) {
      return Future.failedFuture(
          new IllegalStateException(
              "directory: '"
                  + directory
                  + "' is no directory (expected: one, or create_directory: true)"));
    }
    say(directory);
    started = true;
    return onLoop(store.open(config.timeout()))
        .recover(cause ->
            Future.failedFuture(
                new IllegalStateException(
                    "directory: '" + directory + "' cannot be used: " + cause.getMessage())))
        .compose(unwanted -> onLoop(orphanage.opened(unwanted)))
        .onSuccess(_ -> {
          meters.show(store);
          look();
        })
        .recover(cause -> stop().transform(_ -> Future.failedFuture(cause)));
  }

  private void say(Path directory) {
    context
        .log()
        .info("Starting file_storage extension", "directory", directory, "fsync", config.fsync());
    if (!config.fsync()) {
      context
          .log()
          .warn(
              "fsync is off: a power cut or a crash of the system loses what was answered with OK");
    }
  }

  @Override
  public String place() {
    return place;
  }

  /// The same before and after it has been made.
  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException _) {
      var parent = path.getParent();
      return parent == null ? path : real(parent).resolve(path.getFileName());
    }
  }

  @Override
  public boolean givesUp() {
    return config.orphan() == FileStorageConfig.Orphan.DROP;
  }

  @Override
  public Optional<String> objection(Storage before, Set<String> queues) {
    return before instanceof FileStorage that && that.started
        ? orphanage.objection(that.orphanage, queues)
        : Optional.empty();
  }

  @Override
  public Optional<String> objectionToLeaving() {
    return started ? orphanage.objectionToLeaving() : Optional.empty();
  }

  @Override
  public Future<Void> keep(List<KeptConfig> configs, Set<String> draining) {
    return onLoop(orphanage.keep(configs, draining, started));
  }

  @Override
  public Future<Void> settled(Set<String> queues, Set<String> draining) {
    return started ? onLoop(orphanage.settled(queues, draining)) : Future.succeededFuture();
  }

  private <T> Future<T> onLoop(Future<T> future) {
    Promise<T> done = Promise.promise();
    future.onComplete(result -> context.loop().execute(() -> done.handle(result)));
    return done.future();
  }

  private void look() {
    var blocked = store.blocked();
    if (blocked.isEmpty()) {
      context.status().ok();
    } else {
      context.status().recoverable(blocked);
    }
    orphanage.look();
    look = context.loop().schedule(LOOK_EVERY, this::look);
  }

  @Override
  public Future<Void> stop() {
    if (look != null) {
      look.cancel();
    }
    meters.hide();
    if (!started) {
      return Future.succeededFuture();
    }
    started = false;
    return onLoop(store.close());
  }
}

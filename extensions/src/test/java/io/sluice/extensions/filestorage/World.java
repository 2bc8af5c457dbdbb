package io.sluice.extensions.filestorage;

import io.sluice.component.Budget;
import io.sluice.component.ComponentContext;
import io.sluice.component.ComponentContext.Build;
import io.sluice.component.ComponentId;
import io.sluice.component.Delivery;
import io.sluice.component.Exporter;
import io.sluice.component.ExporterFactory;
import io.sluice.component.Inlets;
import io.sluice.component.Loop;
import io.sluice.component.QueueConfig;
import io.sluice.component.Receiver;
import io.sluice.component.ReceiverFactory;
import io.sluice.component.RetryConfig;
import io.sluice.component.Stability;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.extensions.filestorage.FileStorageConfig.Orphan;
import io.sluice.pipeline.Outcome;
import io.sluice.service.Environment;
import io.sluice.service.Gateway;
import io.sluice.service.PipelineId;
import io.sluice.service.Plan;
import io.sluice.service.Plan.ExporterPart;
import io.sluice.service.Plan.ExtensionPart;
import io.sluice.service.Plan.Pipeline;
import io.sluice.service.Plan.ReceiverPart;
import io.sluice.service.TelemetryConfig;
import io.sluice.telemetry.Telemetry;
import io.sluice.testkit.OnLoop;
import io.sluice.testkit.Payloads;
import io.sluice.transport.TransportLoops;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/// Gateways with real storages, between a receiver and exporters that do what a test says.
final class World implements AutoCloseable {
  private static final int SPANS = 3;
  private static final RetryConfig SOON =
      new RetryConfig(
          true, Duration.ofMillis(10), 0, 1, Duration.ofMillis(10), Optional.of(Duration.ZERO));

  final TransportLoops loops = TransportLoops.of(1, 1);
  final Telemetry telemetry = Telemetry.silent();
  final List<String> events = new CopyOnWriteArrayList<>();
  final List<String> log = new CopyOnWriteArrayList<>();
  private final Environment environment =
      new Environment(
          loops,
          Budget.UNBOUNDED,
          telemetry,
          (level, message, fields) -> log.add(level + " " + message + " " + List.of(fields)),
          InstantSource.system(),
          new Build("sluice", "Sluice", "test"));

  /// Items that each exporter has delivered.
  private final Map<String, AtomicLong> delivered = new ConcurrentHashMap<>();

  private volatile boolean up;
  private final List<In> receivers = new CopyOnWriteArrayList<>();
  private final FileStorageFactory storages = new FileStorageFactory();
  private final Ins ins = new Ins();
  private final Outs outs = new Outs();

  /// What the start of an exporter that waits for the test waits for.
  volatile Promise<Void> start = Promise.promise();

  /// @param storage where the queue is; empty for none at all
  record OutConfig(String storage, Starting starting) {}

  enum Starting {
    AT_ONCE,
    /// When the test says so.
    LATER,
    NEVER
  }

  /// @param sends whether it sends a batch when it starts
  record InConfig(boolean sends) {}

  Gateway gateway() {
    return new Gateway(environment);
  }

  void up() {
    up = true;
  }

  long delivered(String exporter) {
    return delivered.computeIfAbsent(exporter, _ -> new AtomicLong()).get();
  }

  static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("did not happen");
      }
      Thread.sleep(5);
    }
  }

  static void done(Future<Void> step) throws Exception {
    OnLoop.done(step.toCompletionStage().toCompletableFuture());
  }

  /// @return what the newest receiver was answered
  Outcome send() throws Exception {
    return OnLoop.run(loops.home(Loop.Family.HTTP), receivers.getLast()::send);
  }

  ExtensionPart<FileStorageConfig> storage(String id, Path directory, Orphan orphan) {
    return storage(id, directory, orphan, Duration.ZERO, true);
  }

  ExtensionPart<FileStorageConfig> storage(
      String id, Path directory, Orphan orphan, Duration ageMax, boolean create) {
    var defaults = FileStorageConfig.defaults();
    return new ExtensionPart<>(
        ComponentId.parse(id),
        storages,
        new FileStorageConfig(
            directory.toString(),
            Duration.ZERO,
            true,
            create,
            "0700",
            false,
            defaults.compaction(),
            0,
            ageMax,
            defaults.onFull(),
            orphan,
            defaults.deadLetter()));
  }

  ExporterPart<OutConfig> exporter(String id, String storage) {
    return exporter(id, storage, Starting.AT_ONCE);
  }

  ExporterPart<OutConfig> exporter(String id, String storage, Starting starting) {
    return new ExporterPart<>(ComponentId.parse(id), outs, new OutConfig(storage, starting));
  }

  Plan plan(List<ExtensionPart<?>> extensions, ExporterPart<?>... exporters) {
    return plan(false, extensions, exporters);
  }

  /// @param sending whether the receiver is one that sends a batch when it starts
  Plan plan(boolean sending, List<ExtensionPart<?>> extensions, ExporterPart<?>... exporters) {
    return new Plan(
        TelemetryConfig.defaults(),
        extensions,
        List.of(
            new Pipeline(
                new PipelineId(Signal.TRACES, ""),
                List.of(new ReceiverPart<>(ComponentId.parse("in"), ins, new InConfig(sending))),
                List.of(),
                List.of(exporters))));
  }

  @Override
  public void close() {
    loops.close();
  }

  private final class In implements Receiver {
    private final Inlets inlets;

    private final InConfig config;

    In(InConfig config, Inlets inlets) {
      this.config = config;
      this.inlets = inlets;
    }

    Future<Outcome> send() {
      return inlets.on(loops.home(Loop.Family.HTTP)).accept(Payloads.spans("s", SPANS));
    }

    @Override
    public Future<Void> start() {
      receivers.add(this);
      return config.sends ? send().mapEmpty() : Future.succeededFuture();
    }
  }

  private final class Out implements Exporter {
    private final String id;
    private final OutConfig config;

    Out(String id, OutConfig config) {
      this.id = id;
      this.config = config;
    }

    @Override
    public Future<Void> start() {
      events.add("start " + id);
      return switch (config.starting) {
        case AT_ONCE -> Future.succeededFuture();
        case LATER -> {
          events.add("waiting " + id);
          yield start.future();
        }
        case NEVER -> Future.failedFuture("cannot start");
      };
    }

    @Override
    public Future<Void> stop() {
      events.add("stop " + id);
      return Future.succeededFuture();
    }

    @Override
    public Future<Outcome> accept(Batch batch) {
      if (!up) {
        return Outcome.refused("down").now();
      }
      delivered.computeIfAbsent(id, _ -> new AtomicLong()).addAndGet(batch.items());
      return Outcome.accepted();
    }
  }

  private final class Ins implements ReceiverFactory<InConfig> {
    @Override
    public String type() {
      return "in";
    }

    @Override
    public Map<Signal, Stability> signals() {
      return Map.of(Signal.TRACES, Stability.STABLE);
    }

    @Override
    public InConfig defaults() {
      return new InConfig(false);
    }

    @Override
    public Receiver create(InConfig config, ComponentContext context, Inlets inlets) {
      return new In(config, inlets);
    }
  }

  private final class Outs implements ExporterFactory<OutConfig> {
    @Override
    public String type() {
      return "out";
    }

    @Override
    public Map<Signal, Stability> signals() {
      return Map.of(Signal.TRACES, Stability.STABLE);
    }

    @Override
    public OutConfig defaults() {
      return new OutConfig("", Starting.AT_ONCE);
    }

    @Override
    public Delivery delivery(OutConfig config) {
      return config.storage.isEmpty()
          ? Delivery.DIRECT
          : new Delivery(
              Duration.ZERO,
              SOON,
              Optional.of(
                  new QueueConfig(
                      Optional.empty(),
                      1000,
                      10,
                      false,
                      false,
                      Optional.of(ComponentId.parse(config.storage)),
                      Optional.empty())));
    }

    @Override
    public Exporter create(OutConfig config, ComponentContext context) {
      return new Out(context.id().toString(), config);
    }
  }
}

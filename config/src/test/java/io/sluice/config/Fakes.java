package io.sluice.config;

import io.sluice.component.AnyCase;
import io.sluice.component.Checked;
import io.sluice.component.ComponentContext;
import io.sluice.component.ComponentId;
import io.sluice.component.Connector;
import io.sluice.component.ConnectorFactory;
import io.sluice.component.Delivery;
import io.sluice.component.Doc;
import io.sluice.component.EmptyIsOff;
import io.sluice.component.Exporter;
import io.sluice.component.ExporterFactory;
import io.sluice.component.Extension;
import io.sluice.component.ExtensionFactory;
import io.sluice.component.Findings;
import io.sluice.component.Ignored;
import io.sluice.component.Inlets;
import io.sluice.component.Joining;
import io.sluice.component.Key;
import io.sluice.component.Outlets;
import io.sluice.component.Processor;
import io.sluice.component.ProcessorFactory;
import io.sluice.component.QueueConfig;
import io.sluice.component.Receiver;
import io.sluice.component.ReceiverFactory;
import io.sluice.component.Renamed;
import io.sluice.component.RetryConfig;
import io.sluice.component.Secret;
import io.sluice.component.Squash;
import io.sluice.component.Stability;
import io.sluice.data.Signal;
import io.sluice.pipeline.BatchSink;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Components that only have a configuration, one with every kind of key.
final class Fakes {
  private Fakes() {}

  static final Registry REGISTRY =
      Registry.of(
          new OtlpReceiver(),
          new TracesReceiver(),
          new Batch(),
          new Limiter(),
          new Everything(),
          new Sender(),
          new Debug(),
          new Forward(),
          new Counter(),
          new Storage());

  private static Map<Signal, Stability> all() {
    var signals = new EnumMap<Signal, Stability>(Signal.class);
    for (var signal : Signal.values()) {
      signals.put(signal, Stability.STABLE);
    }
    return signals;
  }

  // ---- receivers

  record Server(
      @Doc("Where to listen.") String endpoint,
      @Doc("Largest message in MiB.") int maxRecvMsgSizeMib,
      @Doc("Certificates.") @EmptyIsOff Optional<Tls> tls) {
    static Server defaults() {
      return new Server("localhost:4317", 0, Optional.empty());
    }
  }

  record Tls(@Doc("A file.") String certFile) implements Checked {
    static Tls defaults() {
      return new Tls("");
    }

    @Override
    public void check(Findings findings) {
      findings.require(!certFile.isEmpty(), "cert_file", "nothing (expected: a file)");
    }
  }

  record Protocols(@Doc("gRPC.") Optional<Server> grpc, @Doc("HTTP.") Optional<Server> http)
      implements Checked {
    static Protocols defaults() {
      return new Protocols(Optional.empty(), Optional.empty());
    }

    @Override
    public void check(Findings findings) {
      findings.require(
          grpc.isPresent() || http.isPresent(), "", "no protocol (expected: grpc or http)");
    }
  }

  record OtlpConfig(@Doc("What to serve.") Protocols protocols) {}

  static final class OtlpReceiver implements ReceiverFactory<OtlpConfig> {
    @Override
    public String type() {
      return "otlp";
    }

    @Override
    public Map<Signal, Stability> signals() {
      return all();
    }

    @Override
    public OtlpConfig defaults() {
      return new OtlpConfig(Protocols.defaults());
    }

    @Override
    public Receiver create(OtlpConfig config, ComponentContext context, Inlets inlets) {
      throw new UnsupportedOperationException();
    }
  }

  record Nothing() {}

  static final class TracesReceiver implements ReceiverFactory<Nothing> {
    @Override
    public String type() {
      return "zipkin_like";
    }

    @Override
    public Map<Signal, Stability> signals() {
      return Map.of(Signal.TRACES, Stability.ALPHA);
    }

    @Override
    public Nothing defaults() {
      return new Nothing();
    }

    @Override
    public Receiver create(Nothing config, ComponentContext context, Inlets inlets) {
      throw new UnsupportedOperationException();
    }
  }

  // ---- processors

  record BatchConfig(
      @Doc("Longest wait.") Duration timeout,
      @Doc("Records in a batch.") int sendBatchSize,
      @Doc("Largest batch; 0 for no limit.") int sendBatchMaxSize,
      @Doc("Keys of request metadata.") List<String> metadataKeys)
      implements Checked {
    @Override
    public void check(Findings findings) {
      findings.require(
          sendBatchMaxSize == 0 || sendBatchMaxSize >= sendBatchSize,
          "send_batch_max_size",
          sendBatchMaxSize + " (expected: 0, or at least send_batch_size, " + sendBatchSize + ")");
    }
  }

  static final class Batch implements ProcessorFactory<BatchConfig> {
    @Override
    public String type() {
      return "batch";
    }

    @Override
    public boolean answersEarly() {
      return true;
    }

    @Override
    public Map<Signal, Stability> signals() {
      return all();
    }

    @Override
    public Optional<Joining> joining(BatchConfig config) {
      return Optional.of(
          new Joining() {
            @Override
            public QueueConfig.Batching batching() {
              var defaults = QueueConfig.Batching.defaults();
              return new QueueConfig.Batching(
                  defaults.flushTimeout(),
                  defaults.minSize(),
                  defaults.maxSize(),
                  defaults.sizer(),
                  new QueueConfig.Partition(config.metadataKeys()));
            }

            @Override
            public Meter meter(ComponentContext context) {
              return Meter.NONE;
            }
          });
    }

    @Override
    public BatchConfig defaults() {
      return new BatchConfig(Duration.ofMillis(200), 8192, 0, List.of("a", "b"));
    }

    @Override
    public Processor create(BatchConfig config, ComponentContext context, BatchSink next) {
      throw new UnsupportedOperationException();
    }
  }

  static final class Limiter implements ProcessorFactory<Nothing> {
    @Override
    public String type() {
      return "memory_limiter";
    }

    @Override
    public Map<Signal, Stability> signals() {
      return all();
    }

    @Override
    public Nothing defaults() {
      return new Nothing();
    }

    @Override
    public Processor create(Nothing config, ComponentContext context, BatchSink next) {
      throw new UnsupportedOperationException();
    }
  }

  enum Color {
    RED,
    DARK_BLUE,
    @Key("x-green")
    GREEN
  }

  record Inner(@Doc("A number.") int number) {
    static Inner defaults() {
      return new Inner(1);
    }
  }

  record Shared(@Doc("A shared key.") String shared) {
    static Shared defaults() {
      return new Shared("s");
    }
  }

  record Switched(@Doc("On or off.") boolean enabled, @Doc("How much.") int amount) {
    static Switched defaults() {
      return new Switched(true, 5);
    }
  }

  record All(
      @Doc("A text.") String text,
      @Doc("A password.") Secret secret,
      @Doc("An int.") int small,
      @Doc("A long.") long big,
      @Doc("A fraction.") double ratio,
      @Doc("A truth.") boolean flag,
      @Doc("A time.") Duration pause,
      @Doc("Anything.") Optional<Object> any,
      @Doc("A color.") Color color,
      @Doc("A color in any case.") @AnyCase Color loud,
      @Doc("An id.") Optional<ComponentId> extension,
      @Doc("A section.") Inner inner,
      @Doc("An optional section.") Optional<Inner> maybe,
      @Doc("An optional section with a switch of its own.") Optional<Switched> switched,
      @Doc("An optional number.") Optional<Integer> count,
      @Doc("Words.") List<String> words,
      @Doc("Numbers.") List<Integer> numbers,
      @Doc("Sections.") List<Inner> inners,
      @Doc("Texts by name.") Map<String, String> labels,
      @Doc("Secrets by name.") Map<String, Secret> headers,
      @Doc("Maps by name.") Map<String, Map<String, Long>> nested,
      @Squash Shared shared,
      @Doc("A key of another name.") @Key("other") String named,
      @Doc("A key that was renamed.") @Renamed("ancient") String modern,
      @Doc("A key without effect.") @Ignored("there is none here") int useless) {}

  static final class Everything implements ProcessorFactory<All> {
    @Override
    public String type() {
      return "everything";
    }

    @Override
    public Map<Signal, Stability> signals() {
      return all();
    }

    @Override
    public All defaults() {
      return new All(
          "t",
          new Secret(""),
          1,
          2,
          0.5,
          false,
          Duration.ofSeconds(1),
          Optional.empty(),
          Color.RED,
          Color.RED,
          Optional.empty(),
          Inner.defaults(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of("w"),
          List.of(),
          List.of(),
          Map.of("k", "v"),
          Map.of(),
          Map.of(),
          Shared.defaults(),
          "n",
          "m",
          0);
    }

    @Override
    public Processor create(All config, ComponentContext context, BatchSink next) {
      throw new UnsupportedOperationException();
    }
  }

  // ---- exporters

  record SenderConfig(
      @Doc("Where to.") String endpoint,
      @Doc("For one attempt.") Duration timeout,
      @Doc("Sent along.") Map<String, Secret> headers,
      @Doc("Repeats.") RetryConfig retryOnFailure,
      @Doc("Waits.") Optional<QueueConfig> sendingQueue)
      implements Checked {
    @Override
    public void check(Findings findings) {
      findings.require(!endpoint.isEmpty(), "endpoint", "nothing (expected: host:port)");
    }
  }

  static final class Sender implements ExporterFactory<SenderConfig> {
    @Override
    public String type() {
      return "otlp_grpc";
    }

    @Override
    public Set<String> aliases() {
      return Set.of("otlp");
    }

    @Override
    public Map<Signal, Stability> signals() {
      return all();
    }

    @Override
    public List<String> objections(SenderConfig config, Signal signal) {
      return config.endpoint().equals("traces:1") && signal != Signal.TRACES
          ? List.of("nobody takes " + signal + " there")
          : List.of();
    }

    @Override
    public SenderConfig defaults() {
      return new SenderConfig(
          "",
          Duration.ofSeconds(5),
          Map.of(),
          RetryConfig.defaults(),
          Optional.of(QueueConfig.defaults()));
    }

    @Override
    public List<String> metadataKeys(SenderConfig config) {
      return switch (config.endpoint()) {
        case "tenants:1" -> List.of("X-Team");
        case "secrets:1" -> List.of("X-Team-Token");
        default -> List.of();
      };
    }

    @Override
    public Delivery delivery(SenderConfig config) {
      return new Delivery(config.timeout(), config.retryOnFailure(), config.sendingQueue());
    }

    @Override
    public Exporter create(SenderConfig config, ComponentContext context) {
      throw new UnsupportedOperationException();
    }
  }

  static final class Debug implements ExporterFactory<Nothing> {
    @Override
    public String type() {
      return "debug";
    }

    @Override
    public Map<Signal, Stability> signals() {
      return all();
    }

    @Override
    public Nothing defaults() {
      return new Nothing();
    }

    @Override
    public Exporter create(Nothing config, ComponentContext context) {
      throw new UnsupportedOperationException();
    }
  }

  // ---- connectors and extensions

  static final class Forward implements ConnectorFactory<Nothing> {
    @Override
    public String type() {
      return "forward";
    }

    @Override
    public Map<Signal, Stability> signals() {
      return all();
    }

    @Override
    public Map<Signal, Set<Signal>> pairs() {
      return Map.of(
          Signal.TRACES, Set.of(Signal.TRACES),
          Signal.LOGS, Set.of(Signal.LOGS),
          Signal.METRICS, Set.of(Signal.METRICS));
    }

    @Override
    public Nothing defaults() {
      return new Nothing();
    }

    @Override
    public Connector create(Nothing config, ComponentContext context, Outlets outlets) {
      throw new UnsupportedOperationException();
    }
  }

  static final class Counter implements ConnectorFactory<Nothing> {
    @Override
    public String type() {
      return "count";
    }

    @Override
    public Map<Signal, Stability> signals() {
      return all();
    }

    @Override
    public Map<Signal, Set<Signal>> pairs() {
      return Map.of(Signal.TRACES, Set.of(Signal.METRICS), Signal.LOGS, Set.of(Signal.METRICS));
    }

    @Override
    public Nothing defaults() {
      return new Nothing();
    }

    @Override
    public Connector create(Nothing config, ComponentContext context, Outlets outlets) {
      throw new UnsupportedOperationException();
    }
  }

  static final class Storage implements ExtensionFactory<Nothing> {
    @Override
    public String type() {
      return "file_storage";
    }

    @Override
    public Stability stability() {
      return Stability.BETA;
    }

    @Override
    public Nothing defaults() {
      return new Nothing();
    }

    @Override
    public Extension create(Nothing config, ComponentContext context) {
      throw new UnsupportedOperationException();
    }
  }
}

package io.sluice.service;

import io.sluice.component.Component;
import io.sluice.component.ComponentContext;
import io.sluice.component.Delivery;
import io.sluice.component.Exporter;
import io.sluice.component.ExporterFactory;
import io.sluice.component.Inlets;
import io.sluice.component.Placement;
import io.sluice.component.Processor;
import io.sluice.component.ProcessorFactory;
import io.sluice.component.Receiver;
import io.sluice.component.ReceiverFactory;
import io.sluice.component.Stability;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
import io.sluice.testkit.Recorder;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Components that write down what happens to them.
final class Fakes {
  final List<String> events = new ArrayList<>();
  final List<Component> created = new ArrayList<>();
  final ReceiverFactory<Config> receivers = new Receivers();
  final ProcessorFactory<Config> processors = new Processors(Placement.EVERY_LOOP);
  final ProcessorFactory<Config> onceProcessors = new Processors(Placement.ONCE);
  final ExporterFactory<Config> exporters = new Exporters();
  String failing = "";

  /// What stands before every exporter.
  Delivery delivery = Delivery.DIRECT;

  /// What the start of [#failing] waits for, if it is to wait.
  Future<Void> failure = Future.succeededFuture();

  int failOnlySetting;

  record Config(int setting, boolean flag) {}

  <T> List<T> created(Class<T> type) {
    return created.stream().filter(type::isInstance).map(type::cast).toList();
  }

  <T> T last(Class<T> type) {
    return created(type).getLast();
  }

  private Future<Void> start(ComponentContext context, Config config) {
    var id = context.id().toString();
    if (id.equals(failing) && (failOnlySetting == 0 || failOnlySetting == config.setting())) {
      return failure.transform(_ -> Future.failedFuture("port in use"));
    }
    events.add("start " + id);
    return Future.succeededFuture();
  }

  private Future<Void> stop(ComponentContext context) {
    events.add("stop " + context.id());
    return Future.succeededFuture();
  }

  final class FakeReceiver implements Receiver {
    private final ComponentContext context;
    private final Config config;
    final Inlets inlets;

    FakeReceiver(ComponentContext context, Config config, Inlets inlets) {
      this.context = context;
      this.config = config;
      this.inlets = inlets;
      created.add(this);
    }

    @Override
    public Future<Void> start() {
      return Fakes.this.start(context, config);
    }

    @Override
    public Future<Void> stop() {
      return Fakes.this.stop(context);
    }
  }

  final class FakeProcessor implements Processor {
    private final ComponentContext context;
    private final Config config;
    private final BatchSink next;
    private final List<Future<Outcome>> underWay = new ArrayList<>();

    FakeProcessor(ComponentContext context, Config config, BatchSink next) {
      this.context = context;
      this.config = config;
      this.next = next;
      created.add(this);
    }

    @Override
    public Future<Outcome> accept(Batch batch) {
      var answer = next.accept(batch);
      underWay.add(answer);
      return answer;
    }

    @Override
    public Future<Void> start() {
      return Fakes.this.start(context, config);
    }

    /// As a batcher does: waits for what it has handed on.
    @Override
    public Future<Void> stop() {
      return Future.join(underWay).transform(_ -> Fakes.this.stop(context));
    }
  }

  final class FakeExporter implements Exporter {
    private final ComponentContext context;
    private final Config config;
    final Recorder recorder = new Recorder();

    FakeExporter(ComponentContext context, Config config) {
      this.context = context;
      this.config = config;
      created.add(this);
    }

    @Override
    public Future<Outcome> accept(Batch batch) {
      return recorder.accept(batch);
    }

    @Override
    public Future<Void> start() {
      return Fakes.this.start(context, config);
    }

    @Override
    public Future<Void> stop() {
      return Fakes.this.stop(context);
    }
  }

  private final class Receivers implements ReceiverFactory<Config> {
    @Override
    public String type() {
      return "in";
    }

    @Override
    public Map<Signal, Stability> signals() {
      return Map.of(Signal.TRACES, Stability.STABLE);
    }

    @Override
    public Config defaults() {
      return new Config(0, false);
    }

    @Override
    public Receiver create(Config config, ComponentContext context, Inlets inlets) {
      return new FakeReceiver(context, config, inlets);
    }
  }

  private final class Processors implements ProcessorFactory<Config> {
    private final Placement placement;

    Processors(Placement placement) {
      this.placement = placement;
    }

    @Override
    public String type() {
      return "process";
    }

    @Override
    public Placement placement() {
      return placement;
    }

    @Override
    public Map<Signal, Stability> signals() {
      return Map.of(Signal.TRACES, Stability.STABLE);
    }

    @Override
    public Config defaults() {
      return new Config(0, false);
    }

    @Override
    public Processor create(Config config, ComponentContext context, BatchSink next) {
      return new FakeProcessor(context, config, next);
    }
  }

  private final class Exporters implements ExporterFactory<Config> {
    @Override
    public String type() {
      return "out";
    }

    @Override
    public Map<Signal, Stability> signals() {
      return Map.of(Signal.TRACES, Stability.STABLE);
    }

    @Override
    public Config defaults() {
      return new Config(0, false);
    }

    @Override
    public Delivery delivery(Config config) {
      return delivery;
    }

    @Override
    public Exporter create(Config config, ComponentContext context) {
      return new FakeExporter(context, config);
    }
  }
}

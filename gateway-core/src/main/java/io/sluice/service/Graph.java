package io.sluice.service;

import io.sluice.component.ComponentContext;
import io.sluice.component.ComponentId;
import io.sluice.component.Extension;
import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.component.Outlets;
import io.sluice.component.Placement;
import io.sluice.component.Status;
import io.sluice.data.Signal;
import io.sluice.disk.Storage;
import io.sluice.export.ExportPipe;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Counted;
import io.sluice.pipeline.FanOut;
import io.sluice.pipeline.HandOver;
import io.sluice.service.Plan.ConnectorPart;
import io.sluice.service.Plan.ExporterPart;
import io.sluice.service.Plan.Pipeline;
import io.sluice.service.Plan.ProcessorPart;
import io.sluice.service.Plan.ReceiverPart;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The parts of a plan and how they are joined, on all loops.
///
/// Built back to front, so that each part is handed the sink it feeds; that is also the order in which
/// parts start. Each loop that brings batches in has a chain of its own, as far as stages may exist more
/// than once; a stage that may not has one instance, on the home loop of its pipeline, and the chain goes
/// on there.
///
/// Building touches nothing outside. Exporters, receivers and extensions whose part is equal in the
/// graph before are taken over from it; see [Gateway] for what happens to the others.
final class Graph {
  /// Where statuses stand of exporters that no pipeline hands to.
  private static final String DRAINING = "draining";

  private final Environment environment;
  private final StatusBoard board;
  private final JoinedBehind behind;

  /// As it was given, and with what the graph before leaves to be drained.
  private final Plan asked;

  private Plan plan;
  private final Map<ComponentId, Extension> extensionsById = new HashMap<>();
  private final Map<Plan.ExtensionPart<?>, Part> extensions = new LinkedHashMap<>();
  private final Map<ExporterPart<?>, ExportNode> exporters = new LinkedHashMap<>();
  private final Map<ReceiverPart<?>, ReceiverNode> receivers = new LinkedHashMap<>();
  private final List<Part> stages = new ArrayList<>();
  private final Map<List<Object>, BatchSink> chains = new HashMap<>();
  private final Map<String, Counted> counted = new HashMap<>();
  private final Map<String, Map<String, StatusBoard.Entry>> statuses = new ConcurrentHashMap<>();

  /// A receiver, what it feeds, and what it is to feed once this graph runs.
  record ReceiverNode(Part part, Inlet inlet, Inlet.Sinks sinks) {
    void open() {
      inlet.lead(sinks);
    }

    /// Until [#open]: as the one of this name in the graph before, if there was one.
    void openAfter(@Nullable ReceiverNode before) {
      inlet.lead(sinks.after(before == null ? Inlet.Sinks.NONE : before.sinks));
    }
  }

  private Graph(Plan plan, Environment environment, StatusBoard board) {
    asked = plan;
    this.plan = plan;
    behind = JoinedBehind.of(plan);
    this.environment = environment;
    this.board = board;
  }

  static Graph build(
      Plan plan, Environment environment, StatusBoard board, @Nullable Graph before) {
    var graph = new Graph(plan, environment, board);
    try {
      graph.assemble(before);
    } catch (RuntimeException wrong) {
      graph.exporters.forEach((part, node) -> {
        if (before == null || !node.equals(before.exporters.get(part))) {
          node.stop(); // it was never started, but its meters are there
        }
      });
      throw wrong;
    }
    return graph;
  }

  private void assemble(@Nullable Graph before) {
    for (var part : plan.extensions()) {
      extension(part, before);
    }
    if (before != null) {
      plan = plan.carrying(Residents.left(before, this), before.plan);
    }
    for (var part : plan.exporters()) {
      exporter(part, before);
    }
    for (var each : plan.draining()) {
      drain(each);
    }
    for (var part : plan.receivers()) {
      receiver(part, before);
    }
  }

  /// Its queue reads from the moment it is there; nothing leads into it.
  private void drain(Plan.Draining draining) {
    var node = exportNodeOf(draining.part());
    for (var signal : draining.signals()) {
      node.inlet(signal, node.home());
    }
    show(List.of(DRAINING), Kind.EXPORTER, draining.part().id(), node.status());
  }

  Plan plan() {
    return plan;
  }

  /// See [#plan].
  Plan asked() {
    return asked;
  }

  /// This exporter had nothing to do but to deliver what was stored, and has.
  @Nullable ExportNode drained(Plan.Draining over) {
    plan = plan.drained(over);
    if (plan.exporters().contains(over.part())) {
      return null;
    }
    statuses.computeIfPresent(
        DRAINING,
        (_, shown) -> {
          shown.remove(Kind.EXPORTER + ":" + over.part().id());
          return shown.isEmpty() ? null : shown;
        });
    return exporters.remove(over.part());
  }

  /// This one does not run: another graph that has it too is to make it anew.
  void lost(Part part) {
    extensions.values().removeIf(part::equals);
    receivers.values().removeIf(node -> node.part().equals(part));
  }

  /// Those that keep queues, by id.
  Map<ComponentId, Storage> storages() {
    var storages = new LinkedHashMap<ComponentId, Storage>();
    extensionsById.forEach((id, extension) -> {
      if (extension instanceof Storage storage) {
        storages.put(id, storage);
      }
    });
    return storages;
  }

  /// By pipeline, then by `kind:id`.
  Map<String, Map<String, StatusBoard.Entry>> statuses() {
    return statuses;
  }

  Map<Plan.ExtensionPart<?>, Part> extensions() {
    return extensions;
  }

  Map<ComponentId, Extension> extensionsById() {
    return extensionsById;
  }

  Map<ExporterPart<?>, ExportNode> exporters() {
    return exporters;
  }

  Map<ReceiverPart<?>, ReceiverNode> receivers() {
    return receivers;
  }

  /// Processors and connectors, sinks first.
  List<Part> stages() {
    return stages;
  }

  private <C extends Record> void extension(Plan.ExtensionPart<C> part, @Nullable Graph before) {
    var kept = before == null ? null : before.extensions.get(part);
    var placed = kept == null ? placed(part) : kept;
    extensions.put(part, placed);
    extensionsById.put(part.id(), (Extension) placed.component());
    show(List.of(StatusBoard.EXTENSIONS), Kind.EXTENSION, part.id(), placed.status());
  }

  private <C extends Record> Part placed(Plan.ExtensionPart<C> part) {
    var loop = environment.loops().home(Loop.Family.HTTP);
    var status = board.entry();
    var context = context(Kind.EXTENSION, part.id(), loop, status, List.of());
    var extension = part.factory().create(part.config(), context);
    return new Part(Kind.EXTENSION, part.id(), extension, loop, status);
  }

  private void exporter(ExporterPart<?> part, @Nullable Graph before) {
    var kept = before == null || queueChanged(part, before) ? null : before.exporters.get(part);
    var node = kept != null ? kept : exportNode(part);
    exporters.put(part, node);
    show(pipelinesOf(p -> p.targets().contains(part)), Kind.EXPORTER, part.id(), node.status());
    behind
        .at(part)
        .forEach((signal, stage) ->
            show(
                pipelinesOf(p -> p.targets().contains(part) && p.id().signal() == signal),
                Kind.PROCESSOR,
                stage.id(),
                node.status()));
  }

  /// An exporter's queue is part of the storage it stands in: with another one it is another exporter. So
  /// it is if it joins batches in another way.
  private boolean queueChanged(ExporterPart<?> part, Graph before) {
    if (!behind.at(part).equals(before.behind.at(part))) {
      return true;
    }
    var id = Plan.storageOf(part);
    return id.isPresent()
        && !Objects.equals(extensionsById.get(id.get()), before.extensionsById.get(id.get()));
  }

  private <C extends Record> ExportNode exportNode(ExporterPart<C> part) {
    var status = board.entry();
    return ExportNode.of(
        part,
        environment,
        status,
        loop -> context(Kind.EXPORTER, part.id(), loop, status, List.of()),
        joined(part, status));
  }

  /// What its queues do in place of the stages before them.
  private Map<Signal, ExportPipe.Joined> joined(ExporterPart<?> part, StatusBoard.Entry status) {
    var joined = new EnumMap<Signal, ExportPipe.Joined>(Signal.class);
    behind
        .at(part)
        .forEach((signal, stage) -> {
          var loop = environment.loops().home(family(part));
          var context = context(Kind.PROCESSOR, stage.id(), loop, status, List.of());
          JoinedBehind.joining(stage)
              .ifPresent(how ->
                  joined.put(
                      signal, new ExportPipe.Joined(how.batching(), () -> how.meter(context))));
        });
    return joined;
  }

  private List<ProcessorPart<?>> stages(Pipeline pipeline) {
    var all = pipeline.processors();
    return behind.of(pipeline).isPresent() ? all.subList(0, all.size() - 1) : all;
  }

  private <C extends Record> void receiver(ReceiverPart<C> part, @Nullable Graph before) {
    var sinks = inletSinks(part);
    var kept = before == null ? null : before.receivers.get(part);
    var node =
        kept != null ? new ReceiverNode(kept.part, kept.inlet, sinks) : receiverNode(part, sinks);
    receivers.put(part, node);
    var under = pipelinesOf(p -> p.sources().contains(part));
    show(under, Kind.RECEIVER, part.id(), node.part().status());
  }

  private <C extends Record> ReceiverNode receiverNode(ReceiverPart<C> part, Inlet.Sinks sinks) {
    var loop = environment.loops().home(Loop.Family.HTTP);
    var status = board.entry();
    var context = context(Kind.RECEIVER, part.id(), loop, status, List.of());
    var inlet = new Inlet();
    var receiver = part.factory().create(part.config(), context, inlet);
    return new ReceiverNode(
        new Part(Kind.RECEIVER, part.id(), receiver, loop, status), inlet, sinks);
  }

  private Inlet.Sinks inletSinks(ReceiverPart<?> part) {
    var pipelines = plan.pipelines().stream().filter(p -> p.sources().contains(part)).toList();
    var byLoop = new HashMap<Loop, BatchSink>();
    for (var loop : environment.loops().all()) {
      var bySignal = new EnumMap<Signal, BatchSink>(Signal.class);
      for (var signal : Signal.values()) {
        var branches =
            pipelines.stream()
                .filter(p -> p.id().signal() == signal)
                .map(p -> chain(p, 0, loop))
                .toList();
        if (!branches.isEmpty()) {
          bySignal.put(signal, receiverBook(part.id(), signal).around(FanOut.to(branches)));
        }
      }
      byLoop.put(loop, new Inlet.BySignal(bySignal));
    }
    var signals = new TreeSet<Signal>();
    pipelines.forEach(p -> signals.add(p.id().signal()));
    return new Inlet.Sinks(signals, byLoop);
  }

  /// The rest of a pipeline from the given stage on, for batches on this loop.
  private BatchSink chain(Pipeline pipeline, int stage, Loop loop) {
    var key = List.<Object>of(pipeline.id(), stage, loop);
    var known = chains.get(key);
    if (known == null) {
      known =
          stage == stages(pipeline).size()
              ? targets(pipeline, loop)
              : processor(pipeline, stages(pipeline).get(stage), stage, loop);
      chains.put(key, known);
    }
    return known;
  }

  private <C extends Record> BatchSink processor(
      Pipeline pipeline, ProcessorPart<C> part, int stage, Loop loop) {
    var home = homeOf(pipeline);
    if (part.factory().placement() == Placement.ONCE && !loop.equals(home)) {
      return HandOver.between(loop::execute, home::execute, chain(pipeline, stage, home));
    }
    var signal = pipeline.id().signal();
    var name = pipeline.id().toString();
    var status = entry(List.of(name), Kind.PROCESSOR, part.id());
    var context =
        context(
            Kind.PROCESSOR,
            part.id(),
            loop,
            status,
            List.of("otelcol.pipeline.id", name, "otelcol.signal", signal));
    var next = chain(pipeline, stage + 1, loop);
    boolean meters = part.factory().metersItems();
    var telemetry = environment.telemetry();
    var duration = new InternalDuration(telemetry, part.id(), signal);
    var processor =
        part.factory()
            .create(
                part.config(),
                context,
                meters
                    ? duration.behind(Meters.outgoing(telemetry, part.id(), signal, next))
                    : next);
    stages.add(new Part(Kind.PROCESSOR, part.id(), processor, loop, status));
    return book(
            "processor:" + name + ":" + part.id(),
            () -> meters ? Meters.incoming(telemetry, part.id(), signal) : Counted.Meter.NONE)
        .around(meters ? duration.before(processor) : processor);
  }

  private BatchSink targets(Pipeline pipeline, Loop loop) {
    var branches = new ArrayList<BatchSink>();
    var signal = pipeline.id().signal();
    for (var target : pipeline.targets()) {
      branches.add(
          switch (target) {
            case ExporterPart<?> exporter -> exportNodeOf(exporter).inlet(signal, loop);
            case ConnectorPart<?> connector -> connector(connector, signal, loop);
          });
    }
    return FanOut.to(branches);
  }

  private ExportNode exportNodeOf(ExporterPart<?> part) {
    var node = exporters.get(part);
    if (node == null) {
      throw new IllegalStateException("exporter " + part.id() + " is not in the plan");
    }
    return node;
  }

  private <C extends Record> BatchSink connector(ConnectorPart<C> part, Signal signal, Loop loop) {
    var key = List.<Object>of(part.id(), signal, loop);
    var known = chains.get(key);
    if (known != null) {
      return known;
    }
    var home = environment.loops().home(Loop.Family.HTTP);
    if (part.factory().placement() == Placement.ONCE && !loop.equals(home)) {
      known = HandOver.between(loop::execute, home::execute, connector(part, signal, home));
    } else {
      known = connectorStage(part, signal, loop);
    }
    chains.put(key, known);
    return known;
  }

  private <C extends Record> BatchSink connectorStage(
      ConnectorPart<C> part, Signal signal, Loop loop) {
    var reachable = part.factory().pairs().get(signal);
    var pipelines = new EnumMap<Signal, Map<String, BatchSink>>(Signal.class);
    for (var pipeline : plan.pipelines()) {
      if (pipeline.sources().contains(part)
          && reachable != null
          && reachable.contains(pipeline.id().signal())) {
        pipelines
            .computeIfAbsent(pipeline.id().signal(), _ -> new LinkedHashMap<>())
            .put(pipeline.id().toString(), chain(pipeline, 0, loop));
      }
    }
    var all = new EnumMap<Signal, BatchSink>(Signal.class);
    pipelines.forEach((s, sinks) -> all.put(s, FanOut.to(List.copyOf(sinks.values()))));
    var under = pipelinesOf(p -> p.targets().contains(part) || p.sources().contains(part));
    var status = entry(under, Kind.CONNECTOR, part.id());
    var context =
        context(Kind.CONNECTOR, part.id(), loop, status, List.of("otelcol.signal", signal));
    var connector = part.factory().create(part.config(), context, new Outlets(pipelines, all));
    stages.add(new Part(Kind.CONNECTOR, part.id(), connector, loop, status));
    return book("connector:" + part.id() + ":" + signal, () -> Counted.Meter.NONE)
        .around(connector);
  }

  /// Where the stages of a pipeline stand that exist once: with what sends its batches out.
  private Loop homeOf(Pipeline pipeline) {
    var family = Loop.Family.HTTP;
    for (var target : pipeline.targets()) {
      if (target instanceof ExporterPart<?> exporter && family(exporter) == Loop.Family.GRPC) {
        family = Loop.Family.GRPC;
      }
    }
    return environment.loops().home(family);
  }

  private static <C extends Record> Loop.Family family(ExporterPart<C> part) {
    return part.factory().family(part.config());
  }

  private Counted receiverBook(ComponentId id, Signal signal) {
    return book(
        "receiver:" + id + ":" + signal,
        () -> Meters.receiver(environment.telemetry(), id, signal));
  }

  /// One book for a node, however many loops and instances it has.
  private Counted book(String node, Supplier<Counted.Meter> meter) {
    return counted.computeIfAbsent(
        node,
        _ -> {
          return new Counted(environment.telemetry().books().open(node), meter.get());
        });
  }

  private List<String> pipelinesOf(Predicate<Pipeline> which) {
    return plan.pipelines().stream().filter(which).map(p -> p.id().toString()).toList();
  }

  /// One entry for all instances of a stage.
  private StatusBoard.Entry entry(List<String> under, Kind kind, ComponentId id) {
    var known = statuses.getOrDefault(under.getFirst(), Map.of()).get(kind + ":" + id);
    if (known != null) {
      return known;
    }
    var entry = board.entry();
    show(under, kind, id, entry);
    return entry;
  }

  private void show(List<String> under, Kind kind, ComponentId id, StatusBoard.Entry entry) {
    for (var pipeline : under) {
      statuses
          .computeIfAbsent(pipeline, _ -> new ConcurrentHashMap<>())
          .put(kind + ":" + id, entry);
    }
  }

  private ComponentContext context(
      Kind kind, ComponentId id, Loop loop, Status.Reporter reporter, List<Object> fields) {
    var all = new ArrayList<Object>();
    all.addAll(List.of("otelcol.component.id", id, "otelcol.component.kind", kind));
    all.addAll(fields);
    return new ComponentContext(
        kind,
        id,
        loop,
        environment.loops(),
        environment.budget(),
        environment.telemetry(),
        environment.log().with(all.toArray()),
        reporter,
        board,
        new FoundExtensions(extensionsById, board),
        environment.clock(),
        environment.build());
  }
}

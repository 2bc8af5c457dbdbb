package io.sluice.service;

import io.sluice.component.ComponentId;
import io.sluice.component.ConnectorFactory;
import io.sluice.component.ExporterFactory;
import io.sluice.component.ExtensionFactory;
import io.sluice.component.ProcessorFactory;
import io.sluice.component.QueueConfig;
import io.sluice.component.ReceiverFactory;
import io.sluice.data.Signal;
import io.sluice.disk.KeptConfig;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A whole configuration, typed, checked and with all names resolved. What runs is a function of this
/// value; nothing behind it reads YAML, looks up a name or casts a configuration. Parts are equal if
/// id, factory and configuration are: that is how a reload finds what may stay.
///
/// @param draining exporters, or signals of exporters, that no pipeline hands to any more, but that have
///     something stored
/// @param kept what storages are to keep of the exporters that have queues there, by id of the storage
public record Plan(
    TelemetryConfig telemetry,
    List<ExtensionPart<?>> extensions,
    List<Pipeline> pipelines,
    List<Draining> draining,
    Map<ComponentId, List<KeptConfig>> kept) {
  public Plan {
    extensions = List.copyOf(extensions);
    pipelines = List.copyOf(pipelines);
    draining = List.copyOf(draining);
    kept = Map.copyOf(kept);
  }

  public Plan(
      TelemetryConfig telemetry, List<ExtensionPart<?>> extensions, List<Pipeline> pipelines) {
    this(telemetry, extensions, pipelines, List.of(), Map.of());
  }

  public Plan with(List<Draining> draining, Map<ComponentId, List<KeptConfig>> kept) {
    return new Plan(telemetry, extensions, pipelines, draining, kept);
  }

  /// With these besides, of which the plan before knew how to reach them.
  Plan carrying(List<Draining> more, Plan before) {
    var allDraining = new ArrayList<>(draining);
    allDraining.addAll(more);
    var allKept = new HashMap<ComponentId, List<KeptConfig>>(kept);
    for (var each : more) {
      storageOf(each.part())
          .ifPresent(id -> {
            var here = new ArrayList<>(allKept.getOrDefault(id, List.of()));
            keep(each, before.kept.getOrDefault(id, List.of()), here);
            allKept.put(id, here);
          });
    }
    return with(allDraining, allKept);
  }

  /// There is one for each exporter: if it has other queues there now, these go with them.
  private static void keep(Draining each, List<KeptConfig> before, List<KeptConfig> into) {
    var id = each.part().id();
    var now = into.stream().filter(config -> config.exporter().equals(id)).findFirst();
    var known =
        now.or(() -> before.stream().filter(config -> config.exporter().equals(id)).findFirst());
    known.ifPresent(config -> {
      var signals = EnumSet.noneOf(Signal.class);
      signals.addAll(each.signals());
      now.ifPresent(present -> signals.addAll(present.signals()));
      into.removeIf(other -> other.exporter().equals(id));
      into.add(config.with(signals));
    });
  }

  /// Without what this exporter still had to deliver.
  Plan drained(Draining over) {
    return with(draining.stream().filter(each -> !each.equals(over)).toList(), kept);
  }

  /// Those for which some pipeline hands to this exporter.
  Set<Signal> signals(ExporterPart<?> part) {
    var signals = EnumSet.noneOf(Signal.class);
    for (var pipeline : pipelines) {
      if (pipeline.targets().contains(part)) {
        signals.add(pipeline.id().signal());
      }
    }
    return signals;
  }

  /// An exporter that delivers what it has stored for these signals and gets nothing more.
  public record Draining(ExporterPart<?> part, Set<Signal> signals) {
    public Draining {
      signals = Set.copyOf(signals);
    }

    /// `exporter:signal`.
    List<String> queues() {
      return signals.stream().map(signal -> part.id() + ":" + signal).toList();
    }
  }

  /// The queues in this storage: `exporter:signal`.
  public Set<String> queues(ComponentId storage) {
    var queues = new TreeSet<>(draining(storage));
    for (var pipeline : pipelines) {
      for (var target : pipeline.targets()) {
        if (target instanceof ExporterPart<?> part && isStored(part, storage)) {
          queues.add(part.id() + ":" + pipeline.id().signal());
        }
      }
    }
    return queues;
  }

  /// Those of them that nothing is stored in any more.
  public Set<String> draining(ComponentId storage) {
    var queues = new TreeSet<String>();
    for (var each : draining) {
      if (isStored(each.part(), storage)) {
        queues.addAll(each.queues());
      }
    }
    return queues;
  }

  private static <C extends Record> boolean isStored(ExporterPart<C> part, ComponentId storage) {
    return storageOf(part).equals(Optional.of(storage));
  }

  /// Where its queue is; empty if it is in memory, or there is none.
  public static <C extends Record> Optional<ComponentId> storageOf(ExporterPart<C> part) {
    return part.factory().delivery(part.config()).queue().flatMap(QueueConfig::storage);
  }

  /// Those that some pipeline takes from, each once.
  public Set<ReceiverPart<?>> receivers() {
    var receivers = new LinkedHashSet<ReceiverPart<?>>();
    for (var pipeline : pipelines) {
      for (var source : pipeline.sources()) {
        if (source instanceof ReceiverPart<?> receiver) {
          receivers.add(receiver);
        }
      }
    }
    return receivers;
  }

  /// Those that some pipeline hands to, or that are drained, each once.
  public Set<ExporterPart<?>> exporters() {
    var exporters = new LinkedHashSet<ExporterPart<?>>();
    for (var pipeline : pipelines) {
      for (var target : pipeline.targets()) {
        if (target instanceof ExporterPart<?> exporter) {
          exporters.add(exporter);
        }
      }
    }
    draining.forEach(each -> exporters.add(each.part()));
    return exporters;
  }

  /// Receivers, connectors and exporters of one id are one instance, shared by the pipelines that
  /// name it. Processors are not: each pipeline has its own.
  public record Pipeline(
      PipelineId id,
      List<Source> sources,
      List<ProcessorPart<?>> processors,
      List<Target> targets) {
    public Pipeline {
      sources = List.copyOf(sources);
      processors = List.copyOf(processors);
      targets = List.copyOf(targets);
    }
  }

  /// What a pipeline takes batches from.
  public sealed interface Source permits ReceiverPart, ConnectorPart {
    ComponentId id();
  }

  /// What a pipeline hands batches to.
  public sealed interface Target permits ExporterPart, ConnectorPart {
    ComponentId id();
  }

  public record ReceiverPart<C extends Record>(ComponentId id, ReceiverFactory<C> factory, C config)
      implements Source {}

  public record ProcessorPart<C extends Record>(
      ComponentId id, ProcessorFactory<C> factory, C config) {}

  public record ExporterPart<C extends Record>(ComponentId id, ExporterFactory<C> factory, C config)
      implements Target {}

  public record ConnectorPart<C extends Record>(
      ComponentId id, ConnectorFactory<C> factory, C config) implements Source, Target {}

  public record ExtensionPart<C extends Record>(
      ComponentId id, ExtensionFactory<C> factory, C config) {}
}

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

  /// An exporter that delivers what it has stored for these signals and gets nothing more.
  public record Draining(ExporterPart<?> part, Set<Signal> signals) {
    public Draining {
      signals = Set.copyOf(signals);
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
        each.signals().forEach(signal -> queues.add(each.part().id() + ":" + signal));
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

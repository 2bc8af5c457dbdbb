package io.sluice.service;

import io.sluice.component.ComponentId;
import io.sluice.component.ConnectorFactory;
import io.sluice.component.ExporterFactory;
import io.sluice.component.ExtensionFactory;
import io.sluice.component.ProcessorFactory;
import io.sluice.component.ReceiverFactory;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A whole configuration, typed, checked and with all names resolved. What runs is a function of this
/// value; nothing behind it reads YAML, looks up a name or casts a configuration. Parts are equal if
/// id, factory and configuration are: that is how a reload finds what may stay.
public record Plan(
    TelemetryConfig telemetry, List<ExtensionPart<?>> extensions, List<Pipeline> pipelines) {
  public Plan {
    extensions = List.copyOf(extensions);
    pipelines = List.copyOf(pipelines);
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

  /// Those that some pipeline hands to, each once.
  public Set<ExporterPart<?>> exporters() {
    var exporters = new LinkedHashSet<ExporterPart<?>>();
    for (var pipeline : pipelines) {
      for (var target : pipeline.targets()) {
        if (target instanceof ExporterPart<?> exporter) {
          exporters.add(exporter);
        }
      }
    }
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

package io.sluice.config;

import static io.sluice.config.Problems.path;

import io.sluice.component.ProcessorFactory;
import io.sluice.component.QueueConfig;
import io.sluice.config.Configuration.Uses;
import io.sluice.disk.Credentials;
import io.sluice.service.Plan;
import io.sluice.service.Plan.ConnectorPart;
import io.sluice.service.Plan.ExporterPart;
import io.sluice.service.Plan.Pipeline;
import io.sluice.service.Plan.ProcessorPart;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Some exporters ask the request whom its data belongs to. A stage that joins requests keeps only the
/// metadata that it tells apart, and a queue on disk none that may be a secret: without it all data would
/// silently be nobody's.
final class MetadataCheck {
  private final List<Pipeline> pipelines;
  private final Problems problems;

  /// @param pipelines all there are
  MetadataCheck(List<Pipeline> pipelines, Problems problems) {
    this.pipelines = pipelines;
    this.problems = problems;
  }

  void on(Pipeline pipeline, Uses written) {
    joinersTellApart(pipeline, written);
    queuesKeep(pipeline, written);
  }

  private void joinersTellApart(Pipeline pipeline, Uses written) {
    for (var exporter : reached(pipeline)) {
      for (var key : keys(exporter)) {
        pipeline.processors().stream()
            .filter(stage -> loses(key, stage))
            .forEach(stage ->
                problems.error(
                    written.place(),
                    path(written.path(), "processors"),
                    "'%s' joins requests whatever their '%s', by which '%s' knows whose the data is (expected: metadata_keys: [%s] in it)"
                        .formatted(stage.id(), key, exporter.id(), key)));
      }
    }
  }

  private void queuesKeep(Pipeline pipeline, Uses written) {
    for (var target : pipeline.targets()) {
      if (target instanceof ExporterPart<?> exporter && Plan.storageOf(exporter).isPresent()) {
        keys(exporter).stream()
            .filter(Credentials::carriedBy)
            .forEach(key ->
                problems.error(
                    written.place(),
                    path(written.path(), "exporters"),
                    "'%s' knows by '%s' whose the data is, which looks like a secret and is not kept in its queue on disk (expected: metadata of another name, or no sending_queue::storage)"
                        .formatted(exporter.id(), key)));
      }
    }
  }

  /// Also by connectors, through any number of pipelines.
  private Set<ExporterPart<?>> reached(Pipeline from) {
    var exporters = new LinkedHashSet<ExporterPart<?>>();
    var met = new LinkedHashSet<>(List.of(from));
    var open = new ArrayDeque<>(met);
    while (!open.isEmpty()) {
      var pipeline = open.remove();
      for (var target : pipeline.targets()) {
        switch (target) {
          case ExporterPart<?> exporter -> exporters.add(exporter);
          case ConnectorPart<?> connector ->
              behind(connector, pipeline).filter(met::add).forEach(open::add);
        }
      }
    }
    return exporters;
  }

  private Stream<Pipeline> behind(ConnectorPart<?> connector, Pipeline before) {
    var signals = connector.factory().pairs().getOrDefault(before.id().signal(), Set.of());
    return pipelines.stream()
        .filter(each -> signals.contains(each.id().signal()) && each.sources().contains(connector));
  }

  private static <C extends Record> List<String> keys(ExporterPart<C> part) {
    return part.factory().metadataKeys(part.config());
  }

  private static <C extends Record> boolean loses(String key, ProcessorPart<C> stage) {
    ProcessorFactory<C> factory = stage.factory();
    return factory
        .joining(stage.config())
        .map(joining -> joining.batching().partition())
        .map(QueueConfig.Partition::metadataKeys)
        .filter(keys -> keys.stream().noneMatch(key::equalsIgnoreCase))
        .isPresent();
  }
}

package io.sluice.config;

import static io.sluice.config.Problems.path;

import io.sluice.component.ProcessorFactory;
import io.sluice.component.QueueConfig;
import io.sluice.config.Configuration.Uses;
import io.sluice.service.Plan.ExporterPart;
import io.sluice.service.Plan.Pipeline;
import io.sluice.service.Plan.ProcessorPart;
import java.util.List;

/// Some exporters ask the request whom its data belongs to. A stage that joins requests keeps only the
/// metadata that it tells apart, so without it all data would silently be nobody's.
final class MetadataCheck {
  private final Problems problems;

  MetadataCheck(Problems problems) {
    this.problems = problems;
  }

  void on(Pipeline pipeline, Uses written) {
    for (var target : pipeline.targets()) {
      if (target instanceof ExporterPart<?> exporter) {
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

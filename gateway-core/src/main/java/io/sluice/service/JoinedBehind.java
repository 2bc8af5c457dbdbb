package io.sluice.service;

import io.sluice.component.Joining;
import io.sluice.component.QueueConfig;
import io.sluice.data.Signal;
import io.sluice.disk.Credentials;
import io.sluice.service.Plan.ExporterPart;
import io.sluice.service.Plan.Pipeline;
import io.sluice.service.Plan.ProcessorPart;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Which stages do their work behind the queue: a stage that only joins batches and is the last before
/// exporters with a queue on disk would answer before the data is stored, so each of those queues does it
/// instead.
///
/// A queue joins in one way. So all pipelines of a signal that lead to an exporter must end with the same
/// stage, or it stays where it is; and the queue must not join batches by its own settings already, nor
/// the stage tell batches apart by a header that is not stored.
public final class JoinedBehind {
  private final Map<PipelineId, ProcessorPart<?>> stages = new LinkedHashMap<>();
  private final Map<ExporterPart<?>, Map<Signal, ProcessorPart<?>>> exporters =
      new LinkedHashMap<>();

  private JoinedBehind() {}

  public static JoinedBehind of(Plan plan) {
    var behind = new JoinedBehind();
    for (var pipeline : plan.pipelines()) {
      candidate(pipeline).ifPresent(stage -> behind.stages.put(pipeline.id(), stage));
    }
    while (plan.pipelines().stream().anyMatch(pipeline -> behind.differs(pipeline, plan))) {
      plan.pipelines().stream()
          .filter(pipeline -> behind.differs(pipeline, plan))
          .findFirst()
          .ifPresent(pipeline -> behind.stages.remove(pipeline.id()));
    }
    for (var pipeline : plan.pipelines()) {
      behind.of(pipeline).ifPresent(stage -> behind.lead(pipeline, stage));
    }
    return behind;
  }

  private void lead(Pipeline pipeline, ProcessorPart<?> stage) {
    for (var target : pipeline.targets()) {
      if (target instanceof ExporterPart<?> exporter) {
        exporters
            .computeIfAbsent(exporter, _ -> new EnumMap<>(Signal.class))
            .put(pipeline.id().signal(), stage);
      }
    }
  }

  /// The last stage of this pipeline, if its work is done behind the queue.
  public Optional<ProcessorPart<?>> of(Pipeline pipeline) {
    return Optional.ofNullable(stages.get(pipeline.id()));
  }

  /// What the queues of an exporter do, by signal.
  Map<Signal, ProcessorPart<?>> at(ExporterPart<?> exporter) {
    return exporters.getOrDefault(exporter, Map.of());
  }

  static <C extends Record> Optional<Joining> joining(ProcessorPart<C> part) {
    return part.factory().joining(part.config());
  }

  private static Optional<ProcessorPart<?>> candidate(Pipeline pipeline) {
    if (pipeline.processors().isEmpty()
        || !pipeline.targets().stream().allMatch(JoinedBehind::canJoin)) {
      return Optional.empty();
    }
    var last = pipeline.processors().getLast();
    return joining(last)
        .filter(joining ->
            joining.batching().partition().metadataKeys().stream()
                .noneMatch(Credentials::carriedBy))
        .map(_ -> last);
  }

  private static boolean canJoin(Plan.Target target) {
    return target instanceof ExporterPart<?> exporter
        && queue(exporter)
            .filter(queue -> queue.storage().isPresent() && queue.batch().isEmpty())
            .isPresent();
  }

  private static <C extends Record> Optional<QueueConfig> queue(ExporterPart<C> part) {
    return part.factory().delivery(part.config()).queue();
  }

  /// Whether one of its exporters is fed by another pipeline in another way.
  private boolean differs(Pipeline pipeline, Plan plan) {
    var stage = of(pipeline);
    return stage.isPresent()
        && plan.pipelines().stream()
            .filter(other -> other.id().signal() == pipeline.id().signal())
            .filter(other -> other.targets().stream().anyMatch(pipeline.targets()::contains))
            .anyMatch(other -> !of(other).equals(stage));
  }
}

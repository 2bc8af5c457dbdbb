package io.sluice.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.ComponentContext;
import io.sluice.component.ComponentId;
import io.sluice.component.Delivery;
import io.sluice.component.Exporter;
import io.sluice.component.ExporterFactory;
import io.sluice.component.Joining;
import io.sluice.component.Processor;
import io.sluice.component.ProcessorFactory;
import io.sluice.component.QueueConfig;
import io.sluice.component.QueueConfig.Batching;
import io.sluice.component.RetryConfig;
import io.sluice.component.Stability;
import io.sluice.data.Signal;
import io.sluice.pipeline.BatchSink;
import io.sluice.service.Plan.ExporterPart;
import io.sluice.service.Plan.Pipeline;
import io.sluice.service.Plan.ProcessorPart;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class JoinedBehindTest {
  private static final Exporters EXPORTERS = new Exporters();
  private static final Processors PROCESSORS = new Processors();

  /// @param storage empty for a queue in memory
  record Out(String storage, boolean batches) {}

  /// @param key of metadata that tells batches apart; empty for none
  record Stage(boolean joins, String key) {}

  private static final class Exporters implements ExporterFactory<Out> {
    @Override
    public String type() {
      return "out";
    }

    @Override
    public Map<Signal, Stability> signals() {
      return Map.of();
    }

    @Override
    public Out defaults() {
      return new Out("", false);
    }

    @Override
    public Exporter create(Out config, ComponentContext context) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Delivery delivery(Out config) {
      var queue =
          new QueueConfig(
              Optional.empty(),
              1000,
              10,
              false,
              false,
              config.storage().isEmpty()
                  ? Optional.empty()
                  : Optional.of(ComponentId.parse(config.storage())),
              config.batches() ? Optional.of(Batching.defaults()) : Optional.empty());
      return new Delivery(Duration.ZERO, RetryConfig.defaults(), Optional.of(queue));
    }
  }

  private static final class Processors implements ProcessorFactory<Stage> {
    @Override
    public String type() {
      return "stage";
    }

    @Override
    public Map<Signal, Stability> signals() {
      return Map.of();
    }

    @Override
    public Stage defaults() {
      return new Stage(true, "");
    }

    @Override
    public Processor create(Stage config, ComponentContext context, BatchSink next) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Joining> joining(Stage config) {
      return config.joins() ? Optional.of(new Joins(config.key())) : Optional.empty();
    }
  }

  private record Joins(String key) implements Joining {
    @Override
    public Batching batching() {
      var keys = new QueueConfig.Partition(key.isEmpty() ? List.of() : List.of(key));
      return new Batching(Duration.ofSeconds(1), 50, 0, Optional.empty(), keys);
    }

    @Override
    public Meter meter(ComponentContext context) {
      return Meter.NONE;
    }
  }

  private static final ProcessorPart<?> BATCH = stage("stage/batch", true, "");
  private static final ProcessorPart<?> OTHER = stage("stage/other", true, "");
  private static final ProcessorPart<?> EDIT = stage("stage/edit", false, "");
  private static final ExporterPart<?> STORED = exporter("out/stored", "disk", false);
  private static final ExporterPart<?> STORED_TOO = exporter("out/stored-too", "disk", false);
  private static final ExporterPart<?> MEMORY = exporter("out/memory", "", false);

  private static ProcessorPart<?> stage(String id, boolean joins, String key) {
    return new ProcessorPart<>(ComponentId.parse(id), PROCESSORS, new Stage(joins, key));
  }

  private static ExporterPart<?> exporter(String id, String storage, boolean batches) {
    return new ExporterPart<>(ComponentId.parse(id), EXPORTERS, new Out(storage, batches));
  }

  private static Pipeline pipeline(
      Signal signal, String name, List<ProcessorPart<?>> stages, ExporterPart<?>... targets) {
    return new Pipeline(new PipelineId(signal, name), List.of(), stages, Arrays.asList(targets));
  }

  private static Pipeline traces(List<ProcessorPart<?>> stages, ExporterPart<?>... targets) {
    return pipeline(Signal.TRACES, "", stages, targets);
  }

  /// Which pipelines have their last stage behind the queue.
  private static List<Pipeline> moved(Pipeline... pipelines) {
    var behind =
        JoinedBehind.of(new Plan(TelemetryConfig.defaults(), List.of(), List.of(pipelines)));
    return Arrays.stream(pipelines).filter(each -> behind.of(each).isPresent()).toList();
  }

  @Test
  void theLastStageBeforeQueuesOnDiskMovesBehindThem() {
    var pipeline = traces(List.of(EDIT, BATCH), STORED, STORED_TOO);
    assertThat(moved(pipeline)).containsExactly(pipeline);
    var behind =
        JoinedBehind.of(new Plan(TelemetryConfig.defaults(), List.of(), List.of(pipeline)));
    assertThat(behind.at(STORED_TOO)).isEqualTo(Map.of(Signal.TRACES, BATCH));
    assertThat(behind.at(MEMORY)).isEmpty();
  }

  @Test
  void anyOtherStageStaysWhereItIs() {
    assertThat(moved(traces(List.of(BATCH, EDIT), STORED))).as("not the last").isEmpty();
    assertThat(moved(traces(List.of(EDIT), STORED))).as("does not join").isEmpty();
    assertThat(moved(traces(List.of(BATCH), MEMORY))).as("in memory").isEmpty();
    assertThat(moved(traces(List.of(BATCH), STORED, MEMORY))).as("one in memory").isEmpty();
    assertThat(moved(traces(List.of(BATCH), exporter("out/joins", "disk", true))))
        .as("the queue joins already")
        .isEmpty();
    assertThat(moved(traces(List.of(stage("stage/key", true, "X-Api-Key")), STORED)))
        .as("by what is not stored")
        .isEmpty();
    assertThat(moved(traces(List.of(stage("stage/key", true, "x-tenant")), STORED))).hasSize(1);
  }

  @Test
  void aQueueJoinsInOneWay() {
    var one = traces(List.of(BATCH), STORED);
    var same = pipeline(Signal.TRACES, "same", List.of(EDIT, BATCH), STORED);
    var differs = pipeline(Signal.TRACES, "differs", List.of(OTHER), STORED);
    var bare = pipeline(Signal.TRACES, "bare", List.of(), STORED);
    var logs = pipeline(Signal.LOGS, "", List.of(OTHER), STORED);
    assertThat(moved(one, same, logs)).containsExactly(one, same, logs);
    assertThat(moved(one, differs, logs)).containsExactly(logs);
    assertThat(moved(one, bare)).isEmpty();
  }

  /// Where one stays, those that share another exporter with it stay too.
  @Test
  void whatIsTrueOfOneIsTrueOfAllThatHangTogether() {
    var bare = pipeline(Signal.TRACES, "bare", List.of(), STORED);
    var both = pipeline(Signal.TRACES, "both", List.of(BATCH), STORED, STORED_TOO);
    var far = pipeline(Signal.TRACES, "far", List.of(BATCH), STORED_TOO);
    assertThat(moved(bare, both, far)).isEmpty();
    assertThat(moved(both, far)).containsExactly(both, far);
  }

  @Test
  void whatCountedBatchesCountsTheItemsOfAsMany() {
    var queue = EXPORTERS.delivery(new Out("disk", false)).queue().orElseThrow();
    var batching = new Joins("").batching();
    assertThat(queue.joining(batching).queueSize()).isEqualTo(50_000);
    assertThat(queue.joining(batching).unit()).isEqualTo(QueueConfig.Sizer.ITEMS);
    assertThat(queue.itemsOfBatch(batching)).isEqualTo(50);
  }
}

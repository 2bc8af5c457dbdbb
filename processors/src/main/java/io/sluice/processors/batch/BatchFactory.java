package io.sluice.processors.batch;

import io.sluice.component.ComponentContext;
import io.sluice.component.Joining;
import io.sluice.component.Placement;
import io.sluice.component.Processor;
import io.sluice.component.ProcessorFactory;
import io.sluice.component.QueueConfig;
import io.sluice.component.Stability;
import io.sluice.data.Signal;
import io.sluice.pipeline.BatchSink;
import java.util.Map;
import java.util.Optional;

/// Declares `batch`.
public final class BatchFactory implements ProcessorFactory<BatchConfig> {
  @Override
  public String type() {
    return "batch";
  }

  @Override
  public Map<Signal, Stability> signals() {
    return Map.of(
        Signal.TRACES, Stability.BETA, Signal.METRICS, Stability.BETA, Signal.LOGS, Stability.BETA);
  }

  @Override
  public BatchConfig defaults() {
    return BatchConfig.defaults();
  }

  /// Sizes and timeouts that the user wrote hold for the gateway, not for each loop.
  @Override
  public Placement placement() {
    return Placement.ONCE;
  }

  @Override
  public boolean answersEarly() {
    return true;
  }

  @Override
  public boolean metersItems() {
    return false;
  }

  @Override
  public Optional<Joining> joining(BatchConfig config) {
    return Optional.of(
        new Joining() {
          @Override
          public QueueConfig.Batching batching() {
            return config.batching();
          }

          @Override
          public Meter meter(ComponentContext context) {
            return new BatchMeters(context);
          }
        });
  }

  @Override
  public Processor create(BatchConfig config, ComponentContext context, BatchSink next) {
    return new BatchProcessor(config, context, next);
  }
}

package io.sluice.processors.memorylimiter;

import io.sluice.component.ComponentContext;
import io.sluice.component.Processor;
import io.sluice.component.ProcessorFactory;
import io.sluice.component.Stability;
import io.sluice.data.Signal;
import io.sluice.pipeline.BatchSink;
import java.util.Map;

/// Declares `memory_limiter`.
public final class MemoryLimiterFactory implements ProcessorFactory<MemoryLimiterConfig> {
  @Override
  public String type() {
    return "memory_limiter";
  }

  @Override
  public Map<Signal, Stability> signals() {
    return Map.of(
        Signal.TRACES,
        Stability.BETA,
        Signal.METRICS,
        Stability.BETA,
        Signal.LOGS,
        Stability.BETA,
        Signal.PROFILES,
        Stability.DEVELOPMENT);
  }

  @Override
  public MemoryLimiterConfig defaults() {
    return MemoryLimiterConfig.defaults();
  }

  @Override
  public Processor create(MemoryLimiterConfig config, ComponentContext context, BatchSink next) {
    return new MemoryLimiterProcessor(config, context, MemoryUse.ofProcess(context.budget()), next);
  }
}

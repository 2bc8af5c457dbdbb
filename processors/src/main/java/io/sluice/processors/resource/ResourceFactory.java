package io.sluice.processors.resource;

import io.sluice.component.ComponentContext;
import io.sluice.component.Processor;
import io.sluice.component.ProcessorFactory;
import io.sluice.component.Stability;
import io.sluice.data.RecordPatch;
import io.sluice.data.Signal;
import io.sluice.pipeline.BatchSink;
import io.sluice.processors.attraction.Actions;
import io.sluice.processors.attraction.PatchProcessor;
import java.util.Map;

public final class ResourceFactory implements ProcessorFactory<ResourceConfig> {
  @Override
  public String type() {
    return "resource";
  }

  @Override
  public Map<Signal, Stability> signals() {
    return Map.of(
        Signal.TRACES, Stability.BETA,
        Signal.METRICS, Stability.BETA,
        Signal.LOGS, Stability.BETA,
        Signal.PROFILES, Stability.DEVELOPMENT);
  }

  @Override
  public ResourceConfig defaults() {
    return ResourceConfig.defaults();
  }

  @Override
  public Processor create(ResourceConfig config, ComponentContext context, BatchSink next) {
    var patch = RecordPatch.ofResources(new Actions(config.attributes()));
    return new PatchProcessor(patch, context, next);
  }
}

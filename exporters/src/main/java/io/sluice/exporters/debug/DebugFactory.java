package io.sluice.exporters.debug;

import io.sluice.component.ComponentContext;
import io.sluice.component.Delivery;
import io.sluice.component.Exporter;
import io.sluice.component.ExporterFactory;
import io.sluice.component.RetryConfig;
import io.sluice.component.Stability;
import io.sluice.data.Signal;
import java.time.Duration;
import java.util.Map;

public final class DebugFactory implements ExporterFactory<DebugConfig> {
  @Override
  public String type() {
    return "debug";
  }

  @Override
  public Map<Signal, Stability> signals() {
    return Map.of(
        Signal.TRACES, Stability.ALPHA,
        Signal.METRICS, Stability.ALPHA,
        Signal.LOGS, Stability.ALPHA,
        Signal.PROFILES, Stability.DEVELOPMENT);
  }

  @Override
  public DebugConfig defaults() {
    return DebugConfig.defaults();
  }

  @Override
  public Delivery delivery(DebugConfig config) {
    return new Delivery(Duration.ZERO, RetryConfig.OFF, config.sendingQueue());
  }

  @Override
  public Exporter create(DebugConfig config, ComponentContext context) {
    return new DebugExporter(config, context);
  }
}

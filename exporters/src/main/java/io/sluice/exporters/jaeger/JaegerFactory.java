package io.sluice.exporters.jaeger;

import io.sluice.component.ComponentContext;
import io.sluice.component.Delivery;
import io.sluice.component.Exporter;
import io.sluice.component.ExporterFactory;
import io.sluice.component.Loop;
import io.sluice.component.Placement;
import io.sluice.component.Stability;
import io.sluice.data.Signal;
import java.util.Map;

/// Declares the `jaeger` exporter.
public final class JaegerFactory implements ExporterFactory<JaegerConfig> {
  @Override
  public String type() {
    return "jaeger";
  }

  @Override
  public Map<Signal, Stability> signals() {
    return Map.of(Signal.TRACES, Stability.BETA);
  }

  @Override
  public JaegerConfig defaults() {
    return JaegerConfig.defaults();
  }

  @Override
  public Exporter create(JaegerConfig config, ComponentContext context) {
    return config.otlp().exporter(context);
  }

  @Override
  public Delivery delivery(JaegerConfig config) {
    return config.otlp().delivery();
  }

  @Override
  public Loop.Family family(JaegerConfig config) {
    return config.otlp().family();
  }

  @Override
  public Placement placement() {
    return Placement.EVERY_LOOP;
  }
}

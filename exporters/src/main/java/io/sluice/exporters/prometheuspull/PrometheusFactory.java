package io.sluice.exporters.prometheuspull;

import io.sluice.component.ComponentContext;
import io.sluice.component.Exporter;
import io.sluice.component.ExporterFactory;
import io.sluice.component.Stability;
import io.sluice.data.Signal;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Declares the `prometheus` exporter.
public final class PrometheusFactory implements ExporterFactory<PrometheusConfig> {
  @Override
  public String type() {
    return "prometheus";
  }

  @Override
  public Map<Signal, Stability> signals() {
    return Map.of(Signal.METRICS, Stability.BETA);
  }

  @Override
  public PrometheusConfig defaults() {
    return PrometheusConfig.defaults();
  }

  @Override
  public Exporter create(PrometheusConfig config, ComponentContext context) {
    return new PrometheusExporter(config, context, RandomGenerator.getDefault());
  }
}

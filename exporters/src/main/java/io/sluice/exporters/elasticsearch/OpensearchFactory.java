package io.sluice.exporters.elasticsearch;

import io.sluice.component.ComponentContext;
import io.sluice.component.Delivery;
import io.sluice.component.Exporter;
import io.sluice.component.ExporterFactory;
import io.sluice.component.Stability;
import io.sluice.data.Signal;
import java.util.Map;

/// Declares the `opensearch` exporter.
public final class OpensearchFactory implements ExporterFactory<OpensearchConfig> {
  @Override
  public String type() {
    return "opensearch";
  }

  @Override
  public Map<Signal, Stability> signals() {
    return Map.of(
        Signal.LOGS, Stability.ALPHA,
        Signal.TRACES, Stability.ALPHA,
        Signal.METRICS, Stability.DEVELOPMENT);
  }

  @Override
  public OpensearchConfig defaults() {
    return OpensearchConfig.defaults();
  }

  @Override
  public Exporter create(OpensearchConfig config, ComponentContext context) {
    return new ElasticsearchExporter(
        config.effective(), config.dialect(), context, System.getenv());
  }

  @Override
  public Delivery delivery(OpensearchConfig config) {
    return ElasticsearchFactory.delivered(config.effective());
  }
}

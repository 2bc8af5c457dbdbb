package io.sluice.exporters.elasticsearch;

import io.sluice.component.ComponentContext;
import io.sluice.component.Delivery;
import io.sluice.component.Exporter;
import io.sluice.component.ExporterFactory;
import io.sluice.component.Stability;
import io.sluice.data.Signal;
import java.time.Duration;
import java.util.Map;

/// Declares the `elasticsearch` exporter.
public final class ElasticsearchFactory implements ExporterFactory<ElasticsearchConfig> {
  @Override
  public String type() {
    return "elasticsearch";
  }

  @Override
  public Map<Signal, Stability> signals() {
    return Map.of(
        Signal.LOGS, Stability.BETA,
        Signal.TRACES, Stability.BETA,
        Signal.METRICS, Stability.DEVELOPMENT);
  }

  @Override
  public ElasticsearchConfig defaults() {
    return ElasticsearchConfig.defaults();
  }

  @Override
  public Exporter create(ElasticsearchConfig config, ComponentContext context) {
    return new ElasticsearchExporter(
        config.bulk(), Dialect.ELASTICSEARCH, context, System.getenv());
  }

  @Override
  public Delivery delivery(ElasticsearchConfig config) {
    return delivered(config.bulk());
  }

  /// The timeout is for each request, of which a batch may need several: there is none for all together.
  static Delivery delivered(BulkConfig config) {
    return new Delivery(Duration.ZERO, config.retries(), config.queue());
  }
}

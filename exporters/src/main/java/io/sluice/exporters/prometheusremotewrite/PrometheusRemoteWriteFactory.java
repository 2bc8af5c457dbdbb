package io.sluice.exporters.prometheusremotewrite;

import io.sluice.component.ComponentContext;
import io.sluice.component.Delivery;
import io.sluice.component.Exporter;
import io.sluice.component.ExporterFactory;
import io.sluice.component.Stability;
import io.sluice.data.Signal;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Declares the `prometheus_remote_write` exporter.
public final class PrometheusRemoteWriteFactory
    implements ExporterFactory<PrometheusRemoteWriteConfig> {
  @Override
  public String type() {
    return "prometheus_remote_write";
  }

  @Override
  public Set<String> aliases() {
    return Set.of("prometheusremotewrite");
  }

  @Override
  public Map<Signal, Stability> signals() {
    return Map.of(Signal.METRICS, Stability.BETA);
  }

  @Override
  public PrometheusRemoteWriteConfig defaults() {
    return PrometheusRemoteWriteConfig.defaults();
  }

  @Override
  public Exporter create(PrometheusRemoteWriteConfig config, ComponentContext context) {
    return new PrometheusRemoteWriteExporter(
        config, context, System.getenv(), RandomGenerator.getDefault());
  }

  /// The timeout is for each request, of which a batch may need several: there is none for all together.
  @Override
  public Delivery delivery(PrometheusRemoteWriteConfig config) {
    return new Delivery(Duration.ZERO, config.retryOnFailure(), config.queue(), true);
  }
}

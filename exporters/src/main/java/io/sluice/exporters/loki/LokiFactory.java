package io.sluice.exporters.loki;

import io.sluice.component.ComponentContext;
import io.sluice.component.Delivery;
import io.sluice.component.Exporter;
import io.sluice.component.ExporterFactory;
import io.sluice.component.Stability;
import io.sluice.data.Signal;
import io.sluice.exporters.tenant.TenantConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Declares the `loki` exporter.
public final class LokiFactory implements ExporterFactory<LokiConfig> {
  @Override
  public String type() {
    return "loki";
  }

  @Override
  public Map<Signal, Stability> signals() {
    return Map.of(Signal.LOGS, Stability.BETA);
  }

  @Override
  public LokiConfig defaults() {
    return LokiConfig.defaults();
  }

  @Override
  public Exporter create(LokiConfig config, ComponentContext context) {
    return new LokiExporter(config, context, System.getenv(), RandomGenerator.getDefault());
  }

  @Override
  public List<String> metadataKeys(LokiConfig config) {
    return TenantConfig.metadataKeys(config.tenant());
  }

  /// The timeout is for each request, of which a batch may need several: there is none for all together.
  @Override
  public Delivery delivery(LokiConfig config) {
    var queue = TenantConfig.apart(config.tenant(), config.sendingQueue());
    return new Delivery(Duration.ZERO, config.retryOnFailure(), queue, true);
  }
}

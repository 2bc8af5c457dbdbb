package io.sluice.exporters.tempo;

import io.sluice.component.ComponentContext;
import io.sluice.component.Delivery;
import io.sluice.component.Exporter;
import io.sluice.component.ExporterFactory;
import io.sluice.component.Loop;
import io.sluice.component.Placement;
import io.sluice.component.QueueConfig;
import io.sluice.component.Stability;
import io.sluice.data.Signal;
import io.sluice.exporters.tenant.TenantConfig;
import io.sluice.exporters.tenant.Tenants;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Declares the `tempo` exporter.
public final class TempoFactory implements ExporterFactory<TempoConfig> {
  @Override
  public String type() {
    return "tempo";
  }

  @Override
  public Map<Signal, Stability> signals() {
    return Map.of(Signal.TRACES, Stability.BETA);
  }

  @Override
  public TempoConfig defaults() {
    return TempoConfig.defaults();
  }

  @Override
  public Exporter create(TempoConfig config, ComponentContext context) {
    boolean keepsDeadLetters =
        config.otlp().sendingQueue().flatMap(QueueConfig::storage).isPresent();
    return new TempoExporter(
        config.otlp().exporter(context), Tenants.of(config.tenant()), keepsDeadLetters);
  }

  @Override
  public List<String> metadataKeys(TempoConfig config) {
    return TenantConfig.metadataKeys(config.tenant());
  }

  /// With tenants the timeout is for each request, of which a batch may need several: there is none for all
  /// together.
  @Override
  public Delivery delivery(TempoConfig config) {
    var own = config.otlp().delivery();
    var queue = TenantConfig.apart(config.tenant(), own.queue());
    var timeout = config.tenant().isPresent() ? Duration.ZERO : own.timeout();
    return new Delivery(timeout, own.retry(), queue, own.inOrder());
  }

  @Override
  public Loop.Family family(TempoConfig config) {
    return config.otlp().family();
  }

  @Override
  public Placement placement() {
    return Placement.EVERY_LOOP;
  }
}

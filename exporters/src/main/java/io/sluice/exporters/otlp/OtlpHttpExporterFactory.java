package io.sluice.exporters.otlp;

import io.sluice.component.ComponentContext;
import io.sluice.component.Delivery;
import io.sluice.component.Exporter;
import io.sluice.component.ExporterFactory;
import io.sluice.component.Placement;
import io.sluice.component.Stability;
import io.sluice.data.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Declares the `otlp_http` exporter.
public final class OtlpHttpExporterFactory implements ExporterFactory<OtlpHttpExporterConfig> {
  @Override
  public String type() {
    return "otlp_http";
  }

  @Override
  public Set<String> aliases() {
    return Set.of("otlphttp");
  }

  @Override
  public Map<Signal, Stability> signals() {
    return Stabilities.OTLP;
  }

  @Override
  public OtlpHttpExporterConfig defaults() {
    return OtlpHttpExporterConfig.defaults();
  }

  @Override
  public Exporter create(OtlpHttpExporterConfig config, ComponentContext context) {
    return new OtlpHttpExporter(config, context, System.getenv());
  }

  @Override
  public Delivery delivery(OtlpHttpExporterConfig config) {
    return new Delivery(config.client().timeout(), config.retryOnFailure(), config.sendingQueue());
  }

  @Override
  public List<String> objections(OtlpHttpExporterConfig config, Signal signal) {
    try {
      config.uri(signal);
      return List.of();
    } catch (IllegalArgumentException e) {
      return List.of("no endpoint for " + signal + ": " + e.getMessage());
    }
  }

  @Override
  public List<String> meterLabels(OtlpHttpExporterConfig config, Signal signal) {
    var uri = config.uri(signal);
    var labels = new ArrayList<>(List.of("server.address", uri.getHost()));
    if (uri.getPort() >= 0) {
      labels.addAll(List.of("server.port", String.valueOf(uri.getPort())));
    }
    labels.addAll(List.of("url.path", uri.getPath()));
    return labels;
  }

  @Override
  public Placement placement() {
    return Placement.EVERY_LOOP;
  }
}

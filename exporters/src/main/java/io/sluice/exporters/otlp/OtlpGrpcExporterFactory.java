package io.sluice.exporters.otlp;

import io.sluice.component.ComponentContext;
import io.sluice.component.Delivery;
import io.sluice.component.Exporter;
import io.sluice.component.ExporterFactory;
import io.sluice.component.Loop;
import io.sluice.component.Placement;
import io.sluice.component.Stability;
import io.sluice.data.Signal;
import io.sluice.transport.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Declares the `otlp_grpc` exporter.
public final class OtlpGrpcExporterFactory implements ExporterFactory<OtlpGrpcExporterConfig> {
  @Override
  public String type() {
    return "otlp_grpc";
  }

  @Override
  public Set<String> aliases() {
    return Set.of("otlp");
  }

  @Override
  public Map<Signal, Stability> signals() {
    return Stabilities.OTLP;
  }

  @Override
  public OtlpGrpcExporterConfig defaults() {
    return OtlpGrpcExporterConfig.defaults();
  }

  @Override
  public Exporter create(OtlpGrpcExporterConfig config, ComponentContext context) {
    return new OtlpGrpcExporter(config, context, System.getenv());
  }

  @Override
  public Delivery delivery(OtlpGrpcExporterConfig config) {
    return new Delivery(config.timeout(), config.retryOnFailure(), config.sendingQueue());
  }

  @Override
  public Loop.Family family(OtlpGrpcExporterConfig config) {
    return Loop.Family.GRPC;
  }

  /// An endpoint that is more than host and port is told as it was written, as by the Collector.
  @Override
  public List<String> meterLabels(OtlpGrpcExporterConfig config, Signal signal) {
    var text = config.client().endpoint();
    try {
      var endpoint = Endpoint.parse(text);
      return List.of(
          "server.address", endpoint.host(), "server.port", String.valueOf(endpoint.port()));
    } catch (IllegalArgumentException _) {
      return List.of("server.address", text);
    }
  }

  @Override
  public Placement placement() {
    return Placement.EVERY_LOOP;
  }
}

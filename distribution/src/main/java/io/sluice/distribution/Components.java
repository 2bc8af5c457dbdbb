package io.sluice.distribution;

import io.sluice.component.ComponentFactory;
import io.sluice.config.Registry;
import io.sluice.connectors.forward.ForwardFactory;
import io.sluice.exporters.debug.DebugFactory;
import io.sluice.exporters.elasticsearch.ElasticsearchFactory;
import io.sluice.exporters.elasticsearch.OpensearchFactory;
import io.sluice.exporters.file.FileFactory;
import io.sluice.exporters.jaeger.JaegerFactory;
import io.sluice.exporters.loki.LokiFactory;
import io.sluice.exporters.nop.NopFactory;
import io.sluice.exporters.otlp.OtlpGrpcExporterFactory;
import io.sluice.exporters.otlp.OtlpHttpExporterFactory;
import io.sluice.exporters.prometheuspull.PrometheusFactory;
import io.sluice.exporters.prometheusremotewrite.PrometheusRemoteWriteFactory;
import io.sluice.exporters.tempo.TempoFactory;
import io.sluice.extensions.admin.AdminFactory;
import io.sluice.extensions.basicauth.BasicAuthFactory;
import io.sluice.extensions.bearertokenauth.BearerTokenAuthFactory;
import io.sluice.extensions.filestorage.FileStorageFactory;
import io.sluice.extensions.headerssetter.HeadersSetterFactory;
import io.sluice.extensions.healthcheck.HealthCheckFactory;
import io.sluice.extensions.oauth2client.OAuth2ClientFactory;
import io.sluice.processors.attributes.AttributesFactory;
import io.sluice.processors.batch.BatchFactory;
import io.sluice.processors.memorylimiter.MemoryLimiterFactory;
import io.sluice.processors.resource.ResourceFactory;
import io.sluice.receivers.otlp.OtlpReceiverFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/// Everything in the binary. To add a component, add its line.
final class Components {
  private static final List<ComponentFactory<?>> OURS =
      List.of(
          // receivers
          new OtlpReceiverFactory(),
          // processors
          new BatchFactory(),
          new MemoryLimiterFactory(),
          new AttributesFactory(),
          new ResourceFactory(),
          // exporters
          new OtlpGrpcExporterFactory(),
          new OtlpHttpExporterFactory(),
          new PrometheusRemoteWriteFactory(),
          new LokiFactory(),
          new ElasticsearchFactory(),
          new OpensearchFactory(),
          new PrometheusFactory(),
          new TempoFactory(),
          new JaegerFactory(),
          new DebugFactory(),
          new FileFactory(),
          new NopFactory(),
          // connectors
          new ForwardFactory(),
          // extensions
          new HealthCheckFactory(),
          new FileStorageFactory(),
          new AdminFactory(),
          new BasicAuthFactory(),
          new BearerTokenAuthFactory(),
          new OAuth2ClientFactory(),
          new HeadersSetterFactory());

  private Components() {}

  /// Ours, and those of jars that others put on the class path.
  @SuppressWarnings("rawtypes") // a class literal has no parameters
  static Registry all() {
    var all = new ArrayList<>(OURS);
    for (var factory : ServiceLoader.load(ComponentFactory.class)) {
      all.add(factory);
    }
    return Registry.of(all);
  }
}

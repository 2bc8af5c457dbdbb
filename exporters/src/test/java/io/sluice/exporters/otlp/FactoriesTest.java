package io.sluice.exporters.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Signal;
import io.sluice.exporters.otlp.OtlpHttpExporterConfig.Encoding;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the factories say of a configuration. Labels as observed on the Collector 0.159.0.
class FactoriesTest {
  private static OtlpHttpExporterConfig http(String endpoint, String traces) {
    var d = OtlpHttpExporterConfig.defaults();
    return new OtlpHttpExporterConfig(
        d.client().with(endpoint, d.client().timeout(), "gzip", 0),
        Encoding.PROTO,
        traces,
        "",
        "",
        "",
        d.retryOnFailure(),
        Optional.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          127.0.0.1:4317            | server.address,127.0.0.1,server.port,4317
          [::1]:4317                | server.address,::1,server.port,4317
          dns:///localhost:4317     | server.address,dns:///localhost:4317
          http://localhost:4317     | server.address,http://localhost:4317
          """)
  void grpcCountersNameTheDestination(String endpoint, String labels) {
    var d = OtlpGrpcExporterConfig.defaults();
    var config =
        new OtlpGrpcExporterConfig(
            d.client().with(endpoint, "", d.client().tls()),
            d.timeout(),
            d.retryOnFailure(),
            d.sendingQueue());
    assertThat(new OtlpGrpcExporterFactory().meterLabels(config, Signal.TRACES))
        .containsExactly(labels.split(",", -1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          http://127.0.0.1:4318      | server.address,127.0.0.1,server.port,4318,url.path,/v1/logs
          http://localhost:4318/x/y/ | server.address,localhost,server.port,4318,url.path,/x/y/v1/logs
          http://localhost           | server.address,localhost,url.path,/v1/logs
          """)
  void httpCountersNameDestinationAndPath(String endpoint, String labels) {
    assertThat(new OtlpHttpExporterFactory().meterLabels(http(endpoint, ""), Signal.LOGS))
        .containsExactly(labels.split(",", -1));
  }

  @Test
  void signalWithoutAnEndpointIsObjectedTo() {
    var config = http("", "http://localhost:4318/v1/traces");
    var factory = new OtlpHttpExporterFactory();
    assertThat(factory.objections(config, Signal.TRACES)).isEmpty();
    assertThat(factory.objections(config, Signal.LOGS))
        .isEqualTo(List.of("no endpoint for logs: missing (expected: endpoint, or logs_endpoint)"));
  }
}

package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.ComponentId;
import io.sluice.config.Fakes.BatchConfig;
import io.sluice.service.Plan.ProcessorPart;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConfigLoaderTest {
  static final String WHOLE =
      """
      receivers:
        otlp:
          protocols:
            grpc:
      processors:
        memory_limiter:
        batch:
          timeout: 5s
      exporters:
        otlp_grpc/far:
          endpoint: far:4317
          headers: {authorization: secret}
      extensions:
        file_storage:
      service:
        extensions: [file_storage]
        pipelines:
          traces/in:
            receivers: [otlp]
            processors: [memory_limiter, batch]
            exporters: [otlp_grpc/far]
      """;

  @Test
  void makesAPlanOfAFile() {
    var loaded = new World().loadText(WHOLE);

    assertThat(loaded.warnings()).isEmpty();
    var plan = loaded.plan();
    assertThat(plan.extensions()).hasSize(1);
    var pipeline = plan.pipelines().getFirst();
    assertThat(pipeline.id()).hasToString("traces/in");
    assertThat(pipeline.sources().getFirst().id()).isEqualTo(ComponentId.parse("otlp"));
    assertThat(pipeline.processors())
        .map(ProcessorPart::id)
        .containsExactly(ComponentId.parse("memory_limiter"), ComponentId.parse("batch"));
    var batch = (BatchConfig) pipeline.processors().get(1).config();
    assertThat(batch.timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(batch.sendBatchSize()).isEqualTo(8192);
    assertThat(pipeline.targets().getFirst().id()).hasToString("otlp_grpc/far");
  }
}

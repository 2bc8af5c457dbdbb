package io.sluice.exporters.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Kind;
import io.sluice.config.ConfigContract;
import io.sluice.data.Batch;
import io.sluice.data.Origin;
import io.sluice.data.Signal;
import io.sluice.export.ExportPipe;
import io.sluice.pipeline.Outcome;
import io.sluice.telemetry.Telemetry;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.Payloads;
import io.sluice.testkit.TestLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModePipeTest {
  private static final String HEADER = "x-elastic-mapping-mode";

  private final TestLoop loop = new TestLoop();
  private final List<String> arrived = new ArrayList<>();

  private static Batch asking(String mode) {
    return Payloads.logs(mode, 1)
        .with(new Origin("otlp", "http", "", Map.of(HEADER, List.of(mode))));
  }

  @Test
  void aModeThatWasAskedForGetsThroughTheStandardQueue() {
    var factory = new ElasticsearchFactory();
    var config = ConfigContract.bind(factory, "endpoint: http://a");
    var pipe =
        new ExportPipe(
            batch -> {
              var asked = batch.origin().metadata().getOrDefault(HEADER, List.of());
              arrived.add(asked + "*" + batch.items());
              return Outcome.accepted();
            },
            factory.delivery(config),
            Signal.LOGS,
            List.of(),
            Contexts.of(Kind.EXPORTER, "elasticsearch", Telemetry.silent(), loop));
    pipe.begin();
    for (var mode : List.of("ecs", "otel", "ecs")) {
      pipe.inlet().accept(asking(mode));
    }
    pipe.hasten();
    var stopped = pipe.stop();
    loop.run();
    assertThat(stopped.isComplete()).isTrue();
    assertThat(arrived).containsExactlyInAnyOrder("[ecs]*2", "[otel]*1");
  }
}

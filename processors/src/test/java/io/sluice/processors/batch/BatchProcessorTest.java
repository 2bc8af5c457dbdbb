package io.sluice.processors.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Processor;
import io.sluice.component.ProcessorFactory;
import io.sluice.data.Batch;
import io.sluice.data.Origin;
import io.sluice.pipeline.Outcome;
import io.sluice.service.ByteBudget;
import io.sluice.testkit.Payloads;
import io.sluice.testkit.ProcessorContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BatchProcessorTest extends ProcessorContract<BatchConfig> {
  @Override
  protected ProcessorFactory<BatchConfig> factory() {
    return new BatchFactory();
  }

  @Override
  protected BatchConfig config() {
    return BatchConfig.defaults();
  }

  private Processor started(int size, int max, String... keys) {
    var processor = processor(new BatchConfig(Duration.ofMillis(200), size, max, List.of(keys), 2));
    processor.start();
    return processor;
  }

  private static Batch from(String tenant, Batch batch) {
    return batch.with(
        new Origin(
            "otlp", "grpc", "::1", Map.of("tenant", List.of(tenant), "other", List.of("x"))));
  }

  private double count(String name) {
    return telemetry.registry().get(name).counter().count();
  }

  @Test
  void answersAtOnceAndSendsWhenThereIsEnough() {
    var processor = started(5, 0);
    assertThat(processor.accept(Payloads.spans("a", 3)).result()).isEqualTo(new Outcome.Accepted());
    assertThat(next.batches).isEmpty();
    processor.accept(Payloads.spans("b", 3));

    assertThat(next.batches).extracting(Batch::items).containsExactly(6);
    assertThat(count("otelcol_processor_batch_batch_size_trigger_send")).isEqualTo(1);
    processor.stop();
  }

  @Test
  void sendsWhatThereIsAfterTheTimeout() {
    var processor = started(100, 0);
    processor.accept(Payloads.spans("a", 3));
    loop.advance(Duration.ofMillis(200));

    assertThat(next.batches).hasSize(1);
    assertThat(count("otelcol_processor_batch_timeout_trigger_send")).isEqualTo(1);
    processor.stop();
  }

  @Test
  void neverSendsMoreThanTheMaximum() {
    var processor = started(4, 4);
    processor.accept(Payloads.spans("a", 11));
    processor.stop();

    assertThat(next.batches).extracting(Batch::items).containsExactly(4, 4, 3);
  }

  @Test
  void keepsTenantsApartAndOnlyTheKeysAskedFor() {
    var processor = started(100, 0, "Tenant");
    processor.accept(from("red", Payloads.spans("red", 1)));
    processor.accept(from("blue", Payloads.spans("blue", 1)));
    processor.accept(from("red", Payloads.spans("red", 1)));
    loop.advance(Duration.ofMillis(200));

    assertThat(next.batches)
        .extracting(b -> b.origin().metadata())
        .containsExactlyInAnyOrder(
            Map.of("tenant", List.of("red")), Map.of("tenant", List.of("blue")));
    assertThat(processor.accept(from("green", Payloads.spans("green", 1))).result())
        .as("one combination too many")
        .isInstanceOf(Outcome.Refused.class);
    processor.stop();
  }

  @Test
  void whatIsRejectedBehindItIsCountedAsDropped() {
    next.answer(Outcome.rejected("bad"));
    var processor = started(1, 0);
    processor.accept(Payloads.spans("a", 3));

    assertThat(telemetry.books().all().getFirst().dropped())
        .isEqualTo(Map.of("rejected_by_next", 3L));
    processor.stop();
  }

  @Test
  void whatItHoldsStaysCharged() {
    var budget = new ByteBudget(1000);
    var lease = Objects.requireNonNull(budget.take(900));
    var processor = started(100, 0);
    processor.accept(Payloads.spans("a", 1).with(lease));
    lease.close();
    assertThat(budget.bytes()).isEqualTo(900);
    loop.advance(Duration.ofMillis(200));

    assertThat(budget.bytes()).isZero();
    processor.stop();
  }
}

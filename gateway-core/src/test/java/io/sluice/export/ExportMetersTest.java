package io.sluice.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.component.Kind;
import io.sluice.data.Signal;
import io.sluice.pipeline.Outcome;
import io.sluice.telemetry.Books;
import io.sluice.telemetry.Metric;
import io.sluice.telemetry.Telemetry;
import io.sluice.telemetry.Telemetry.Level;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.Payloads;
import io.sluice.testkit.TestLoop;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What an exporter counts, and that it follows the level of the moment.
final class ExportMetersTest {
  private final Telemetry telemetry =
      new Telemetry(new SimpleMeterRegistry(), Level.DETAILED, new Books());

  private final ExportMeters meters =
      new ExportMeters(
          Contexts.of(Kind.EXPORTER, "otlp", telemetry, new TestLoop()), Signal.TRACES, List.of());

  private List<String> series(String name) {
    return telemetry.collect().stream()
        .filter(metric -> metric.name().equals(name))
        .flatMap(metric -> metric.points().stream())
        .map(point ->
            point.attributes()
                + (point instanceof Metric.Value value ? " " + (long) value.value() : ""))
        .toList();
  }

  @Test
  void failuresHaveATypeAtLevelDetailedAndOneSumBelow() {
    var batch = Payloads.spans("s", 2);
    meters.ended(batch, new Outcome.Rejected(Outcome.Fault.INVALID, "no"), 0);
    meters.ended(
        batch, new Outcome.Refused(Outcome.Pressure.THROTTLED, Duration.ZERO, "slower"), 0);
    assertThat(series("otelcol_exporter_send_failed_spans"))
        .containsExactlyInAnyOrder(
            "{error.permanent=true, error.type=InvalidArgument, exporter=otlp} 2",
            "{error.permanent=false, error.type=ResourceExhausted, exporter=otlp} 2",
            "{exporter=otlp} 0");
    telemetry.change(Level.NORMAL, List.of());
    meters.ended(batch, new Outcome.Rejected(Outcome.Fault.INVALID, "no"), 0);
    assertThat(series("otelcol_exporter_send_failed_spans")).containsExactly("{exporter=otlp} 6");
  }

  @Test
  void sizesAreMeasuredFromTheMomentTheLevelAsksForThem() {
    telemetry.change(Level.NORMAL, List.of());
    meters.began(Payloads.spans("s", 2));
    meters.enqueued(Payloads.spans("s", 2));
    telemetry.change(Level.DETAILED, List.of());
    assertThat(series("otelcol_exporter_enqueue_size")).isEmpty();
    meters.began(Payloads.spans("s", 2));
    meters.enqueued(Payloads.spans("s", 2));
    assertThat(series("otelcol_exporter_enqueue_size")).containsExactly("{exporter=otlp}");
    assertThat(series("otelcol_exporter_queue_batch_send_size_bytes"))
        .containsExactly("{data_type=traces, exporter=otlp}");
  }
}

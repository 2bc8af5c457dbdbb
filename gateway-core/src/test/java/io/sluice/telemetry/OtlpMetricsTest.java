package io.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.sluice.telemetry.OtlpMetrics.Temporality;
import io.sluice.telemetry.OtlpMetrics.Written;
import io.sluice.telemetry.Telemetry.Level;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Own metrics as OTLP, read back by the official classes.
final class OtlpMetricsTest {
  private static final Instant START = Instant.ofEpochSecond(1000, 5);

  private final Telemetry telemetry =
      new Telemetry(new SimpleMeterRegistry(), Level.DETAILED, new Books());

  private static ExportMetricsServiceRequest parsed(Written written) {
    try {
      return ExportMetricsServiceRequest.parseFrom(written.batch().otlp().flatten().toArray());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static Metric metric(Written written, String name) {
    return parsed(written).getResourceMetrics(0).getScopeMetricsList().stream()
        .flatMap(scope -> scope.getMetricsList().stream())
        .filter(metric -> metric.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private OtlpMetrics form(Temporality temporality) {
    return new OtlpMetrics(Map.of("service.name", "me"), temporality, START);
  }

  private Written write(OtlpMetrics form, long second) {
    return form.write(telemetry.collect(), Instant.ofEpochSecond(second));
  }

  @Test
  void allOfItIsThere() {
    telemetry
        .counter("otelcol_exporter_sent_spans", "Help.", "server.port", "4317", "exporter", "o")
        .increment(3);
    var _ = telemetry.gauge("otelcol_process_memory_rss", "", () -> 7);
    var _ = telemetry.gauge("otelcol_exporter_in_flight_requests", "", () -> 2);
    telemetry.counter("otelcol_process_uptime", "").increment(2);
    var histogram = telemetry.seconds("rpc.server.call.duration", "");
    histogram.record(0.005);
    histogram.record(99);
    var written = write(form(Temporality.CUMULATIVE), 1001);

    assertThat(written.batch().items()).isEqualTo(5);
    var resource = parsed(written).getResourceMetrics(0);
    assertThat(resource.getResource().getAttributes(0).getValue().getStringValue()).isEqualTo("me");
    assertThat(resource.getScopeMetricsList())
        .extracting(scope -> scope.getScope().getName())
        .contains("go.opentelemetry.io/collector/exporter/exporterhelper")
        .doesNotHaveDuplicates();

    var sent = metric(written, "otelcol_exporter_sent_spans");
    assertThat(sent.getDescription()).isEqualTo("Help.");
    assertThat(sent.getUnit()).isEqualTo("{span}");
    assertThat(sent.getSum().getIsMonotonic()).isTrue();
    assertThat(sent.getSum().getAggregationTemporality())
        .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
    var point = sent.getSum().getDataPoints(0);
    assertThat(point.getAsInt()).isEqualTo(3);
    assertThat(point.getStartTimeUnixNano()).isEqualTo(1_000_000_000_005L);
    assertThat(point.getTimeUnixNano()).isEqualTo(1_001_000_000_000L);
    assertThat(point.getAttributes(0).getKey()).isEqualTo("exporter");
    assertThat(point.getAttributes(1).getValue().getIntValue()).isEqualTo(4317);

    assertThat(metric(written, "otelcol_process_memory_rss").getGauge().getDataPoints(0).getAsInt())
        .isEqualTo(7);
    var inFlight = metric(written, "otelcol_exporter_in_flight_requests").getSum();
    assertThat(inFlight.getIsMonotonic()).isFalse();
    assertThat(inFlight.getDataPoints(0).getAsInt()).isEqualTo(2);
    var uptime = metric(written, "otelcol_process_uptime").getSum().getDataPoints(0);
    assertThat(uptime.getAsDouble()).isEqualTo(2);

    var duration = metric(written, "rpc.server.call.duration").getHistogram().getDataPoints(0);
    assertThat(duration.getCount()).isEqualTo(2);
    assertThat(duration.getSum()).isEqualTo(99.005);
    assertThat(duration.getExplicitBoundsList()).hasSize(14).startsWith(0.005).endsWith(10.0);
    assertThat(duration.getBucketCountsList()).hasSize(15).startsWith(1L).endsWith(1L);
  }

  @Test
  void aDifferenceIsSinceTheLastDelivery() {
    var counter = telemetry.counter("c", "");
    var histogram = telemetry.counts("h", "");
    var form = form(Temporality.DELTA);
    counter.increment(2);
    histogram.record(1);
    write(form, 1010).delivered().run();
    counter.increment(3);
    histogram.record(2);
    histogram.record(30);
    write(form, 1020); // lost
    counter.increment(4);
    var written = write(form, 1030);
    var sum = metric(written, "c").getSum();
    assertThat(sum.getAggregationTemporality())
        .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA);
    assertThat(sum.getDataPoints(0).getAsInt()).isEqualTo(7);
    assertThat(sum.getDataPoints(0).getStartTimeUnixNano()).isEqualTo(1_010_000_000_000L);
    var point = metric(written, "h").getHistogram().getDataPoints(0);
    assertThat(point.getCount()).isEqualTo(2);
    assertThat(point.getSum()).isEqualTo(32);
    assertThat(point.getBucketCountsList()).startsWith(1L, 0L, 1L);
  }

  @Test
  void gaugesAndUpDownCountersKnowNoDifference() {
    var _ = telemetry.gauge("otelcol_exporter_in_flight_requests", "", () -> 2);
    var form = form(Temporality.DELTA);
    write(form, 1010).delivered().run();
    var sum = metric(write(form, 1020), "otelcol_exporter_in_flight_requests").getSum();
    assertThat(sum.getAggregationTemporality())
        .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
    assertThat(sum.getDataPoints(0).getAsInt()).isEqualTo(2);
  }

  @Test
  void lowMemoryLeavesCountersOfOthersAsTheyAre() {
    telemetry.counter("otelcol_process_runtime_total_alloc_bytes", "").increment(5);
    telemetry.counter("c", "").increment(5);
    var form = form(Temporality.LOWMEMORY);
    write(form, 1010).delivered().run();
    var written = write(form, 1020);
    var alloc = metric(written, "otelcol_process_runtime_total_alloc_bytes").getSum();
    assertThat(alloc.getDataPoints(0).getAsInt()).isEqualTo(5);
    assertThat(metric(written, "c").getSum().getDataPoints(0).getAsInt()).isZero();
  }
}

package io.sluice.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.sluice.data.Signal;
import io.sluice.wire.Bytes;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the figures stand on: payloads, counting, the book of what came, medians, reports.
class MeasuringTest {
  private static final int ITEMS = 250;

  private static Bytes one(Signal signal, long seed) {
    return new Payloads(seed).requests(signal, 1, ITEMS).getFirst();
  }

  @ParameterizedTest
  @EnumSource(names = {"TRACES", "METRICS", "LOGS"})
  void payloadsAreWhatTheirSeedSaysAndAreCountedToTheItem(Signal signal) throws Exception {
    var request = one(signal, 1);
    assertThat(request).isEqualTo(one(signal, 1)).isNotEqualTo(one(signal, 2));
    assertThat(Items.in(signal, request)).isEqualTo(ITEMS).isEqualTo(byProtobuf(signal, request));
  }

  private static int byProtobuf(Signal signal, Bytes request)
      throws InvalidProtocolBufferException {
    return switch (signal) {
      case TRACES ->
          ExportTraceServiceRequest.parseFrom(request.buffer()).getResourceSpansList().stream()
              .flatMap(resource -> resource.getScopeSpansList().stream())
              .mapToInt(scope -> scope.getSpansCount())
              .sum();
      case LOGS ->
          ExportLogsServiceRequest.parseFrom(request.buffer()).getResourceLogsList().stream()
              .flatMap(resource -> resource.getScopeLogsList().stream())
              .mapToInt(scope -> scope.getLogRecordsCount())
              .sum();
      case METRICS ->
          ExportMetricsServiceRequest.parseFrom(request.buffer()).getResourceMetricsList().stream()
              .flatMap(resource -> resource.getScopeMetricsList().stream())
              .flatMap(scope -> scope.getMetricsList().stream())
              .mapToInt(metric ->
                  metric.getGauge().getDataPointsCount()
                      + metric.getSum().getDataPointsCount()
                      + metric.getHistogram().getDataPointsCount()
                      + metric.getExponentialHistogram().getDataPointsCount()
                      + metric.getSummary().getDataPointsCount())
              .sum();
      case PROFILES -> 0;
    };
  }

  /// About what is said of them.
  @Test
  void payloadsAreAsLargeAsThoseOfServices() {
    assertThat(one(Signal.TRACES, 3).length() / ITEMS).isBetween(700, 900);
    assertThat(one(Signal.LOGS, 3).length() / ITEMS).isBetween(300, 420);
    assertThat(one(Signal.METRICS, 3).length() / ITEMS).isBetween(160, 240);
  }

  @Test
  void whatArrivedTwiceDoesNotMakeUpForWhatWasLost() {
    var ledger = new Ledger();
    var payload = new Payloads(4).requests(Signal.TRACES, 1, 2).getFirst();
    var requests =
        List.of(ledger.stamped(payload), ledger.stamped(payload), ledger.stamped(payload));
    assertThat(Items.in(Signal.TRACES, requests.getFirst())).isEqualTo(2);
    requests.forEach(ledger::acknowledged);
    ledger.arrived(requests.get(0));
    ledger.arrived(requests.get(0));
    ledger.arrived(requests.get(1));
    assertThat(ledger.lost()).isEqualTo(1);
    assertThat(ledger.duplicates()).isEqualTo(1);
  }

  @Test
  void quantilesAreValuesThatWereFound() {
    var series = new Series(List.of(4.0, 1.0, 3.0, 2.0));
    assertThat(series.median()).isEqualTo(2.5);
    assertThat(series.quantile(0.5)).isEqualTo(2);
    assertThat(series.quantile(0.99)).isEqualTo(4);
    assertThat(new Series(List.of()).quantile(0.99)).isZero();
  }

  @Test
  void whatHasNoRatioLeavesJsonAndChartWhole() {
    var nothing = Result.of("n", "nothing", "s", 0, 0, Optional.empty(), List.of("a \"note\""));
    var something = Result.of("s", "some < more", "s", 2, 6, Result.atMost(3, 2), List.of());
    var results = List.of(nothing, something);
    assertThat(Report.json(List.of("machine"), results))
        .contains("\"ratio\":null", "\"ratio\":3.0", "a \\\"note\\\"", "\"reached\":true")
        .doesNotContain("NaN");
    assertThat(Chart.svg(results)).contains("some &lt; more").doesNotContain("NaN", "nothing");
    assertThat(Report.table(results)).contains("| n |", "- n: a \"note\"");
  }
}

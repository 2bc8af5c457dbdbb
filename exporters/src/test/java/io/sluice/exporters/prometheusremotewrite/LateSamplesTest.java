package io.sluice.exporters.prometheusremotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.sluice.data.Batch;
import io.sluice.exporters.prometheusremotewrite.Receiver.Answer;
import io.sluice.pipeline.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several samples of one series in a batch, some of them late.
class LateSamplesTest {
  @SuppressWarnings("NullAway.Init") // each test opens
  private Receiver receiver;

  @SuppressWarnings("NullAway.Init")
  private Sending sending;

  private void open(String yaml) throws Exception {
    receiver = new Receiver(Protocol.REMOTE_WRITE_1);
    sending = new Sending(yaml, receiver.endpoint());
  }

  @AfterEach
  void close() throws Exception {
    sending.close();
    receiver.close();
  }

  /// Points of one gauge for each of the labels, at the seconds 1, 2, ...
  private static Batch courses(int count, int seconds) {
    var points = new StringBuilder();
    for (int i = 0; i < count * seconds; i++) {
      points
          .append(i == 0 ? "" : ",")
          .append(
              "{\"attributes\":[{\"key\":\"n\",\"value\":{\"stringValue\":\"c_%d \"}}],\"timeUnixNano\":\"%d000000000\",\"asInt\":\"%d\"}"
                  .formatted(i % count, 1 + i / count, i));
    }
    return Sending.batch(
        "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"g\",\"gauge\":{\"dataPoints\":["
            + points
            + "]}}]}]}]}");
  }

  /// Takes requests as Prometheus does: wholly, and of a series nothing that is older than what it has.
  private static final class Ordered {
    private final Map<String, List<Long>> taken = new TreeMap<>();
    private final Set<String> late;

    /// @param late `series@time` of what it has something newer of
    Ordered(String... late) {
      this.late = Set.of(late);
    }

    synchronized Answer take(Receiver.Request request) {
      var times = request.times();
      for (var each : times.entrySet()) {
        var newest = taken.getOrDefault(each.getKey(), List.of(Long.MIN_VALUE)).getLast();
        for (long time : each.getValue()) {
          if (time <= newest || late.contains(each.getKey() + "@" + time)) {
            return new Answer(400, Map.of(), "out of order sample");
          }
        }
      }
      times.forEach((series, more) ->
          taken.merge(
              series, more, (old, next) -> Stream.of(old, next).flatMap(List::stream).toList()));
      return Receiver.TAKEN;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "max_batch_request_parallelism: 1", "max_batch_size_bytes: 200"})
  void aLateSampleCostsNoOtherOfItsSeries(String yaml) throws Exception {
    open(yaml);
    var prometheus = new Ordered("c_1@1000", "c_1@2000", "c_3@5000", "c_4@8000");
    receiver.script = prometheus::take;
    assertThat(sending.send(courses(6, 8)))
        .isEqualTo(new Outcome.Partial(4, "HTTP 400: out of order sample"));
    var all = LongStream.rangeClosed(1, 8).map(second -> second * 1000).boxed().toList();
    assertThat(prometheus.taken)
        .hasSize(6)
        .containsEntry("c_0", all)
        .containsEntry("c_1", all.subList(2, 8))
        .containsEntry("c_2", all)
        .containsEntry("c_3", List.of(1000L, 2000L, 3000L, 4000L, 6000L, 7000L, 8000L))
        .containsEntry("c_4", all.subList(0, 7))
        .containsEntry("c_5", all);
  }

  private static List<Long> values(Batch batch) throws IOException {
    var request = ExportMetricsServiceRequest.parseFrom(batch.otlp().flatten().toArray());
    return request.getResourceMetricsList().stream()
        .flatMap(resource -> resource.getScopeMetricsList().stream())
        .flatMap(scope -> scope.getMetricsList().stream())
        .flatMap(metric -> metric.getGauge().getDataPointsList().stream())
        .map(NumberDataPoint::getAsInt)
        .toList();
  }

  @Test
  void lateSamplesAreNamedWhereDeadLettersAreKept() throws Exception {
    open("sending_queue: {storage: file_storage}");
    receiver.script = new Ordered("c_1@1000", "c_1@3000")::take;
    var outcome = sending.send(courses(2, 4));
    assertThat(((Outcome.Partial) outcome).culprits())
        .singleElement()
        .satisfies(culprit -> {
          assertThat(values(culprit.batch())).containsExactly(1L, 5L);
          assertThat(culprit.reason()).isEqualTo("HTTP 400: out of order sample");
        });
  }

  /// What comes again would be rejected as out of order.
  @Test
  void partsOfASeriesThatHaveArrivedAreNotSentAgain() throws Exception {
    open("");
    var prometheus = new Ordered("c_0@3000");
    var down = new AtomicBoolean();
    receiver.script =
        request -> {
          var answer = down.get() ? new Answer(503, Map.of(), "") : prometheus.take(request);
          down.compareAndSet(false, prometheus.taken.getOrDefault("c_0", List.of()).size() == 2);
          return answer;
        };
    var batch = courses(1, 8);
    assertThat(sending.send(batch)).isInstanceOf(Outcome.Refused.class);
    assertThat(prometheus.taken).containsEntry("c_0", List.of(1000L, 2000L));
    receiver.script = prometheus::take;
    assertThat(sending.send(batch))
        .isEqualTo(new Outcome.Partial(1, "HTTP 400: out of order sample"));
    assertThat(prometheus.taken.get("c_0"))
        .containsExactly(1000L, 2000L, 4000L, 5000L, 6000L, 7000L, 8000L);
  }

  @Test
  void aSeriesThatIsTooLargeForTheDestinationIsSentInParts() throws Exception {
    open("");
    var prometheus = new Ordered();
    receiver.script =
        request ->
            request.samples() > 10
                ? new Answer(413, Map.of(), "too large")
                : prometheus.take(request);
    assertThat(sending.send(courses(1, 100))).isEqualTo(new Outcome.Accepted());
    assertThat(prometheus.taken.get("c_0"))
        .isEqualTo(LongStream.rangeClosed(1, 100).map(second -> second * 1000).boxed().toList());
  }

  /// The longer the front is, the longer are the steps; so little of what is good is lost.
  @Test
  void aLongFrontOfLateSamplesDoesNotCostWhatIsBehindIt() throws Exception {
    open("");
    int late = 300;
    var prometheus = new Ordered(lateFront(1, late));
    receiver.script = prometheus::take;
    var outcome = (Outcome.Partial) sending.send(courses(1, 1000));
    assertThat(outcome.rejectedItems()).isBetween((long) late, late + late / 8L);
    assertThat(prometheus.taken.get("c_0")).hasSize(1000 - (int) outcome.rejectedItems());
    assertThat(receiver.requests).hasSizeLessThan(2 * Shipment.HOPELESS_AFTER);
  }

  @Test
  void aLongFrontOfLateSamplesDoesNotCostOtherSeries() throws Exception {
    open("");
    var prometheus = new Ordered(lateFront(3, 130));
    receiver.script = prometheus::take;
    var outcome = (Outcome.Partial) sending.send(courses(3, 400));
    assertThat(outcome.rejectedItems()).isBetween(390L, 390 + 390 / 8L);
    assertThat(prometheus.taken).hasSize(3);
  }

  private static String[] lateFront(int series, int seconds) {
    return IntStream.range(0, series * seconds)
        .mapToObj(i -> "c_%d@%d000".formatted(i % series, 1 + i / series))
        .toArray(String[]::new);
  }

  /// Nor does it make the next batch lose what is good.
  @Test
  void aSeriesOfWhichNothingIsTakenIsNotSearchedForLong() throws Exception {
    open("");
    receiver.script = _ -> new Answer(400, Map.of(), "no");
    assertThat(sending.send(courses(1, 1000))).isInstanceOf(Outcome.Rejected.class);
    assertThat(receiver.requests).hasSizeLessThan(2 * Shipment.HOPELESS_AFTER);
    receiver.script = new Ordered("c_0@1000")::take;
    assertThat(sending.send(courses(1, 1000)))
        .isEqualTo(new Outcome.Partial(1, "HTTP 400: out of order sample"));
  }
}

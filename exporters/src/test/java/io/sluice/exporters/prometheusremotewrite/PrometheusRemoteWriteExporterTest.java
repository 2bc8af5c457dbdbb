package io.sluice.exporters.prometheusremotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
import io.sluice.data.Origin;
import io.sluice.exporters.prometheusremotewrite.Receiver.Answer;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.pipeline.Outcome.Pressure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against a receiver that answers by script.
class PrometheusRemoteWriteExporterTest {
  private static final Pattern HUNDREDS = Pattern.compile("g_[0-9]+00 ");
  private static final String VERSION_2 = "protobuf_message: io.prometheus.write.v2.Request";

  @SuppressWarnings("NullAway.Init") // each test opens
  private Receiver receiver;

  @SuppressWarnings("NullAway.Init")
  private Sending sending;

  private void open(String yaml) throws Exception {
    receiver =
        new Receiver(yaml.contains("write.v2") ? Protocol.REMOTE_WRITE_2 : Protocol.REMOTE_WRITE_1);
    sending = new Sending(yaml, receiver.endpoint());
  }

  @AfterEach
  void close() throws Exception {
    sending.close();
    receiver.close();
  }

  private static Answer answer(int status, String body) {
    return new Answer(status, Map.of(), body);
  }

  @Test
  void saysWhatTheBodyIs() throws Exception {
    open("headers: {X-Scope-OrgID: us, Content-Type: text/plain, User-Agent: me}");
    assertThat(sending.send(Sending.gauges("g", 1))).isEqualTo(new Outcome.Accepted());
    var headers = receiver.requests.getFirst().headers();
    assertThat(headers.getFirst("Content-Type")).isEqualTo("application/x-protobuf");
    assertThat(headers.getFirst("Content-Encoding")).isEqualTo("snappy");
    assertThat(headers.getFirst("X-Prometheus-Remote-Write-Version")).isEqualTo("0.1.0");
    assertThat(headers.getFirst("X-Scope-OrgID")).isEqualTo("us");
    assertThat(headers.getFirst("User-Agent")).startsWith("Sluice/");
  }

  @Test
  void saysThatTheBodyIsOfVersion2() throws Exception {
    open(VERSION_2);
    receiver.script = _ -> Answer.written(204, 1);
    assertThat(sending.send(Sending.gauges("g", 1))).isEqualTo(new Outcome.Accepted());
    var headers = receiver.requests.getFirst().headers();
    assertThat(headers.getFirst("Content-Type"))
        .isEqualTo("application/x-protobuf;proto=io.prometheus.write.v2.Request");
    assertThat(headers.getFirst("X-Prometheus-Remote-Write-Version")).isEqualTo("2.0.0");
    assertThat(sending.count("otelcol_exporter_prometheusremotewrite_written_samples"))
        .isEqualTo(1);
  }

  @Test
  void metadataOfTheRequestBecomesHeaders() throws Exception {
    open("include_metadata_keys: [X-Scope-OrgID, X-Other]");
    var origin =
        new Origin("otlp", "grpc", "", Map.of("x-scope-orgid", List.of("a", "b"), "x", List.of()));
    sending.send(Sending.gauges("g", 1).with(origin));
    var headers = receiver.requests.getFirst().headers();
    assertThat(headers.getFirst("X-Scope-OrgID")).isEqualTo("a, b");
    assertThat(headers.containsKey("X-Other")).isFalse();
  }

  @Test
  void aLargeBatchIsCutIntoRequestsOfWholeSeries() throws Exception {
    open("max_batch_size_bytes: 1000");
    assertThat(sending.send(Sending.gauges("g", 100))).isEqualTo(new Outcome.Accepted());
    assertThat(receiver.requests).hasSizeGreaterThan(3).allMatch(r -> r.bytes() <= 1000);
    assertThat(receiver.requests.stream().flatMap(r -> r.series().stream()))
        .hasSize(100)
        .doesNotHaveDuplicates();
    assertThat(sending.count("otelcol_exporter_prometheusremotewrite_sent_batches"))
        .isEqualTo(receiver.requests.size());
    assertThat(sending.count("otelcol_exporter_prometheusremotewrite_translated_time_series"))
        .isEqualTo(100);
  }

  @Test
  void asManyRequestsAsAllowedAreUnderWay() throws Exception {
    open("max_batch_size_bytes: 300\nmax_batch_request_parallelism: 2");
    var now = new AtomicInteger();
    var most = new AtomicInteger();
    var both = new CountDownLatch(2);
    receiver.script =
        _ -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          both.countDown();
          awaits(both);
          now.decrementAndGet();
          return Receiver.TAKEN;
        };
    assertThat(sending.send(Sending.gauges("g", 100))).isEqualTo(new Outcome.Accepted());
    assertThat(most.get()).isEqualTo(2);
  }

  private static void awaits(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, INVALID",
    "409, INVALID",
    "422, INVALID",
    "401, UNAUTHENTICATED",
    "403, PERMISSION_DENIED",
    "404, UNIMPLEMENTED",
    "415, UNIMPLEMENTED",
    "413, TOO_LARGE"
  })
  void noRetryHelpsAgainst(int status, Fault fault) throws Exception {
    open("");
    receiver.script = _ -> answer(status, "because\n of this\n");
    assertThat(sending.send(Sending.gauges("g", 1)))
        .isEqualTo(new Outcome.Rejected(fault, "HTTP " + status + ": because of this"));
  }

  @ParameterizedTest
  @CsvSource({"500, UNAVAILABLE", "503, UNAVAILABLE", "429, THROTTLED"})
  void isSentAgainAfter(int status, Pressure pressure) throws Exception {
    open("");
    receiver.script = _ -> new Answer(status, Map.of("Retry-After", "7"), "later");
    assertThat(sending.send(Sending.gauges("g", 1)))
        .isEqualTo(
            new Outcome.Refused(pressure, Duration.ofSeconds(7), "HTTP " + status + ": later"));
  }

  @Test
  void throttledDataIsLostWhereThatIsWished() throws Exception {
    open("retry_on_http_429: false");
    receiver.script = _ -> answer(429, "later");
    assertThat(sending.send(Sending.gauges("g", 100))).isInstanceOf(Outcome.Rejected.class);
    assertThat(receiver.requests).as("the load is not made worse").hasSize(1);
  }

  /// Prometheus 2.42 answers so.
  @Test
  void whatIsTooOldIsNotSentAgainWhateverTheStatus() throws Exception {
    open("");
    receiver.script = _ -> answer(500, "too old sample");
    assertThat(sending.send(Sending.gauges("g", 1)))
        .isEqualTo(new Outcome.Rejected(Fault.INVALID, "HTTP 500: too old sample"));
  }

  /// Somebody in between says so, and not Prometheus.
  @ParameterizedTest
  @CsvSource({
    "502, too old sample",
    "503, out of order sample",
    "504, out of bounds",
    "500, upstream: index out of bounds for length 3"
  })
  void wordsLikeThoseOfPrometheusAreNotFinalOfOthers(int status, String words) throws Exception {
    open("");
    receiver.script = _ -> answer(status, words);
    assertThat(sending.send(Sending.gauges("g", 1))).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void onlySeriesAtFaultAreLost() throws Exception {
    open("");
    receiver.script =
        request ->
            request.text().contains("_13 ") || request.text().contains("_77 ")
                ? answer(400, "out of order sample")
                : Receiver.TAKEN;
    var batch = gaugesWithLabels(100);
    assertThat(sending.send(batch))
        .isEqualTo(new Outcome.Partial(2, "HTTP 400: out of order sample"));
    var taken =
        receiver.requests.stream()
            .filter(r -> !r.text().contains("_13 ") && !r.text().contains("_77 "))
            .flatMap(r -> r.series().stream());
    assertThat(taken).hasSize(98).doesNotHaveDuplicates();
  }

  /// `g_0 `, `g_1 `, ...
  private static Batch gaugesWithLabels(int count) {
    var points = new StringBuilder();
    for (int i = 0; i < count; i++) {
      points
          .append(i == 0 ? "" : ",")
          .append(
              "{\"attributes\":[{\"key\":\"n\",\"value\":{\"stringValue\":\"g_%d \"}}],\"timeUnixNano\":\"1700000060000000000\",\"asInt\":\"%d\"}"
                  .formatted(i, i));
    }
    return Sending.batch(
        "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"g\",\"gauge\":{\"dataPoints\":["
            + points
            + "]}}]}]}]}");
  }

  @Test
  void aDestinationThatTakesNothingIsNotSearchedForLong() throws Exception {
    open("");
    receiver.script = _ -> answer(400, "no");
    assertThat(sending.send(Sending.gauges("g", 1000))).isInstanceOf(Outcome.Rejected.class);
    assertThat(receiver.requests).hasSizeLessThan(2 * Shipment.HOPELESS_AFTER);
    receiver.requests.clear();
    sending.send(Sending.gauges("g", 1000));
    assertThat(receiver.requests).as("the batch and two branches of it").hasSizeLessThan(50);
    receiver.script = _ -> Receiver.TAKEN;
    assertThat(sending.send(Sending.gauges("g", 10))).isEqualTo(new Outcome.Accepted());
  }

  /// Else one batch that nobody would have had would cost all neighbours of later culprits.
  @Test
  void aDestinationThatTookNothingIsSearchedAgainWhenItTakesAHalf() throws Exception {
    open("");
    receiver.script = _ -> answer(400, "no");
    sending.send(Sending.gauges("g", 1000));
    receiver.script =
        request -> request.text().contains("_13 ") ? answer(400, "bad") : Receiver.TAKEN;
    assertThat(sending.send(gaugesWithLabels(100)))
        .isEqualTo(new Outcome.Partial(1, "HTTP 400: bad"));
  }

  @Test
  void aDestinationThatTookNothingIsSearchedAgainWhereNeitherHalfIsWithoutFault() throws Exception {
    open("");
    receiver.script = _ -> answer(400, "no");
    sending.send(Sending.gauges("g", 1000));
    assertThatFewOfManyAreFound();
  }

  @Test
  void manySeriesAtFaultAreFoundAmongMore() throws Exception {
    open("");
    assertThatFewOfManyAreFound();
  }

  private void assertThatFewOfManyAreFound() throws Exception {
    receiver.script =
        request -> HUNDREDS.matcher(request.text()).find() ? answer(400, "bad") : Receiver.TAKEN;
    assertThat(sending.send(gaugesWithLabels(8000)))
        .isEqualTo(new Outcome.Partial(79, "HTTP 400: bad"));
    assertThat(receiver.requests).hasSizeLessThan(Shipment.ATTEMPTS_MAX);
  }

  @Test
  void aSearchThatIsInterruptedDoesNotBeginAnew() throws Exception {
    open("");
    var even = Pattern.compile("g_[0-9]*[02468] ");
    receiver.script =
        request ->
            receiver.requests.size() % 300 == 0
                ? answer(503, "later")
                : even.matcher(request.text()).find() ? answer(400, "bad") : Receiver.TAKEN;
    var batch = gaugesWithLabels(8000);
    var outcome = sending.send(batch);
    while (outcome instanceof Outcome.Refused && receiver.requests.size() < 10_000) {
      outcome = sending.send(batch);
    }
    assertThat(outcome).isInstanceOf(Outcome.Partial.class);
    assertThat(receiver.requests).hasSizeLessThan(Shipment.ATTEMPTS_MAX + 100);
  }

  /// What had arrived would be rejected as out of order if the pipe searched.
  @Test
  void whatIsAtFaultIsNamedWhereDeadLettersAreKept() throws Exception {
    open("sending_queue: {storage: file_storage}");
    receiver.script =
        request ->
            request.text().contains("_3 ")
                ? answer(400, "no")
                : request.text().contains("_5 ") ? answer(400, "neither") : Receiver.TAKEN;
    var outcome = sending.send(gaugesWithLabels(8));
    assertThat(outcome).isInstanceOf(Outcome.Partial.class);
    var partial = (Outcome.Partial) outcome;
    assertThat(partial.rejectedItems()).isEqualTo(2);
    assertThat(partial.culprits())
        .extracting(each -> each.reason() + " " + each.batch().items())
        .containsExactlyInAnyOrder("HTTP 400: no 1", "HTTP 400: neither 1");
    assertThat(partial.culprits())
        .filteredOn(each -> each.reason().equals("HTTP 400: no"))
        .allMatch(each -> each.batch().otlp().flatten().utf8().contains("g_3 "));
    assertThat(receiver.requests).hasSizeLessThan(12);
  }

  @Test
  void whereDeadLettersAreKeptAllMayBeNamed() throws Exception {
    open("sending_queue: {storage: file_storage}");
    receiver.script = _ -> answer(400, "no");
    var outcome = sending.send(Sending.gauges("g", 8));
    assertThat(outcome).isInstanceOf(Outcome.Partial.class);
    assertThat(((Outcome.Partial) outcome).culprits())
        .singleElement()
        .extracting(each -> each.batch().items())
        .isEqualTo(8);
    receiver.script = _ -> answer(401, "who");
    assertThat(sending.send(Sending.gauges("g", 8)))
        .isEqualTo(new Outcome.Rejected(Fault.UNAUTHENTICATED, "HTTP 401: who"));
  }

  @Test
  void whatHasArrivedIsNotSentAgain() throws Exception {
    open("max_batch_size_bytes: 300\nmax_batch_request_parallelism: 1");
    var down = new AtomicBoolean();
    receiver.script =
        request -> {
          if (receiver.requests.size() == 4) {
            down.set(true);
          }
          return down.get() ? answer(503, "") : Receiver.TAKEN;
        };
    var batch = Sending.gauges("g", 30);
    assertThat(sending.send(batch)).isInstanceOf(Outcome.Refused.class);
    assertThat(receiver.requests).hasSize(4);
    var arrived = receiver.requests.stream().limit(3).flatMap(r -> r.series().stream()).toList();
    receiver.requests.clear();
    down.set(false);
    receiver.script = _ -> Receiver.TAKEN;
    assertThat(sending.send(batch)).isEqualTo(new Outcome.Accepted());
    var rest = receiver.requests.stream().flatMap(r -> r.series().stream()).toList();
    assertThat(rest).doesNotContainAnyElementsOf(arrived).hasSize(30 - arrived.size());
  }

  @Test
  void whatWasRejectedBeforeARefusalStaysCounted() throws Exception {
    open("max_batch_size_bytes: 1\nmax_batch_request_parallelism: 1");
    receiver.script =
        request ->
            switch (receiver.requests.size()) {
              case 1 -> answer(400, "bad");
              case 2 -> Receiver.TAKEN;
              default -> answer(503, "");
            };
    var batch = Sending.gauges("g", 4);
    assertThat(sending.send(batch)).isInstanceOf(Outcome.Refused.class);
    receiver.script = _ -> Receiver.TAKEN;
    assertThat(sending.send(batch)).isEqualTo(new Outcome.Partial(1, "HTTP 400: bad"));
  }

  @Test
  void countsOfWhatWasWrittenAreComparedWithWhatWasSent() throws Exception {
    open(VERSION_2);
    receiver.script = _ -> Answer.written(204, 3);
    assertThat(sending.send(Sending.gauges("g", 5)))
        .isEqualTo(new Outcome.Partial(2, "HTTP 204: 3 of 5 samples were written"));
  }

  @Test
  void version2WritesTheRestItself() throws Exception {
    open(VERSION_2);
    receiver.script = _ -> new Answer(400, Answer.written(400, 4).headers(), "out of order sample");
    assertThat(sending.send(Sending.gauges("g", 5)))
        .isEqualTo(new Outcome.Partial(1, "HTTP 400: out of order sample"));
    assertThat(receiver.requests).hasSize(1);
  }

  /// Prometheus writes the samples and says 400 of an exemplar that is out of order.
  @Test
  void exemplarsThatAreRejectedCostNoSample() throws Exception {
    open(VERSION_2);
    receiver.script =
        _ -> new Answer(400, Answer.written(400, 5).headers(), "out of order exemplar");
    assertThat(sending.send(Sending.gauges("g", 5))).isEqualTo(new Outcome.Accepted());
  }

  /// It counts samples, of which a histogram has many.
  @Test
  void noMorePointsAreLostThanThereWere() throws Exception {
    open(VERSION_2);
    receiver.script = _ -> Answer.written(204, 1);
    var outcome =
        sending.send(
            Sending.batch(
                """
                {"resourceMetrics":[{"scopeMetrics":[{"metrics":[
                {"name":"g","gauge":{"dataPoints":[{"timeUnixNano":"1700000060000000000","asInt":"1"}]}},
                {"name":"h","histogram":{"aggregationTemporality":2,"dataPoints":[{"timeUnixNano":"1700000060000000000",
                "count":"3","sum":3,"explicitBounds":[1,2,3,4],"bucketCounts":["1","1","1","0","0"]}]}}]}]}]}
                """));
    assertThat(outcome).isInstanceOf(Outcome.Partial.class);
    assertThat(((Outcome.Partial) outcome).rejectedItems()).isEqualTo(2);
  }

  @Test
  void seriesAreCountedOnceHoweverOftenTheyAreSent() throws Exception {
    open("");
    receiver.script = _ -> answer(503, "");
    var batch = Sending.gauges("g", 7);
    sending.send(batch);
    sending.send(batch);
    receiver.script = _ -> Receiver.TAKEN;
    assertThat(sending.send(batch)).isEqualTo(new Outcome.Accepted());
    assertThat(sending.count("otelcol_exporter_prometheusremotewrite_translated_time_series"))
        .isEqualTo(7);
  }

  /// It is of no point.
  @Test
  void targetInfoThatIsRejectedCostsNoPoint() throws Exception {
    open("sending_queue: {storage: file_storage}");
    receiver.script =
        request -> request.text().contains("target_info") ? answer(400, "late") : Receiver.TAKEN;
    var outcome =
        sending.send(
            Sending.batch(
                """
                {"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"a"}},
                {"key":"host.name","value":{"stringValue":"h"}}]},"scopeMetrics":[{"metrics":[
                {"name":"g","gauge":{"dataPoints":[{"timeUnixNano":"1700000060000000000","asInt":"1"}]}}]}]}]}
                """));
    assertThat(outcome).isEqualTo(new Outcome.Accepted());
    assertThat(receiver.requests.getLast().series()).hasSize(1);
  }

  @Test
  void whatIsKnownOfMetricsGoesInRequestsOfItsOwnAndIsNoLossWhenRejected() throws Exception {
    open("send_metadata: true\nmax_batch_size_bytes: 1000");
    receiver.script =
        request -> request.text().contains("metadata ") ? answer(400, "bad") : Receiver.TAKEN;
    assertThat(sending.send(Sending.gauges("g", 100))).isEqualTo(new Outcome.Accepted());
    assertThat(receiver.requests).allMatch(r -> r.bytes() <= 1000);
    var about = receiver.requests.stream().filter(r -> r.text().contains("metadata ")).toList();
    assertThat(about).hasSizeGreaterThan(1).allMatch(r -> r.series().isEmpty());
    assertThat(about.stream().flatMap(r -> r.text().lines())).hasSize(100).doesNotHaveDuplicates();
  }

  /// Neither is the batch delivered then, nor is there hope for what is in it.
  @Test
  void whatIsKnownOfMetricsAndResourcesIsNoSuccessWhenTaken() throws Exception {
    open("send_metadata: true\nmax_batch_size_bytes: 100000");
    receiver.script =
        request ->
            request.samples() == 0 || request.series().stream().allMatch(s -> s.contains("_info"))
                ? Receiver.TAKEN
                : answer(400, "no");
    assertThat(sending.send(Sending.gauges("g", 1000)))
        .isEqualTo(new Outcome.Rejected(Fault.INVALID, "HTTP 400: no"));
    assertThat(receiver.requests).hasSizeLessThan(2 * Shipment.HOPELESS_AFTER);
    assertThat(
            sending.send(
                Sending.batch(
                    """
                    {"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"a"}},
                    {"key":"host.name","value":{"stringValue":"h"}}]},"scopeMetrics":[{"metrics":[
                    {"name":"g","gauge":{"dataPoints":[{"timeUnixNano":"1700000060000000000","asInt":"1"}]}}]}]}]}
                    """)))
        .isEqualTo(new Outcome.Rejected(Fault.INVALID, "HTTP 400: no"));
  }

  @Test
  void aReceiverThatCannotSpeakVersion2IsFoundOut() throws Exception {
    open(VERSION_2);
    var outcome = sending.send(Sending.gauges("g", 5));
    assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
    assertThat(((Outcome.Rejected) outcome).reason()).contains("prometheus.WriteRequest");
  }

  @Test
  void deltaTemporalityIsCountedByReason() throws Exception {
    open("");
    var outcome =
        sending.send(
            Sending.batch(
                """
                {"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"d","sum":{"aggregationTemporality":1,
                "dataPoints":[{"timeUnixNano":"1","asInt":"1"},{"timeUnixNano":"2","asInt":"1"}]}}]}]}]}
                """));
    assertThat(outcome).isInstanceOf(Outcome.Partial.class);
    assertThat(((Outcome.Partial) outcome).rejectedItems()).isEqualTo(2);
    assertThat(((Outcome.Partial) outcome).reason()).contains("metric d", "deltatocumulative");
    assertThat(receiver.requests).isEmpty();
    assertThat(sending.count("otelcol_exporter_prometheusremotewrite_failed_translations"))
        .isEqualTo(1);
    assertThat(sending.count("sluice_exporter_prometheusremotewrite_untranslated_points"))
        .isEqualTo(2);
  }

  /// More than one step, so that others get their turn in between.
  @Test
  void aBatchOfMoreThanOneStepArrivesWhole() throws Exception {
    open("");
    int count = 3 * Shipment.POINTS_AT_ONCE + 1;
    assertThat(sending.send(Sending.gauges("g", count))).isEqualTo(new Outcome.Accepted());
    assertThat(receiver.requests.stream().mapToInt(Receiver.Request::samples).sum())
        .isEqualTo(count);
    assertThat(sending.send(Sending.gauges("h", 2))).isEqualTo(new Outcome.Accepted());
    assertThat(receiver.requests.getLast().series()).hasSize(2);
  }

  @Test
  void noAnswerIsARefusal() throws Exception {
    open("");
    receiver.close();
    var outcome = sending.send(Sending.gauges("g", 1));
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(((Outcome.Refused) outcome).reason()).startsWith("no answer: ");
  }
}

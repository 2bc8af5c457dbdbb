package io.sluice.exporters.elasticsearch;

import static io.sluice.exporters.elasticsearch.BulkServer.CREATED;
import static io.sluice.exporters.elasticsearch.BulkServer.answer;
import static io.sluice.exporters.elasticsearch.BulkServer.failed;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.pipeline.Outcome.Pressure;
import io.sluice.testkit.Json;
import io.sluice.testkit.Payloads;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Against a server that answers by script.
class ElasticsearchExporterTest {
  /// Of which an exporter only takes that it is there.
  private static final String STORED = "sending_queue: {storage: file_storage}\n";

  @SuppressWarnings("NullAway.Init") // each test opens
  private BulkServer server;

  @SuppressWarnings("NullAway.Init")
  private Sending sending;

  private void open(String yaml) throws Exception {
    server = new BulkServer();
    sending = Sending.elasticsearch(yaml, server.endpoint());
  }

  @AfterEach
  void close() throws Exception {
    sending.close();
    server.close();
  }

  private List<String> bodies() {
    return server.requests.stream().flatMap(r -> bodies(r).stream()).toList();
  }

  private static List<String> bodies(BulkServer.Request request) {
    return request.documents().stream()
        .map(document -> Json.text(Json.object(document.get("body")).get("text")))
        .toList();
  }

  private static String culprit(Outcome.Culprit culprit) {
    var otlp = culprit.batch().otlp().flatten().utf8();
    return otlp.replaceAll("(?s).*(a-\\d).*", "$1") + "*" + culprit.batch().items();
  }

  @Test
  void saysWhatTheRequestIs() throws Exception {
    open("pipeline: my pipe\ninclude_source_on_error: false\nuser: u\npassword: p");
    assertThat(sending.send(Payloads.logs("a", 1))).isEqualTo(new Outcome.Accepted());
    var request = server.requests.getFirst();
    assertThat(request.uri())
        .startsWith("/_bulk?filter_path=")
        .contains("items.*.status")
        .endsWith("&pipeline=my+pipe&include_source_on_error=false");
    var headers = request.headers();
    assertThat(headers.getFirst("Content-Type")).isEqualTo("application/x-ndjson");
    assertThat(headers.getFirst("Content-Encoding")).isEqualTo("gzip");
    var both = "u:p".getBytes(StandardCharsets.UTF_8);
    assertThat(headers.getFirst("Authorization"))
        .isEqualTo("Basic " + Base64.getEncoder().encodeToString(both));
    assertThat(request.text()).endsWith("}\n");
  }

  @Test
  void withoutCompressionAndWithAKey() throws Exception {
    open("compression: none\napi_key: abc==");
    assertThat(sending.send(Payloads.logs("a", 2))).isEqualTo(new Outcome.Accepted());
    var headers = server.requests.getFirst().headers();
    assertThat(headers.containsKey("Content-Encoding")).isFalse();
    assertThat(headers.getFirst("Authorization")).isEqualTo("ApiKey abc==");
    assertThat(bodies()).containsExactly("a-0", "a-1");
  }

  @Test
  void aLargeBatchIsSentInRequestsOfBoundedSize() throws Exception {
    open("sending_queue: {batch: {min_size: 1000, max_size: 5000}}");
    assertThat(sending.send(Payloads.logs("a", 2000))).isEqualTo(new Outcome.Accepted());
    assertThat(bodies()).hasSize(2000).doesNotHaveDuplicates();
    assertThat(server.requests)
        .hasSizeGreaterThan(10)
        .allMatch(request -> request.text().length() < 5500);
    assertThat(sending.count("otelcol_elasticsearch_docs_received")).isEqualTo(2000);
    assertThat(sending.count("otelcol_elasticsearch_docs_processed", "outcome", "success"))
        .isEqualTo(2000);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void onlyWhatIsToComeAgainIsSentAgain(int status) throws Exception {
    open("{}");
    var round = new AtomicInteger();
    server.script =
        request ->
            round.getAndIncrement() == 0
                ? BulkServer.items(
                    request, i -> i % 3 == 0 ? failed(status, "es_rejected", "full") : CREATED)
                : BulkServer.taken(request);
    var batch = Payloads.logs("a", 7);
    var pressure = status == 429 ? Pressure.THROTTLED : Pressure.UNAVAILABLE;
    assertThat(((Outcome.Refused) sending.send(batch)).whole())
        .isEqualTo(new Outcome.Refused(pressure, Duration.ZERO, "document: es_rejected: full"));
    assertThat(sending.send(batch)).isEqualTo(new Outcome.Accepted());
    assertThat(bodies(server.requests.get(1))).containsExactly("a-0", "a-3", "a-6");
    assertThat(sending.count("otelcol_elasticsearch_docs_retried")).isEqualTo(3);
  }

  @Test
  void whatIsThereAlreadyIsDelivered() throws Exception {
    open("{}");
    server.script =
        request -> BulkServer.items(request, _ -> failed(409, "version_conflict", "exists"));
    assertThat(sending.send(Payloads.logs("a", 2))).isEqualTo(new Outcome.Accepted());
  }

  @Test
  void whatTheServerWillNotHaveIsNamedWithItsWords() throws Exception {
    open(STORED);
    server.script =
        request ->
            BulkServer.items(
                request,
                i -> i == 1 || i == 3 ? failed(400, "mapper_parsing", "no " + i) : CREATED);
    var outcome = (Outcome.Partial) sending.send(Payloads.logs("a", 5));
    assertThat(outcome.rejectedItems()).isEqualTo(2);
    assertThat(outcome.culprits())
        .extracting(each -> culprit(each) + " " + new Outcome.Rejected(each.fault(), each.reason()))
        .containsExactly(
            "a-1*1 Rejected[fault=INVALID, reason=mapper_parsing: no 1]",
            "a-3*1 Rejected[fault=INVALID, reason=mapper_parsing: no 3]");
    assertThat(
            sending.count("otelcol_elasticsearch_docs_processed", "error_type", "mapper_parsing"))
        .isEqualTo(2);
  }

  @Test
  void wordsThatAreTheSameStandForAllTheirItems() throws Exception {
    open(STORED);
    server.script = request -> BulkServer.items(request, _ -> failed(400, "illegal", "x"));
    var outcome = (Outcome.Partial) sending.send(Payloads.logs("a", 5));
    assertThat(outcome.rejectedItems()).isEqualTo(5);
    assertThat(outcome.culprits()).extracting(each -> each.batch().items()).containsExactly(5);
  }

  @Test
  void aBatchOfWhichNothingIsTakenIsRejectedWhereNothingIsKept() throws Exception {
    open("sending_queue: {enabled: false}");
    server.script = request -> BulkServer.items(request, _ -> failed(403, "security", "no"));
    assertThat(sending.send(Payloads.logs("a", 2)))
        .isEqualTo(new Outcome.Rejected(Fault.PERMISSION_DENIED, "security: no"));
  }

  @ParameterizedTest
  @CsvSource({
    "401, UNAUTHENTICATED",
    "403, PERMISSION_DENIED",
    "404, UNIMPLEMENTED",
    "400, INVALID"
  })
  void aRefusalOfTheRequestIsFinal(int status, Fault fault) throws Exception {
    open("{}");
    server.script = _ -> answer(status, "some words");
    assertThat(sending.send(Payloads.logs("a", 2)))
        .isEqualTo(new Outcome.Rejected(fault, "HTTP " + status + ": some words"));
  }

  @ParameterizedTest
  @CsvSource({"302, UNAVAILABLE", "503, UNAVAILABLE", "500, UNAVAILABLE"})
  void aRefusalForNowIsWorthARetry(int status, Pressure pressure) throws Exception {
    open("{}");
    server.script = _ -> answer(status, "later");
    assertThat(sending.send(Payloads.logs("a", 2)))
        .isEqualTo(new Outcome.Refused(pressure, Duration.ZERO, "HTTP " + status + ": later"));
  }

  @Test
  void throttlingSaysForHowLong() throws Exception {
    open("{}");
    server.script = _ -> new BulkServer.Answer(429, Map.of("Retry-After", "7"), "slow down");
    assertThat(sending.send(Payloads.logs("a", 2)))
        .isEqualTo(
            new Outcome.Refused(Pressure.THROTTLED, Duration.ofSeconds(7), "HTTP 429: slow down"));
  }

  @Test
  void aRedirectThatKeepsTheRequestIsFollowed() throws Exception {
    open("{}");
    server.script =
        request ->
            request.uri().startsWith("/there")
                ? BulkServer.taken(request)
                : new BulkServer.Answer(307, Map.of("Location", "/there/_bulk"), "");
    assertThat(sending.send(Payloads.logs("a", 2))).isEqualTo(new Outcome.Accepted());
  }

  @Test
  void aServerIsTalkedToIfItsAuthorityIsTrusted(@TempDir Path folder) throws Exception {
    var certificate = OwnCertificate.of(folder, "ip:127.0.0.1");
    server = new BulkServer(certificate);
    try (var unknown = Sending.elasticsearch("{}", server.endpoint())) {
      assertThat(unknown.send(Payloads.logs("a", 1)))
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> assertThat(refused.reason()).containsIgnoringCase("certif"));
    }
    assertThat(server.requests).isEmpty();
    sending = Sending.elasticsearch("tls: {ca_file: " + certificate.pem() + "}", server.endpoint());
    assertThat(sending.send(Payloads.logs("a", 1))).isEqualTo(new Outcome.Accepted());
  }

  @Test
  void aServerWithAnotherNameIsNotTalkedTo(@TempDir Path folder) throws Exception {
    var certificate = OwnCertificate.of(folder, "dns:elsewhere.example");
    server = new BulkServer(certificate);
    sending = Sending.elasticsearch("tls: {ca_file: " + certificate.pem() + "}", server.endpoint());
    assertThat(sending.send(Payloads.logs("a", 1))).isInstanceOf(Outcome.Refused.class);
    assertThat(server.requests).isEmpty();
  }

  @Test
  void anAnswerThatTakesTooLongIsNone() throws Exception {
    open("timeout: 50ms");
    var over = new java.util.concurrent.CountDownLatch(1);
    server.script =
        request -> {
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return BulkServer.taken(request);
        };
    var outcome = sending.send(Payloads.logs("a", 2));
    over.countDown();
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>hello</html>", "{}", "{\"items\":3}", "[1]"})
  void anAnswerThatIsNoneIsNoDelivery(String body) throws Exception {
    open("{}");
    server.script = _ -> answer(200, body);
    assertThat(sending.send(Payloads.logs("a", 2)))
        .isEqualTo(
            new Outcome.Refused(
                Pressure.UNAVAILABLE, Duration.ZERO, "HTTP 200: no answer to a bulk request"));
  }

  @Test
  void ofAnAnswerThatIsCutOffTheFirstPartCounts() throws Exception {
    open("{}");
    var round = new AtomicInteger();
    server.script =
        request ->
            round.getAndIncrement() == 0
                ? answer(200, "{\"items\":[" + CREATED + "," + CREATED + ",{\"create\":{\"sta")
                : BulkServer.taken(request);
    var batch = Payloads.logs("a", 4);
    assertThat(sending.send(batch)).isInstanceOf(Outcome.Refused.class);
    assertThat(sending.send(batch)).isEqualTo(new Outcome.Accepted());
    assertThat(bodies(server.requests.get(1))).containsExactly("a-2", "a-3");
  }

  @Test
  void whatIsTooLargeIsSentInParts() throws Exception {
    open(STORED);
    server.script =
        request ->
            request.documents().size() > 3 || request.text().contains("a-5")
                ? answer(413, "too large")
                : BulkServer.taken(request);
    var outcome = (Outcome.Partial) sending.send(Payloads.logs("a", 10));
    assertThat(outcome.culprits())
        .extracting(each -> culprit(each) + " " + each.fault())
        .containsExactly("a-5*1 TOO_LARGE");
  }

  @Test
  void theNextEndpointGetsWhatOneDoesNotTake() throws Exception {
    server = new BulkServer();
    try (var gone = new BulkServer()) {
      gone.script = _ -> answer(503, "");
      sending =
          Sending.elasticsearch("{}", gone.endpoint(), "http://127.0.0.1:1", server.endpoint());
      for (int i = 0; i < 6; i++) {
        assertThat(sending.send(Payloads.logs("a" + i, 1))).isEqualTo(new Outcome.Accepted());
      }
      assertThat(gone.requests).isNotEmpty();
    }
    assertThat(server.requests).hasSize(6);
  }

  @Test
  void requestsGoToAllEndpointsInTurn() throws Exception {
    server = new BulkServer();
    try (var other = new BulkServer()) {
      sending = Sending.elasticsearch("{}", other.endpoint(), server.endpoint());
      for (int i = 0; i < 6; i++) {
        sending.send(Payloads.logs("a", 1));
      }
      assertThat(other.requests).hasSize(3);
    }
    assertThat(server.requests).hasSize(3);
  }

  @Test
  void nobodyThereIsWorthARetry() throws Exception {
    server = new BulkServer();
    sending = Sending.elasticsearch("{}", "http://127.0.0.1:1");
    assertThat(sending.send(Payloads.logs("a", 1))).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void afterSoManyRetriesWhatIsLeftIsRejected() throws Exception {
    open(STORED + "retry: {max_retries: 1}");
    server.script =
        request ->
            BulkServer.items(
                request,
                i -> bodies(request).get(i).equals("a-1") ? failed(429, "busy", "full") : CREATED);
    var batch = Payloads.logs("a", 3);
    assertThat(sending.send(batch)).isInstanceOf(Outcome.Refused.class);
    var outcome = (Outcome.Partial) sending.send(batch);
    assertThat(outcome.culprits())
        .extracting(each -> culprit(each) + " " + each.reason())
        .containsExactly("a-1*1 retries exhausted: document: busy: full");
  }

  @Test
  void writtenStatusesAreTheOnlyOnesWorthARetry() throws Exception {
    open("retry: {retry_on_status: [429]}");
    server.script = _ -> answer(503, "down");
    assertThat(sending.send(Payloads.logs("a", 1))).isInstanceOf(Outcome.Rejected.class);
  }

  @Test
  void aServerThatDoesNotKnowTemplatesIsNotToldOfThem() throws Exception {
    open("{}");
    server.script =
        request ->
            request.text().contains("dynamic_templates")
                ? answer(400, "line [1] contains an unknown parameter [dynamic_templates]")
                : BulkServer.taken(request);
    assertThat(sending.send(Payloads.points("a", 2))).isEqualTo(new Outcome.Accepted());
    assertThat(sending.send(Payloads.points("b", 2))).isEqualTo(new Outcome.Accepted());
    assertThat(server.requests).hasSize(3);
  }

  @Test
  void ofTwoRequestsInFlightBothLearnThatTemplatesAreNotKnown() throws Exception {
    open("{}");
    var both = new java.util.concurrent.CountDownLatch(2);
    server.script =
        request -> {
          if (!request.text().contains("dynamic_templates")) {
            return BulkServer.taken(request);
          }
          both.countDown();
          awaited(both);
          return answer(400, "line [1] contains an unknown parameter [dynamic_templates]");
        };
    var first = sending.begin(Payloads.points("a", 2));
    var second = sending.begin(Payloads.points("b", 2));
    assertThat(List.of(first.get(), second.get())).containsOnly(new Outcome.Accepted());
    assertThat(server.requests).hasSize(4);
  }

  private static void awaited(java.util.concurrent.CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"create\":{}}", "{\"create\":{\"status\":302}}"})
  void anItemWithoutAVerdictIsSentAgain(String item) throws Exception {
    open(STORED);
    var round = new AtomicInteger();
    server.script =
        request ->
            round.getAndIncrement() == 0
                ? BulkServer.items(request, i -> i == 1 ? item : CREATED)
                : BulkServer.taken(request);
    var batch = Payloads.logs("a", 3);
    assertThat(sending.send(batch)).isInstanceOf(Outcome.Refused.class);
    assertThat(sending.count("otelcol_elasticsearch_docs_processed", "outcome", "success"))
        .isEqualTo(2);
    assertThat(sending.send(batch)).isEqualTo(new Outcome.Accepted());
    assertThat(bodies(server.requests.get(1))).containsExactly("a-1");
  }

  @Test
  void aRequestThatIsRefusedForOneDocumentIsSearchedForIt() throws Exception {
    open(STORED);
    server.script =
        request ->
            request.text().contains("a-5") ? answer(400, "bad line") : BulkServer.taken(request);
    var outcome = (Outcome.Partial) sending.send(Payloads.logs("a", 10));
    assertThat(outcome.culprits())
        .extracting(each -> culprit(each) + " " + each.fault() + " " + each.reason())
        .containsExactly("a-5*1 INVALID HTTP 400: bad line");
  }

  @Test
  void aRequestThatIsRefusedForAllIsNotSearchedForLong() throws Exception {
    open(STORED);
    server.script = _ -> answer(400, "no such pipeline");
    assertThat(sending.send(Payloads.logs("a", 500)))
        .isInstanceOfSatisfying(
            Outcome.Partial.class, partial -> assertThat(partial.rejectedItems()).isEqualTo(500));
    assertThat(server.requests).hasSize(Shipment.VAIN_SEARCHES_MAX + 1);
  }

  @Test
  void whatIsToComeAgainIsNotRejectedForOthers() throws Exception {
    open("sending_queue: {storage: file_storage, batch: {min_size: 100, max_size: 1000}}");
    server.script =
        request ->
            bodies(request).contains("a-0")
                ? BulkServer.items(request, _ -> failed(429, "busy", "full"))
                : answer(403, "no");
    var batch = Payloads.logs("a", 30);
    assertThat(sending.send(batch)).isInstanceOf(Outcome.Refused.class);
    int first = server.requests.getFirst().documents().size();
    server.script = BulkServer::taken;
    var outcome = (Outcome.Partial) sending.send(batch);
    assertThat(server.requests.getLast().documents()).hasSize(first);
    assertThat(outcome.rejectedItems()).isEqualTo(batch.items() - first);
  }

  @Test
  void anIdThatIsTooLongIsRejectedAlone() throws Exception {
    open(STORED + "logs_dynamic_id: {enabled: true}");
    var logs =
        """
        {"resourceLogs":[{"scopeLogs":[{"logRecords":[
          {"timeUnixNano":"1","body":{"stringValue":"x"},"attributes":[
            {"key":"elasticsearch.document_id","value":{"stringValue":"%s"}}]},
          {"timeUnixNano":"1","body":{"stringValue":"y"},"attributes":[
            {"key":"elasticsearch.document_id","value":{"stringValue":"%s"}}]}]}]}]}
        """
            .formatted("i".repeat(513), "i".repeat(512));
    var outcome = (Outcome.Partial) sending.send(Sending.batch(logs));
    assertThat(outcome.rejectedItems()).isEqualTo(1);
    assertThat(outcome.reason()).contains("elasticsearch.document_id of 513 bytes");
    assertThat(bodies()).containsExactly("y");
  }

  @Test
  void withoutRetriesOnlyWhatIsNotThereIsRejected() throws Exception {
    open(STORED + "retry: {enabled: false}");
    server.script =
        request -> BulkServer.items(request, i -> i == 1 ? failed(503, "down", "no") : CREATED);
    var outcome = (Outcome.Partial) sending.send(Payloads.logs("a", 3));
    assertThat(outcome.culprits())
        .extracting(each -> culprit(each) + " " + each.reason())
        .containsExactly("a-1*1 not retried: document: down: no");
  }

  @Test
  void withoutRetriesABatchOfWhichNothingIsThereIsForTheSenderToSendAgain() throws Exception {
    open("retry: {enabled: false}\nsending_queue: {enabled: false}");
    server.script = request -> BulkServer.items(request, _ -> failed(503, "down", "no"));
    assertThat(sending.send(Payloads.logs("a", 3))).isInstanceOf(Outcome.Refused.class);
  }

  @ParameterizedTest
  @CsvSource({"500, true", "429, false"})
  void aDocumentThatAlwaysFailsIsGivenUpUnlessThrottled(int status, boolean ends) throws Exception {
    open(STORED);
    server.script =
        request ->
            BulkServer.items(
                request,
                i -> bodies(request).get(i).equals("a-1") ? failed(status, "f", "x") : CREATED);
    var batch = Payloads.logs("a", 3);
    for (int i = 1; i < Shipment.FAILURES_MAX; i++) {
      assertThat(sending.send(batch)).isInstanceOf(Outcome.Refused.class);
    }
    var last = sending.send(batch);
    assertThat(last instanceof Outcome.Partial).isEqualTo(ends);
    if (last instanceof Outcome.Partial(_, _, var culprits)) {
      assertThat(culprits)
          .extracting(each -> culprit(each) + " " + each.reason())
          .containsExactly("a-1*1 failed " + Shipment.FAILURES_MAX + " times: f: x");
    }
  }

  private List<String> actions() {
    var actions = new ArrayList<String>();
    for (var request : server.requests) {
      request.text().lines().filter(l -> l.startsWith("{\"create\"")).forEach(actions::add);
    }
    return actions;
  }

  @Test
  void equalContentHasEqualIds() throws Exception {
    open("content_ids: {enabled: true}");
    var batch = Payloads.spans("a", 3);
    sending.send(batch);
    sending.send(Batch.of(batch.signal(), batch.otlp(), 3));
    assertThat(actions()).hasSize(6).allMatch(line -> line.contains("\"_id\":\""));
    assertThat(actions().stream().distinct()).hasSize(3);
  }

  @Test
  void anIndexOfTimeSeriesIsGivenNoIds() throws Exception {
    open("content_ids: {enabled: true}");
    sending.send(Payloads.points("a", 2));
    assertThat(actions()).isNotEmpty().noneMatch(line -> line.contains("\"_id\""));
    try (var other = Sending.opensearch("content_ids: {enabled: true}", server.endpoint())) {
      server.requests.clear();
      other.send(Payloads.points("a", 2));
      assertThat(actions()).isNotEmpty().allMatch(line -> line.contains("\"_id\""));
    }
  }

  @Test
  void ofManyReasonsThoseOfOneTypeStandTogether() throws Exception {
    open(STORED);
    server.script =
        request ->
            BulkServer.items(
                request, i -> failed(400, i % 2 == 0 ? "parsing" : "illegal", "in '" + i + "'"));
    var outcome = (Outcome.Partial) sending.send(Payloads.logs("a", 100));
    assertThat(outcome.culprits()).hasSize(66);
    assertThat(outcome.culprits().subList(63, 66))
        .extracting(each -> each.reason() + " " + each.batch().items() + " " + each.fault())
        .containsExactly("illegal: in '63' 1 INVALID", "parsing 18 INVALID", "illegal 18 INVALID");
  }

  private static final String GAUGE_AND =
      """
      {"resourceMetrics":[{"scopeMetrics":[{"metrics":[
        {"name":"good","gauge":{"dataPoints":[{"timeUnixNano":"1","asInt":"7"}]}},
        {"name":"bad",%s}]}]}]}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "summary":{"dataPoints":[{"timeUnixNano":"1","count":"2","sum":"NaN"}]} | a sum of NaN
          "summary":{"dataPoints":[{"timeUnixNano":"1","count":"9223372036854775808","sum":1.5}]} | a count of more
          "histogram":{"aggregationTemporality":1,"dataPoints":[{"timeUnixNano":"1","count":"2","sum":"Infinity"}]} | a sum of Infinity
          "histogram":{"aggregationTemporality":1,"dataPoints":[{"timeUnixNano":"1","count":"2","sum":1.0,"bucketCounts":["1","1"],"explicitBounds":["NaN"]}]} | bounds that are no numbers
          "histogram":{"aggregationTemporality":1,"dataPoints":[{"timeUnixNano":"1","count":"2","sum":1.0,"bucketCounts":["9223372036854775808","1"],"explicitBounds":[1.0]}]} | a count of more
          "exponentialHistogram":{"aggregationTemporality":1,"dataPoints":[{"timeUnixNano":"1","count":"2","zeroCount":"9223372036854775808"}]} | a count of more
          """)
  void aPointThatCannotBeHeldIsLeftOutOfItsDocument(String metric, String reason) throws Exception {
    open(STORED);
    var outcome = (Outcome.Partial) sending.send(Sending.batch(GAUGE_AND.formatted(metric)));
    assertThat(outcome.rejectedItems()).isEqualTo(1);
    assertThat(outcome.reason()).contains(reason);
    assertThat(server.requests.getFirst().text()).contains("\"good\":7").doesNotContain("bad");
  }

  @Test
  void theTypeOfAStreamIsConfinedToo() throws Exception {
    open("allowed_index_prefixes: [app-]");
    for (var type : List.of("secret", "app", "metrics")) {
      var logs =
          """
          {"resourceLogs":[{"scopeLogs":[{"scope":{"name":"s","attributes":[
            {"key":"elastic.mapping.mode","value":{"stringValue":"bodymap"}}]},"logRecords":[
            {"timeUnixNano":"1","body":{"kvlistValue":{"values":[]}},"attributes":[
              {"key":"data_stream.type","value":{"stringValue":"%s"}}]}]}]}]}
          """;
      sending.send(Sending.batch(logs.formatted(type)));
    }
    assertThat(actions())
        .containsExactly(
            "{\"create\":{\"_index\":\"logs-generic-default\"}}",
            "{\"create\":{\"_index\":\"app-generic-default\"}}",
            "{\"create\":{\"_index\":\"metrics-generic-default\"}}");
    assertThat(sending.count("sluice_exporter_elasticsearch_confined_documents")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          otel | geo.location geo.location.lat geo.location.lon
          ecs  | a a.b a.value
          ecs  | a a.b a.value.c
          ecs  | a.b a.b..c a.c
          """)
  void noKeyStandsTwice(String mode, String keys) throws Exception {
    open("{}");
    var attributes = new ArrayList<String>();
    for (var key : keys.split(" ", -1)) {
      attributes.add("{\"key\":\"" + key + "\",\"value\":{\"doubleValue\":1.5}}");
    }
    var logs =
        """
        {"resourceLogs":[{"scopeLogs":[{"scope":{"name":"s","attributes":[
          {"key":"elastic.mapping.mode","value":{"stringValue":"%s"}}]},"logRecords":[
          {"timeUnixNano":"1","attributes":[%s]}]}]}]}
        """;
    var batch = Sending.batch(logs.formatted(mode, String.join(",", attributes)));
    assertThat(sending.send(batch)).isEqualTo(new Outcome.Accepted());
    server.requests.getFirst().text().lines().forEach(Lines::literally);
  }

  @Test
  void theDateStandsBehindTheIndex() throws Exception {
    open(
        "logs_index: mine\n"
            + "logstash_format: {enabled: true, prefix_separator: _, date_format: x%Y}");
    sending.send(Payloads.logs("a", 1));
    assertThat(actions().getFirst()).containsPattern("\"_index\":\"mine_x\\d{4}\"");
  }

  @Test
  void dataNamesOnlyIndicesThatItMay() throws Exception {
    open("allowed_index_prefixes: [app-]");
    var named =
        """
        {"resourceLogs":[{"resource":{"attributes":[
          {"key":"elasticsearch.index","value":{"stringValue":"%s"}}]},
          "scopeLogs":[{"logRecords":[{"timeUnixNano":"1"}]}]}]}
        """;
    for (var name : List.of("app-1", "other", ".app-", "app-*,.security", "<app-{now}>")) {
      sending.send(Sending.batch(named.formatted(name)));
    }
    assertThat(actions())
        .containsExactly(
            "{\"create\":{\"_index\":\"app-1\"}}",
            "{\"create\":{\"_index\":\"logs-generic.otel-default\"}}",
            "{\"create\":{\"_index\":\"logs-generic.otel-default\"}}",
            "{\"create\":{\"_index\":\"app-__.security\"}}",
            "{\"create\":{\"_index\":\"logs-generic.otel-default\"}}");
  }
}

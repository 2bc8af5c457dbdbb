package io.sluice.exporters.elasticsearch;

import static io.sluice.exporters.elasticsearch.BulkServer.CREATED;
import static io.sluice.exporters.elasticsearch.BulkServer.answer;
import static io.sluice.exporters.elasticsearch.BulkServer.failed;
import static io.sluice.exporters.elasticsearch.Sending.STORED;
import static io.sluice.exporters.elasticsearch.Sending.culprit;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.pipeline.Outcome.Pressure;
import io.sluice.testkit.Payloads;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of documents, by what is said of each.
class AnswersTest {
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
    assertThat(server.requests.get(1).bodies()).containsExactly("a-0", "a-3", "a-6");
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

  @Test
  void afterSoManyRetriesWhatIsLeftIsRejected() throws Exception {
    open(STORED + "retry: {max_retries: 1}");
    server.script =
        request ->
            BulkServer.items(
                request,
                i -> request.bodies().get(i).equals("a-1") ? failed(429, "busy", "full") : CREATED);
    var batch = Payloads.logs("a", 3);
    assertThat(sending.send(batch)).isInstanceOf(Outcome.Refused.class);
    var outcome = (Outcome.Partial) sending.send(batch);
    assertThat(outcome.culprits())
        .extracting(each -> culprit(each) + " " + each.reason())
        .containsExactly("a-1*1 retries exhausted: document: busy: full");
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
    assertThat(server.requests.get(1).bodies()).containsExactly("a-1");
  }

  @Test
  void whatIsToComeAgainIsNotRejectedForOthers() throws Exception {
    open("sending_queue: {storage: file_storage, batch: {min_size: 100, max_size: 1000}}");
    server.script =
        request ->
            request.bodies().contains("a-0")
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
                i -> request.bodies().get(i).equals("a-1") ? failed(status, "f", "x") : CREATED);
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
}

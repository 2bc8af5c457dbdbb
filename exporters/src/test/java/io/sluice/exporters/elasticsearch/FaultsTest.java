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
import io.sluice.testkit.OwnCertificate;
import io.sluice.testkit.Payloads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// All that can go wrong between here and a server that answers by script.
class FaultsTest {
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
    var over = new CountDownLatch(1);
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
    assertThat(server.requests.get(1).bodies()).containsExactly("a-2", "a-3");
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
  void nobodyThereIsWorthARetry() throws Exception {
    server = new BulkServer();
    sending = Sending.elasticsearch("{}", "http://127.0.0.1:1");
    assertThat(sending.send(Payloads.logs("a", 1))).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void writtenStatusesAreTheOnlyOnesWorthARetry() throws Exception {
    open("retry: {retry_on_status: [429]}");
    server.script = _ -> answer(503, "down");
    assertThat(sending.send(Payloads.logs("a", 1))).isInstanceOf(Outcome.Rejected.class);
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

  /// In the words for the others: these come again, and only these.
  @Test
  void throttledDocumentsWaitAsLongAsTheServerAsks() throws Exception {
    open("{}");
    server.script =
        request ->
            new BulkServer.Answer(
                200,
                Map.of("Retry-After", "7"),
                BulkServer.items(request, i -> i == 1 ? failed(429, "busy", "full") : CREATED)
                    .body());
    assertThat(((Outcome.Refused) sending.send(Payloads.logs("a", 3))).whole())
        .isEqualTo(
            new Outcome.Refused(Pressure.THROTTLED, Duration.ofSeconds(7), "document: busy: full"));
  }

  @Test
  void whatAServerDidNotTakeItGetsWhenItIsBack() throws Exception {
    open("{}");
    var batch = Payloads.logs("a", 3);
    server.close();
    assertThat(sending.send(batch)).isInstanceOf(Outcome.Refused.class);
    server = server.again();
    assertThat(sending.send(batch)).isEqualTo(new Outcome.Accepted());
    assertThat(server.bodies()).containsExactly("a-0", "a-1", "a-2");
  }

  /// One in a hundred, each for a reason of its own.
  @Test
  void oneInAHundredIsRejectedAndTheRestIsThere() throws Exception {
    open(STORED);
    server.script =
        request ->
            BulkServer.items(
                request, i -> i % 100 == 42 ? failed(400, "parsing", "in " + i) : CREATED);
    var outcome = (Outcome.Partial) sending.send(Payloads.logs("a", 1000));
    assertThat(outcome.culprits())
        .hasSize(10)
        .allSatisfy(each -> assertThat(each.reason()).matches("parsing: in \\d?42"))
        .allSatisfy(each -> assertThat(each.batch().items()).isOne());
    assertThat(sending.count("otelcol_elasticsearch_docs_processed", "outcome", "success"))
        .isEqualTo(990);
  }

  @Test
  void aRedirectThatLosesTheRequestIsNotFollowed() throws Exception {
    open("{}");
    server.script = _ -> new BulkServer.Answer(303, Map.of("Location", "/there"), "");
    assertThat(sending.send(Payloads.logs("a", 1))).isInstanceOf(Outcome.Refused.class);
    assertThat(server.requests).hasSize(1);
  }

  /// The limit is remembered: the next batch is asked for in parts at once.
  @Test
  void aLimitOfTheServerIsLearnt() throws Exception {
    open("{}");
    server.script =
        request ->
            request.text().length() > 40_000 ? answer(413, "too large") : BulkServer.taken(request);
    assertThat(sending.send(Payloads.logs("a", 1000))).isEqualTo(new Outcome.Accepted());
    server.requests.clear();
    assertThat(sending.send(Payloads.logs("b", 1000))).isEqualTo(new Outcome.Accepted());
    assertThat(server.requests).allMatch(request -> request.text().length() <= 40_000);
  }
}

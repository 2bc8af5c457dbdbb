package io.sluice.exporters.loki;

import static io.sluice.exporters.loki.FakeLoki.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.exporters.loki.FakeLoki.Request;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.pipeline.Outcome.Pressure;
import io.sluice.testkit.OwnCertificate;
import io.sluice.testkit.ScriptedServer.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What may be wrong with the server, or on the way to it.
class FaultsTest extends Scene {
  @Test
  void throttlingIsHeededAndNothingThatArrivedIsSentAgain() throws Exception {
    open("max_batch_size_bytes: 4096");
    var batch = shop(900);
    var count = new AtomicInteger();
    loki.script =
        _ ->
            count.incrementAndGet() == 3
                ? Answer.of(429, Map.of("Retry-After", "7"), "Ingestion rate limit exceeded")
                : TAKEN;
    assertThat(((Outcome.Refused) sending.send(batch)).whole())
        .isEqualTo(
            new Outcome.Refused(
                Pressure.THROTTLED,
                Duration.ofSeconds(7),
                "HTTP 429: Ingestion rate limit exceeded"));
    int refused = loki.requests.get(2).lines().size();
    loki.requests.remove(2);
    assertThat(sending.send(batch)).isEqualTo(new Outcome.Accepted());
    assertThat(loki.lines()).isEqualTo(names("s", 0, 900));
    assertThat(loki.requests.get(2).lines().size())
        .as("others of this size were taken")
        .isEqualTo(refused);
  }

  @ParameterizedTest
  @CsvSource({
    "0, slow down",
    "2, Ingestion rate limit exceeded for user us (limit: 4000 bytes/sec) while attempting to ingest"
        + " '50' lines totaling '4001' bytes",
  })
  void whatIsMoreThanLokiEverTakesIsHalvedForAWhile(int before, String words) throws Exception {
    open("max_batch_size_bytes: 4096");
    var batch = shop(2500);
    loki.script = _ -> loki.requests.size() <= before ? TAKEN : Answer.of(429, words);
    assertThat(sending.send(batch)).isInstanceOf(Outcome.Refused.class);
    int refused = loki.requests.getLast().lines().size();
    loki.requests.removeLast();
    loki.script = _ -> TAKEN;
    assertThat(sending.send(batch)).isEqualTo(new Outcome.Accepted());
    assertThat(loki.lines()).isEqualTo(names("s", 0, 2500));
    var sizes = loki.requests.stream().map(request -> request.lines().size()).toList();
    assertThat(sizes.get(before)).as("half of what was too much").isLessThan(refused * 2 / 3);
    assertThat(sizes.get(before + Progress.DOUBLED_AFTER)).isGreaterThan(refused * 2 / 3);
  }

  @ParameterizedTest
  @CsvSource({
    "401, UNAUTHENTICATED",
    "403, PERMISSION_DENIED",
    "404, UNIMPLEMENTED",
    "260, PERMISSION_DENIED",
    "418, UNKNOWN",
  })
  void isNotTriedAgain(int status, Fault fault) throws Exception {
    open("max_batch_size_bytes: 4096");
    loki.script = _ -> Answer.of(status, "go away");
    assertThat(sending.send(shop(300)))
        .isEqualTo(new Outcome.Rejected(fault, "HTTP " + status + ": go away"));
    assertThat(loki.requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 408, 500, 502, 503})
  void isTriedAgain(int status) throws Exception {
    open("{}");
    loki.script = _ -> Answer.of(status, "later");
    assertThat(sending.send(shop(1)))
        .isEqualTo(
            new Outcome.Refused(Pressure.UNAVAILABLE, Duration.ZERO, "HTTP " + status + ": later"));
  }

  @Test
  void theServerThatIsAwayIsSaidToBe() throws Exception {
    open("{}");
    loki.close();
    assertThat(sending.send(shop(1)))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).startsWith("no answer: "));
  }

  @Test
  void aSlowAnswerIsNoAnswer() throws Exception {
    open("timeout: 50ms");
    var gate = new CountDownLatch(1);
    loki.script =
        _ -> {
          gate.await();
          return TAKEN;
        };
    assertThat(sending.send(shop(1)))
        .isInstanceOfSatisfying(
            Outcome.Refused.class, refused -> assertThat(refused.reason()).contains("no answer"));
    gate.countDown();
  }

  /// Whoever answers is no Loki, or has broken off; the batch waits for one.
  @ParameterizedTest
  @ValueSource(
      strings = {"nonsense\r\n\r\n", "HTTP/1.1 204 No Con", "HTTP/1.1 2x4 Yes\r\n\r\n", ""})
  void aMalformedAnswerIsNoAnswer(String answer) throws Exception {
    open("{}");
    loki.script = _ -> Answer.raw(answer);
    assertThat(sending.send(shop(1)))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).startsWith("no answer: "));
  }

  /// Its first words are not taken for all of it.
  @Test
  void anAnswerThatIsCutShortIsNoAnswer() throws Exception {
    open("{}");
    loki.script = _ -> Answer.of(400, tooOld(SHOP, "2023-11-14T22:13:20Z")).cut(100);
    assertThat(sending.send(shop(1)))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).startsWith("no answer: "));
  }

  @Test
  void aServerWhoseCertificateNobodyKnowsGetsNothing(@TempDir Path folder) throws Exception {
    var certificate = OwnCertificate.of(folder, "ip:127.0.0.1");
    loki = new FakeLoki(certificate.context());
    sending = new Sending("{}", loki.endpoint());
    assertThat(sending.send(shop(1))).isInstanceOf(Outcome.Refused.class);
    assertThat(loki.requests).isEmpty();
    try (var trusting = new Sending("tls: {ca_file: " + certificate.pem() + "}", loki.endpoint())) {
      assertThat(trusting.send(shop(1))).isEqualTo(new Outcome.Accepted());
    }
  }

  @Test
  void aRedirectOfTheSameHostToTlsIsFollowedWithTheTenant(@TempDir Path folder) throws Exception {
    var certificate = OwnCertificate.of(folder, "ip:127.0.0.1");
    open("tenant: {value: us}\ntls: {ca_file: " + certificate.pem() + "}");
    try (var secret = new FakeLoki(certificate.context())) {
      loki.script = _ -> Answer.of(308, Map.of("Location", secret.endpoint() + "/push"), "");
      assertThat(sending.send(shop(1))).isEqualTo(new Outcome.Accepted());
      assertThat(secret.requests).extracting(Request::tenant).containsExactly("us");
    }
  }

  /// What speaks TLS where the user said http, or the other way round, takes nothing.
  @Test
  void aServerThatSpeaksNoTlsGetsNothing() throws Exception {
    loki = new FakeLoki();
    sending = new Sending("{}", loki.endpoint().replace("http:", "https:"));
    assertThat(sending.send(shop(1))).isInstanceOf(Outcome.Refused.class);
    assertThat(loki.requests).isEmpty();
  }

  @Test
  void aRedirectOfTheSameHostIsFollowedWithTheTenant() throws Exception {
    open("tenant: {value: us}");
    try (var other = new FakeLoki()) {
      loki.script = _ -> Answer.of(307, Map.of("Location", other.endpoint() + "/elsewhere"), "");
      assertThat(sending.send(shop(1))).isEqualTo(new Outcome.Accepted());
      assertThat(other.requests).extracting(Request::path).containsExactly("/elsewhere");
      assertThat(other.requests).extracting(Request::tenant).containsExactly("us");
    }
  }

  @Test
  void aRedirectToAnotherHostIsNotFollowedWithATenant() throws Exception {
    open("tenant: {value: us}");
    try (var other = new FakeLoki()) {
      var elsewhere = other.endpoint().replace("127.0.0.1", "localhost");
      loki.script = _ -> Answer.of(307, Map.of("Location", elsewhere + "/elsewhere"), "");
      assertThat(sending.send(shop(1))).isInstanceOf(Outcome.Refused.class);
      assertThat(other.requests).isEmpty();
    }
  }

  @Test
  void aRedirectToTheSamePlaceIsFollowedWithTheTenant() throws Exception {
    open("tenant: {value: us}");
    loki.script =
        request ->
            request.path().equals("/elsewhere")
                ? TAKEN
                : Answer.of(307, Map.of("Location", loki.endpoint() + "/elsewhere"), "");
    assertThat(sending.send(shop(1))).isEqualTo(new Outcome.Accepted());
    assertThat(loki.requests).extracting(Request::tenant).containsExactly("us", "us");
  }
}

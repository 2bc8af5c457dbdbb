package io.sluice.exporters.prometheusremotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Kind;
import io.sluice.data.Origin;
import io.sluice.exporters.prometheus.Translation;
import io.sluice.exporters.prometheusremotewrite.Receiver.Answer;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.telemetry.Log;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.TestLoop;
import io.sluice.transport.http.HttpResponse;
import io.sluice.wire.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What destinations do that they should not.
class FaultsTest {
  private static final String VERSION_2 = "protobuf_message: io.prometheus.write.v2.Request";

  @Test
  void whatIsTooLargeForTheDestinationIsSentInPieces() throws Exception {
    try (var receiver = new Receiver(Protocol.REMOTE_WRITE_1);
        var sending = new Sending("", receiver.endpoint())) {
      receiver.script =
          request ->
              request.samples() > 10
                  ? new Answer(413, Map.of(), "request too large")
                  : Receiver.TAKEN;
      assertThat(sending.send(Sending.gauges("g", 100))).isEqualTo(new Outcome.Accepted());
      assertThat(
              receiver.requests.stream()
                  .filter(request -> request.samples() <= 10)
                  .flatMap(request -> request.series().stream()))
          .hasSize(100)
          .doesNotHaveDuplicates();
    }
  }

  /// To another place, of which nobody said that it may know the tenant.
  @ParameterizedTest
  @ValueSource(ints = {307, 308})
  void aRedirectOfTheSameHostIsFollowedWithAllHeaders(int status) throws Exception {
    try (var first = new Receiver(Protocol.REMOTE_WRITE_1);
        var second = new Receiver(Protocol.REMOTE_WRITE_1);
        var sending =
            new Sending(
                "headers: {X-Own: secret}\ninclude_metadata_keys: [X-Scope-OrgID]",
                first.endpoint())) {
      first.script = _ -> new Answer(status, Map.of("Location", second.endpoint()), "");
      var origin = new Origin("otlp", "grpc", "", Map.of("x-scope-orgid", List.of("a")));
      assertThat(sending.send(Sending.gauges("g", 3).with(origin)))
          .isEqualTo(new Outcome.Accepted());
      assertThat(first.requests.getFirst().headers()).containsKeys("X-own", "X-scope-orgid");
      var there = second.requests.getFirst();
      assertThat(there.samples()).isEqualTo(3);
      assertThat(there.headers()).containsKeys("X-own", "X-scope-orgid");
      assertThat(there.headers().getFirst("X-Prometheus-Remote-Write-Version")).isEqualTo("0.1.0");
    }
  }

  @Test
  void redirectsWithoutEndAreARefusal() throws Exception {
    try (var receiver = new Receiver(Protocol.REMOTE_WRITE_1);
        var sending = new Sending("", receiver.endpoint())) {
      receiver.script = _ -> new Answer(308, Map.of("Location", receiver.endpoint()), "");
      assertThat(sending.send(Sending.gauges("g", 1))).isInstanceOf(Outcome.Refused.class);
      assertThat(receiver.requests).hasSizeLessThan(20);
    }
  }

  @Test
  void anAnswerThatComesTooLateIsARefusal() throws Exception {
    var over = new CountDownLatch(1);
    try (var receiver = new Receiver(Protocol.REMOTE_WRITE_1);
        var sending = new Sending("timeout: 200ms", receiver.endpoint())) {
      receiver.script =
          _ -> {
            try {
              over.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return Receiver.TAKEN;
          };
      var outcome = sending.send(Sending.gauges("g", 1));
      over.countDown();
      assertThat(outcome).isInstanceOf(Outcome.Refused.class);
      assertThat(((Outcome.Refused) outcome).reason()).contains("no answer");
    }
  }

  /// Whatever it is that answers, it may be another next time.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 nonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ""
      })
  void anAnswerThatIsNoneIsARefusal(String said) throws Exception {
    try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        var sending = new Sending("", "http://127.0.0.1:" + server.getLocalPort() + "/w")) {
      var talking = Thread.ofVirtual().start(() -> say(server, said));
      assertThat(sending.send(Sending.gauges("g", 1))).isInstanceOf(Outcome.Refused.class);
      server.close();
      talking.join();
    }
  }

  private static void say(ServerSocket server, String text) {
    while (!server.isClosed()) {
      try (var socket = server.accept()) {
        int read = socket.getInputStream().read(new byte[1 << 16]);
        if (read > 0) {
          socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        }
      } catch (IOException _) {
        // closed by either side
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"many", "''", "99999999999999999999", "0x1"})
  void countsThatAreNoneAreNoConfirmation(String count) throws Exception {
    try (var receiver = new Receiver(Protocol.REMOTE_WRITE_2);
        var sending = new Sending(VERSION_2, receiver.endpoint())) {
      receiver.script =
          _ -> new Answer(204, Map.of("X-Prometheus-Remote-Write-Samples-Written", count), "");
      assertThat(sending.send(Sending.gauges("g", 1)))
          .isInstanceOfSatisfying(
              Outcome.Rejected.class,
              rejected -> assertThat(rejected.fault()).isEqualTo(Fault.UNIMPLEMENTED));
    }
  }

  /// Neither control characters nor an endless text come into the log.
  @Test
  void wordsOfTheDestinationAreBounded() throws Exception {
    try (var receiver = new Receiver(Protocol.REMOTE_WRITE_1);
        var sending = new Sending("", receiver.endpoint())) {
      receiver.script = _ -> new Answer(400, Map.of(), "no\n".repeat(100_000));
      assertThat(sending.send(Sending.gauges("g", 1)))
          .isInstanceOfSatisfying(
              Outcome.Rejected.class,
              rejected ->
                  assertThat(rejected.reason())
                      .startsWith("HTTP 400: no no")
                      .hasSizeLessThan(600)
                      .doesNotContain("\n"));
    }
  }

  /// Whoever waits for the batch hears of it.
  @Test
  void aBugWhileAnAnswerIsJudgedIsAFailure() {
    var loop = new TestLoop();
    var context = Contexts.of(Kind.EXPORTER, "prometheus_remote_write", loop);
    var destination =
        new Destination(
            Dialect.of(Protocol.REMOTE_WRITE_1),
            (_, _, _) -> {
              var answer = Promise.<HttpResponse>promise();
              loop.execute(
                  () -> answer.complete(new HttpResponse(400, "", "", "", Bytes.EMPTY, _ -> null)));
              return answer.future();
            },
            new Answers(true, false),
            new RemoteWriteMeters(context, "http://a"),
            InstantSource.system(),
            (_, _, _) -> {
              throw new IllegalStateException("bug");
            });
    var shipment =
        new Shipment(
            Sending.gauges("g", 1),
            new Translation(PrometheusRemoteWriteConfig.defaults().rules(), 1),
            new Progress(),
            destination,
            new Shipment.Limits(100_000, 1, true, false),
            loop,
            Map.of());
    var answer = shipment.begin();
    for (int i = 0; i < 100 && !answer.isComplete(); i++) {
      loop.turn();
    }
    assertThat(answer.failed()).isTrue();
    destination.close();
  }

  /// Between two steps of a translation, and between two requests, others have a turn.
  @Test
  void aLargeBatchYieldsTheLoop() {
    var loop = new TestLoop();
    var context = Contexts.of(Kind.EXPORTER, "prometheus_remote_write", loop);
    var requests = new AtomicInteger();
    var destination =
        new Destination(
            Dialect.of(Protocol.REMOTE_WRITE_1),
            (_, _, _) -> {
              requests.incrementAndGet();
              return Future.succeededFuture(
                  new HttpResponse(204, "", "", "", Bytes.EMPTY, _ -> null));
            },
            new Answers(true, false),
            new RemoteWriteMeters(context, "http://a"),
            InstantSource.system(),
            Log.NONE);
    var config = PrometheusRemoteWriteConfig.defaults();
    int steps = 4;
    var shipment =
        new Shipment(
            Sending.gauges("g", steps * Shipment.POINTS_AT_ONCE),
            new Translation(config.rules(), 1),
            new Progress(),
            destination,
            new Shipment.Limits(100_000, 1, false, false),
            loop,
            Map.of());
    var answer = shipment.begin();
    int translating = 0;
    while (requests.get() == 0) {
      loop.turn();
      translating++;
    }
    assertThat(translating).isGreaterThanOrEqualTo(steps);
    int sending = 0;
    while (!answer.isComplete()) {
      loop.turn();
      sending++;
    }
    assertThat(requests.get()).isGreaterThan(5);
    assertThat(sending).isGreaterThanOrEqualTo(requests.get() - 1);
    destination.close();
  }
}

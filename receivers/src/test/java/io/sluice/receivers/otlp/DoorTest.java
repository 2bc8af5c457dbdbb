package io.sluice.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.component.Budget;
import io.sluice.component.ComponentContext.Extensions;
import io.sluice.component.ComponentId;
import io.sluice.component.Extension;
import io.sluice.component.Loop;
import io.sluice.component.Secret;
import io.sluice.data.Lease;
import io.sluice.pipeline.Outcome;
import io.sluice.transport.auth.AuthException;
import io.sluice.transport.auth.ServerAuthenticator;
import io.sluice.transport.http.CorsConfig;
import io.sluice.transport.http.HttpServerConfig;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What stands before the body: who may send, from where, and whether there is room.
class DoorTest {
  private static final String HEAD = "POST /v1/traces HTTP/1.1\r\nHost: x\r\n";
  private static final String EMPTY =
      "Content-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n";

  private static OtlpReceiverConfig config(
      Optional<HttpServerConfig.Auth> auth, Optional<CorsConfig> cors) {
    return config(auth, cors, Duration.ZERO, Duration.ZERO);
  }

  private static OtlpReceiverConfig config(
      Optional<HttpServerConfig.Auth> auth,
      Optional<CorsConfig> cors,
      Duration readTimeout,
      Duration writeTimeout) {
    var d = HttpServerConfig.defaults().withoutTimeouts("127.0.0.1:0");
    var server =
        new HttpServerConfig(
            d.endpoint(),
            d.transport(),
            d.tls(),
            auth,
            cors,
            0,
            true,
            Map.of("X-Server", new Secret("us")),
            d.compressionAlgorithms(),
            readTimeout,
            d.readHeaderTimeout(),
            writeTimeout,
            d.idleTimeout(),
            true,
            List.of());
    return new OtlpReceiverConfig(
        new OtlpReceiverConfig.Protocols(
            Optional.empty(),
            Optional.of(new OtlpHttpConfig(server, "/v1/traces", "/v1/metrics", "/v1/logs"))));
  }

  private record Password() implements Extension, ServerAuthenticator {
    @Override
    public Future<Map<String, String>> authenticate(Request request) {
      return request.headers().getOrDefault("authorization", List.of()).contains("Bearer right")
          ? Future.succeededFuture(Map.of("username", "ann"))
          : Future.failedFuture(new AuthException("not you"));
    }
  }

  /// By another header than the usual one.
  record Key() implements Extension, ServerAuthenticator {
    @Override
    public Future<Map<String, String>> authenticate(Request request) {
      return request.header("x-api-key").equals("right")
          ? Future.succeededFuture(Map.of())
          : Future.failedFuture(new AuthException("not you"));
    }

    @Override
    public Set<String> proofs() {
      return Set.of("x-api-key");
    }
  }

  @Test
  void strangersAreTurnedAwayBeforeAnythingElse() throws Exception {
    var auth = new HttpServerConfig.Auth(ComponentId.parse("password"), List.of());
    Extensions extensions = _ -> Optional.of(new Password());
    try (var running =
        new Running(config(Optional.of(auth), Optional.empty()), Budget.UNBOUNDED, extensions)) {
      assertThat(ask(running, "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"))
          .startsWith("HTTP/1.1 401 ")
          .contains("not you");
      assertThat(ask(running, HEAD + "Authorization: Bearer right\r\n" + EMPTY))
          .startsWith("HTTP/1.1 200 ")
          .containsIgnoringCase("x-server: us");
      assertThat(running.counter("sluice_receiver_rejected_requests", "reason", "unauthenticated"))
          .isEqualTo(1);
    }
  }

  @Test
  void authenticatorThatDoesNotRunStopsTheStart() {
    var auth = new HttpServerConfig.Auth(ComponentId.parse("password"), List.of());
    assertThatThrownBy(() -> new Running(config(Optional.of(auth), Optional.empty())))
        .hasMessageContaining("'password' does not run");
  }

  @Test
  void preflightIsAnsweredByPermission() throws Exception {
    var cors = new CorsConfig(List.of("https://*.example"), List.of(), List.of(), 60);
    try (var running = new Running(config(Optional.empty(), Optional.of(cors)))) {
      var preflight =
          "OPTIONS /v1/traces HTTP/1.1\r\nHost: x\r\nOrigin: %s\r\nAccess-Control-Request-Method: POST\r\n\r\n";
      assertThat(ask(running, preflight.formatted("https://a.example")))
          .startsWith("HTTP/1.1 204 ")
          .containsIgnoringCase("access-control-allow-origin: https://a.example")
          .containsIgnoringCase("access-control-max-age: 60");
      assertThat(ask(running, preflight.formatted("https://evil.test")))
          .startsWith("HTTP/1.1 204 ")
          .doesNotContainIgnoringCase("access-control-allow-origin");
    }
  }

  @Test
  void actualRequestIsServedWhereverItComesFromAndReadableWhereAllowed() throws Exception {
    var cors = new CorsConfig(List.of("https://*.example"), List.of(), List.of("X-Server"), 60);
    try (var running = new Running(config(Optional.empty(), Optional.of(cors)))) {
      assertThat(ask(running, HEAD + "Origin: https://a.example\r\n" + EMPTY))
          .startsWith("HTTP/1.1 200 ")
          .containsIgnoringCase("access-control-allow-origin: https://a.example")
          .containsIgnoringCase("access-control-expose-headers: X-Server")
          .containsIgnoringCase("vary: Origin");
      assertThat(ask(running, HEAD + "Origin: https://evil.test\r\n" + EMPTY))
          .startsWith("HTTP/1.1 200 ")
          .doesNotContainIgnoringCase("access-control-allow-origin")
          .containsIgnoringCase("vary: Origin");
    }
  }

  @Test
  void headersTravelWithTheDataButForCredentials() throws Exception {
    try (var running = new Running(config(Optional.empty(), Optional.empty()))) {
      assertThat(
              ask(
                  running,
                  HEAD
                      + "X-Tenant: us\r\nAuthorization: Bearer secret\r\nCookie: a=b\r\n"
                      + json(Samples.json(1))))
          .startsWith("HTTP/1.1 200 ");
      assertThat(running.sink.batches.getFirst().origin().metadata())
          .containsEntry("x-tenant", List.of("us"))
          .containsEntry("host", List.of("x"))
          .doesNotContainKeys("authorization", "cookie");
    }
  }

  @Test
  void keyByWhichTheSenderIsKnownDoesNotTravelWithTheData() throws Exception {
    var auth = new HttpServerConfig.Auth(ComponentId.parse("key"), List.of());
    Extensions extensions = _ -> Optional.of(new Key());
    try (var running =
        new Running(config(Optional.of(auth), Optional.empty()), Budget.UNBOUNDED, extensions)) {
      assertThat(
              ask(running, HEAD + "X-Tenant: us\r\nX-Api-Key: right\r\n" + json(Samples.json(1))))
          .startsWith("HTTP/1.1 200 ");
      assertThat(running.sink.batches.getFirst().origin().metadata())
          .containsEntry("x-tenant", List.of("us"))
          .doesNotContainKey("x-api-key");
    }
  }

  @Test
  void requestUnderWayIsAnsweredWhileStopping() throws Exception {
    try (var running = new Running(config(Optional.empty(), Optional.empty()));
        var socket = new Socket(InetAddress.getLoopbackAddress(), running.port())) {
      running.sink.hold();
      socket
          .getOutputStream()
          .write((HEAD + json(Samples.json(1))).getBytes(StandardCharsets.ISO_8859_1));
      running.awaitWaiting();
      var stopped = running.stopping();
      assertThat(stopped).isNotDone();
      running.answerWaiting(new Outcome.Accepted(), Loop.Family.HTTP);
      assertThat(read(socket)).startsWith("HTTP/1.1 200 ");
      stopped.get(Running.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  /// Each of the two ends what it watches, whichever is longer.
  @ParameterizedTest
  @CsvSource({"50, 3600000", "3600000, 50"})
  void slowRequestEndsWithItsConnection(long readMs, long writeMs) throws Exception {
    var config =
        config(
            Optional.empty(),
            Optional.empty(),
            Duration.ofMillis(readMs),
            Duration.ofMillis(writeMs));
    try (var running = new Running(config);
        var socket = new Socket(InetAddress.getLoopbackAddress(), running.port())) {
      var head = HEAD + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      socket.setSoTimeout(Running.PATIENCE_SECONDS * 1000);
      assertThat(socket.getInputStream().read()).isNegative();
      assertThat(running.sink.batches).isEmpty();
    }
  }

  private static String json(String body) {
    return "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  /// Gives out so many bytes, and knows what has come back.
  private static final class Small implements Budget {
    private final AtomicLong taken = new AtomicLong();
    private final long bytesMax;

    Small(long bytesMax) {
      this.bytesMax = bytesMax;
    }

    @Override
    public @Nullable Lease take(long bytes) {
      if (taken.addAndGet(bytes) > bytesMax()) {
        taken.addAndGet(-bytes);
        return null;
      }
      return new Lease() {
        @Override
        public Lease share() {
          throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
          taken.addAndGet(-bytes);
        }
      };
    }

    @Override
    public long bytesMax() {
      return bytesMax;
    }

    @Override
    public long bytes() {
      return taken.get();
    }
  }

  @Test
  void withoutRoomTheSenderIsToldToComeBack() throws Exception {
    var budget = new Small(1000);
    try (var running = new Running(config(Optional.empty(), Optional.empty()), budget)) {
      var type = "Content-Type: application/json\r\nContent-Length: ";
      var others = Objects.requireNonNull(budget.take(500));
      assertThat(ask(running, HEAD + type + "501\r\n\r\n"))
          .startsWith("HTTP/1.1 503 ")
          .containsIgnoringCase("retry-after: ");
      others.close();
      var body = Samples.json(1);
      assertThat(ask(running, HEAD + type + body.length() + "\r\n\r\n" + body))
          .startsWith("HTTP/1.1 200 ");
      assertThat(budget.bytes()).isZero();
      assertThat(running.counter("sluice_receiver_rejected_requests", "reason", "no_room"))
          .isEqualTo(1);
    }
  }

  /// Else it would be sent again and again.
  @Test
  void whatCouldNeverFitIsRefusedForGood() throws Exception {
    try (var running = new Running(config(Optional.empty(), Optional.empty()), new Small(1000))) {
      var length = "Content-Type: application/json\r\nContent-Length: 1001\r\n\r\n";
      assertThat(ask(running, HEAD + length)).startsWith("HTTP/1.1 413 ");
    }
  }

  /// The answer to `Expect` says that the server waits for the body by now.
  @Test
  void announcedBodiesTakeNobodysRoom() throws Exception {
    var budget = new Small(1 << 20);
    var head = HEAD + "Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: ";
    try (var running = new Running(config(Optional.empty(), Optional.empty()), budget);
        var one = new Socket(InetAddress.getLoopbackAddress(), running.port());
        var two = new Socket(InetAddress.getLoopbackAddress(), running.port())) {
      for (var socket : List.of(one, two)) {
        socket
            .getOutputStream()
            .write((head + 900_000 + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        assertThat(read(socket)).startsWith("HTTP/1.1 100 ");
      }
    }
  }

  @Test
  void largeBodyGivesAllItsRoomBack() throws Exception {
    var budget = new Small(1 << 20);
    try (var running = new Running(config(Optional.empty(), Optional.empty()), budget)) {
      assertThat(ask(running, HEAD + json(Samples.json(1) + " ".repeat(500_000))))
          .startsWith("HTTP/1.1 200 ");
      running.settle();
      assertThat(budget.bytes()).isZero();
    }
  }

  @Test
  void bodyThatStopsComingEndsWithItsConnection() throws Exception {
    var budget = new Small(1 << 20);
    try (var running = new Running(config(Optional.empty(), Optional.empty()), budget);
        var socket = new Socket(InetAddress.getLoopbackAddress(), running.port())) {
      socket.setSoTimeout(Running.PATIENCE_SECONDS * 1000);
      var type = "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{";
      socket.getOutputStream().write((HEAD + type).getBytes(StandardCharsets.ISO_8859_1));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(answer).startsWith("HTTP/1.1 400 ");
      assertThat(budget.bytes()).isZero();
    }
  }

  private static String ask(Running running, String request) throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), running.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return read(socket);
    }
  }

  private static String read(Socket socket) throws Exception {
    var buffer = new byte[8192];
    int read = socket.getInputStream().read(buffer);
    return new String(buffer, 0, Math.max(0, read), StandardCharsets.ISO_8859_1);
  }
}

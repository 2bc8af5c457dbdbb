package io.sluice.exporters.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.component.Loop;
import io.sluice.component.Secret;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.exporters.otlp.OtlpHttpExporterConfig.Encoding;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.pipeline.Outcome.Pressure;
import io.sluice.transport.RpcStatus;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Decoder;
import io.sluice.transport.http.HttpClientConfig;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Against the JDK's server, answering by script.
class OtlpHttpExporterTest {
  private static final Bytes REQUEST = Bytes.wrap(new byte[] {10, 0, 10, 0});
  private static final Batch BATCH = Batch.of(Signal.TRACES, Rope.of(REQUEST), 2);

  private record Got(String path, Headers headers, Bytes body) {}

  private final BlockingQueue<Got> requests = new LinkedBlockingQueue<>();
  private HttpServer server;
  private int status = 200;
  private byte[] answer = {};
  private Map<String, String> answerHeaders = Map.of();
  private boolean silent;
  private @Nullable Sending sending;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    if (sending != null) {
      sending.close();
    }
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    var body = Bytes.wrap(exchange.getRequestBody().readAllBytes());
    requests.add(new Got(path, exchange.getRequestHeaders(), body));
    if (silent) {
      return;
    }
    answerHeaders.forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(
        path.equals("/moved") ? 200 : status, answer.length == 0 ? -1 : answer.length);
    if (answer.length > 0) {
      exchange.getResponseBody().write(answer);
    }
    exchange.close();
  }

  private String base() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private Outcome send(String compression, Encoding encoding) throws Exception {
    return send(base(), compression, encoding, Duration.ofSeconds(10), Map.of());
  }

  private Outcome send(
      String endpoint,
      String compression,
      Encoding encoding,
      Duration timeout,
      Map<String, Secret> headers)
      throws Exception {
    var d = HttpClientConfig.defaults();
    var client =
        new HttpClientConfig(
            endpoint,
            "",
            d.tls(),
            headers,
            Optional.empty(),
            List.of(),
            timeout,
            compression,
            d.compressionParams(),
            0,
            0,
            100,
            0,
            0,
            d.idleConnTimeout(),
            false,
            Duration.ZERO,
            Duration.ZERO,
            true,
            d.cookies());
    var defaults = OtlpHttpExporterConfig.defaults();
    var config =
        new OtlpHttpExporterConfig(
            client, encoding, "", "", "", "", defaults.retryOnFailure(), Optional.empty());
    sending =
        new Sending(Loop.Family.HTTP, context -> new OtlpHttpExporter(config, context, Map.of()));
    return sending.send(BATCH);
  }

  @Test
  void batchArrivesAsItIs() throws Exception {
    assertThat(send("none", Encoding.PROTO)).isEqualTo(new Outcome.Accepted());
    var got = requests.take();
    assertThat(got.path).isEqualTo("/v1/traces");
    assertThat(got.body).isEqualTo(REQUEST);
    assertThat(got.headers.getFirst("content-type")).isEqualTo("application/x-protobuf");
    assertThat(got.headers.getFirst("content-encoding")).isNull();
    assertThat(got.headers.getFirst("user-agent")).startsWith("Sluice/test (linux/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "snappy", "x-snappy-framed", "zlib", "deflate", "lz4"})
  void batchArrivesCompressed(String compression) throws Exception {
    assertThat(send(compression, Encoding.PROTO)).isEqualTo(new Outcome.Accepted());
    var got = requests.take();
    assertThat(got.headers.getFirst("content-encoding")).isEqualTo(compression);
    try (var decoder = new Decoder()) {
      var codec = Codec.ofContentEncoding(compression).orElseThrow();
      assertThat(decoder.decode(codec, got.body, 100)).isEqualTo(REQUEST);
    }
  }

  @Test
  void jsonIsWritten() throws Exception {
    assertThat(send("none", Encoding.JSON)).isEqualTo(new Outcome.Accepted());
    var got = requests.take();
    assertThat(got.headers.getFirst("content-type")).isEqualTo("application/json");
    assertThat(got.body.utf8()).startsWith("{\"resourceSpans\":[");
  }

  @Test
  void slashAtTheEndOfTheEndpointIsDropped() throws Exception {
    send(base() + "/tempo/", "none", Encoding.PROTO, Duration.ofSeconds(10), Map.of());
    assertThat(requests.take().path).isEqualTo("/tempo/v1/traces");
  }

  @Test
  void headersGoAlongAndHostIsHonoured() throws Exception {
    var headers = Map.of("X-Tenant", new Secret("blue"), "Host", new Secret("tempo.example"));
    send(base(), "none", Encoding.PROTO, Duration.ofSeconds(10), headers);
    var got = requests.take();
    assertThat(got.headers.getFirst("x-tenant")).isEqualTo("blue");
    assertThat(got.headers.getFirst("host")).isEqualTo("tempo.example");
  }

  @ParameterizedTest
  @CsvSource({
    "429, THROTTLED, 7, 7",
    "503, UNAVAILABLE, 7, 7",
    "502, UNAVAILABLE, 7, 0",
    "504, UNAVAILABLE, 7, 0",
    "302, UNAVAILABLE, 7, 0",
    "503, UNAVAILABLE, soon, 0"
  })
  void passingTroubleIsRefused(int code, Pressure pressure, String retryAfter, int seconds)
      throws Exception {
    status = code;
    answerHeaders = Map.of("retry-after", retryAfter);
    assertThat(send("none", Encoding.PROTO))
        .isEqualTo(new Outcome.Refused(pressure, Duration.ofSeconds(seconds), "HTTP " + code));
  }

  @Test
  void retryAfterMayBeADate() throws Exception {
    status = 503;
    answerHeaders = Map.of("retry-after", "Fri, 31 Dec 2100 23:59:59 GMT");
    assertThat(send("none", Encoding.PROTO))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.retryAfter()).isGreaterThan(Duration.ofDays(365)));
  }

  @ParameterizedTest
  @CsvSource({
    "400, INVALID",
    "401, UNAUTHENTICATED",
    "403, PERMISSION_DENIED",
    "404, UNIMPLEMENTED",
    "405, UNKNOWN",
    "408, UNKNOWN",
    "413, TOO_LARGE",
    "500, UNKNOWN",
    "501, UNKNOWN"
  })
  void lastingTroubleIsRejectedWithWhatWasSaid(int code, Fault fault) throws Exception {
    status = code;
    answer = RpcStatus.of(3, "no such thing").toProtobuf().toArray();
    answerHeaders = Map.of("content-type", "application/x-protobuf");
    assertThat(send("none", Encoding.PROTO))
        .isEqualTo(new Outcome.Rejected(fault, "HTTP " + code + ": no such thing"));
  }

  @Test
  void partialSuccessIsPartialInBothEncodings() throws Exception {
    answer = new byte[] {10, 7, 8, 5, 18, 3, 'o', 'l', 'd'};
    answerHeaders = Map.of("content-type", "application/x-protobuf");
    assertThat(send("none", Encoding.PROTO)).isEqualTo(new Outcome.Partial(5, "old"));
    answer =
        "{\"partialSuccess\":{\"rejectedSpans\":\"5\",\"errorMessage\":\"old\"}}"
            .getBytes(StandardCharsets.UTF_8);
    answerHeaders = Map.of("content-type", "application/json; charset=utf-8");
    assertThat(java.util.Objects.requireNonNull(sending).send(BATCH))
        .isEqualTo(new Outcome.Partial(5, "old"));
  }

  @Test
  void answerWithoutEndIsNotKept() throws Exception {
    answer = new byte[1 << 20];
    assertThat(send("none", Encoding.PROTO)).isEqualTo(new Outcome.Accepted());
  }

  @Test
  void redirectIsFollowedOnTheSameHost() throws Exception {
    status = 307;
    answerHeaders = Map.of("location", "/moved");
    var headers = Map.of("x-key", new Secret("k"));
    assertThat(send(base(), "none", Encoding.PROTO, Duration.ofSeconds(10), headers))
        .isEqualTo(new Outcome.Accepted());
    requests.take();
    var got = requests.take();
    assertThat(got.path).isEqualTo("/moved");
    assertThat(got.body).isEqualTo(REQUEST);
    assertThat(got.headers.getFirst("x-key")).isEqualTo("k");
  }

  @Test
  void headersAreNotShownToAnotherHost() throws Exception {
    status = 308;
    answerHeaders =
        Map.of("location", "http://localhost:" + server.getAddress().getPort() + "/moved");
    var headers = Map.of("x-key", new Secret("k"));
    assertThat(send(base(), "none", Encoding.PROTO, Duration.ofSeconds(10), headers))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).contains("localhost", "x-key"));
    assertThat(requests.take().headers.getFirst("x-key")).isEqualTo("k");
    assertThat(requests).isEmpty();
  }

  @Test
  void redirectsThatGoInCirclesEnd() throws Exception {
    status = 307;
    answerHeaders = Map.of("location", "/again");
    assertThat(send("none", Encoding.PROTO)).isInstanceOf(Outcome.Refused.class);
    assertThat(requests).hasSize(11);
  }

  @Test
  void unreachableDestinationIsRefused() throws Exception {
    server.stop(0);
    assertThat(send("none", Encoding.PROTO)).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void attemptEndsWithItsTimeout() throws Exception {
    silent = true;
    var outcome = send(base(), "none", Encoding.PROTO, Duration.ofMillis(200), Map.of());
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).contains("no answer within"));
  }
}

package io.sluice.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.pipeline.Outcome;
import io.sluice.transport.RpcStatus;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Encoder;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Against the JDK's client and, where that is too well-behaved, a bare socket.
class HttpReceiverTest {
  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";

  private static final int ATTEMPTS_MAX = 10;

  private final HttpClient client = HttpClient.newHttpClient();
  private Running running;

  static OtlpReceiverConfig config() {
    var defaults = OtlpHttpConfig.defaults();
    return new OtlpReceiverConfig(
        new OtlpReceiverConfig.Protocols(
            Optional.empty(),
            Optional.of(
                new OtlpHttpConfig(
                    defaults.server().withoutTimeouts("127.0.0.1:0"),
                    defaults.tracesUrlPath(),
                    defaults.metricsUrlPath(),
                    defaults.logsUrlPath()))));
  }

  @BeforeEach
  void start() throws Exception {
    running = new Running(config());
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    running.close();
  }

  @Test
  void protobufReachesThePipelineAsItCame() throws Exception {
    var response = post(PROTOBUF, Samples.spans(3));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue(PROTOBUF);
    assertThat(response.body()).isEqualTo(new byte[] {10, 0});
    var batch = running.sink.batches.getFirst();
    assertThat(batch.otlp().flatten()).isEqualTo(Samples.spans(3));
    assertThat(batch.items()).isEqualTo(3);
    assertThat(batch.origin().transport()).isEqualTo("http");
    assertThat(batch.origin().peer()).isEqualTo("127.0.0.1");
  }

  @Test
  void jsonIsAnsweredInJson() throws Exception {
    var response = post("Application/JSON; charset=utf-8", Bytes.utf8(Samples.json(2)));
    assertThat(text(response)).isEqualTo("{\"partialSuccess\":{}}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(running.sink.items()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(Codec.class)
  void compressedBodyKeepsItsFrame(Codec codec) throws Exception {
    Bytes compressed;
    try (var encoder = Encoder.of(codec, OptionalInt.empty())) {
      compressed = encoder.encode(Rope.of(Samples.spans(50)));
    }
    var response = post(PROTOBUF, compressed, "content-encoding", codec.toString());
    assertThat(response.statusCode()).isEqualTo(200);
    var batch = running.sink.batches.getFirst();
    assertThat(batch.otlp().flatten()).isEqualTo(Samples.spans(50));
    var frame = Objects.requireNonNull(batch.frame());
    assertThat(frame.encoding()).isEqualTo(codec.toString());
    assertThat(frame.bytes()).isEqualTo(compressed);
  }

  @Test
  void deflateMeansZlib() throws Exception {
    Bytes compressed;
    try (var encoder = Encoder.of(Codec.ZLIB, OptionalInt.empty())) {
      compressed = encoder.encode(Rope.of(Samples.spans(1)));
    }
    assertThat(post(PROTOBUF, compressed, "content-encoding", "deflate").statusCode())
        .isEqualTo(200);
    assertThat(running.sink.items()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "identity", "GZIP", "x-gzip", "gzip, gzip"})
  void unknownEncodingIsABadRequest(String encoding) throws Exception {
    var response = post(PROTOBUF, Samples.spans(1), "content-encoding", encoding);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(status(response).code()).isEqualTo(RpcStatus.Code.INVALID_ARGUMENT);
    assertThat(running.sink.batches).isEmpty();
    assertThat(
            running.counter("sluice_receiver_rejected_requests", "reason", "unsupported_encoding"))
        .isEqualTo(1);
  }

  @Test
  void emptyRequestIsAcceptedAndGoesNoFurther() throws Exception {
    assertThat(post(PROTOBUF, Bytes.EMPTY).statusCode()).isEqualTo(200);
    assertThat(post(JSON, Bytes.utf8("{}")).statusCode()).isEqualTo(200);
    assertThat(running.sink.batches).isEmpty();
  }

  @Test
  void malformedBodiesAreBadRequestsInTheirEncoding() throws Exception {
    var protobuf = post(PROTOBUF, Bytes.wrap(new byte[] {10, 5, 1}));
    assertThat(protobuf.statusCode()).isEqualTo(400);
    assertThat(status(protobuf).code()).isEqualTo(RpcStatus.Code.INVALID_ARGUMENT);
    var json = post(JSON, Bytes.utf8("{\"resourceSpans\":"));
    assertThat(json.statusCode()).isEqualTo(400);
    assertThat(text(json)).startsWith("{\"code\":3,\"message\":\"");
    assertThat(running.counter("sluice_receiver_rejected_requests", "reason", "malformed"))
        .isEqualTo(2);
  }

  @Test
  void brokenCompressionIsABadRequest() throws Exception {
    var response = post(PROTOBUF, Samples.spans(1), "content-encoding", "gzip");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(running.counter("sluice_receiver_rejected_requests", "reason", "bad_compression"))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Codec.class)
  void bombIsTooLarge(Codec codec) throws Exception {
    Bytes bomb;
    try (var encoder = Encoder.of(codec, OptionalInt.empty())) {
      bomb = encoder.encode(Rope.of(Bytes.wrap(new byte[64 << 20])));
    }
    var response = post(PROTOBUF, bomb, "content-encoding", codec.toString());
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(running.counter("sluice_receiver_rejected_requests", "reason", "too_large"))
        .isEqualTo(1);
  }

  @Test
  void bodyOfUnknownLengthIsCutAtTheLimit() throws Exception {
    var endless =
        HttpRequest.BodyPublishers.ofInputStream(
            () -> new ByteArrayInputStream(new byte[(20 << 20) + 1]));
    var response =
        client.send(
            request("/v1/traces").header("content-type", PROTOBUF).POST(endless).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(413);
  }

  @Test
  void declaredLengthOverTheLimitIsRefusedBeforeTheBody() throws Exception {
    var answer =
        raw(
            "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: "
                + PROTOBUF
                + "\r\nContent-Length: 99999999999\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 413 ");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/traces, 405",
    "OPTIONS, /v1/traces, 405",
    "POST, /v1/traces/, 404",
    "POST, /V1/traces, 404",
    "POST, /v1/%74races, 404",
    "POST, //v1/traces, 307",
    "POST, /v1/./traces, 307",
    "POST, /, 404",
    "GET, /nowhere, 404"
  })
  void pathsAndMethods(String method, String path, int status) throws Exception {
    var answer = raw(method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    assertThat(running.sink.batches).isEmpty();
  }

  @Test
  void otherContentTypesAreUnsupported() throws Exception {
    assertThat(post("text/plain", Samples.spans(1)).statusCode()).isEqualTo(415);
    var none = raw("POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    assertThat(none).startsWith("HTTP/1.1 415 ");
  }

  @Test
  void oddHeadersHaveTheirStatus() throws Exception {
    assertThat(raw("POST /v1/traces HTTP/1.1\r\nHost: x\r\nExpect: magic\r\n\r\n"))
        .startsWith("HTTP/1.1 417 ");
    assertThat(raw("POST /v1/traces HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: magic\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(raw("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(2 << 20) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
  }

  @Test
  void senderThatExpectsToBeToldToContinueIs() throws Exception {
    var body = new String(Samples.spans(1).toArray(), StandardCharsets.ISO_8859_1);
    var head =
        "POST /v1/traces HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Type: "
            + PROTOBUF
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), running.port())) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(read(socket)).startsWith("HTTP/1.1 100 ");
      socket.getOutputStream().write(body.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(read(socket)).startsWith("HTTP/1.1 200 ");
    }
    assertThat(running.sink.items()).isEqualTo(1);
  }

  @Test
  void signalWithoutPipelineIsNotFound() throws Exception {
    running.signals = Set.of();
    assertThat(post(PROTOBUF, Samples.spans(1)).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID, 400, 3",
    "TOO_LARGE, 413, 8",
    "UNAUTHENTICATED, 401, 16",
    "PERMISSION_DENIED, 403, 7",
    "UNIMPLEMENTED, 404, 12",
    "INTERNAL, 500, 13",
    "UNKNOWN, 500, 2"
  })
  void rejectionHasItsStatusAndNoDelay(Outcome.Fault fault, int httpStatus, int code)
      throws Exception {
    running.sink.answer(new Outcome.Rejected(fault, "because"));
    var response = post(PROTOBUF, Samples.spans(2));
    assertThat(response.statusCode()).isEqualTo(httpStatus);
    assertThat(status(response)).isEqualTo(new RpcStatus(code, "because", null));
    assertThat(response.headers().firstValue("retry-after")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"UNAVAILABLE, 503, 14", "THROTTLED, 429, 8"})
  void refusalAlwaysSaysWhenToComeBack(Outcome.Pressure pressure, int httpStatus, int code)
      throws Exception {
    running.sink.answer(new Outcome.Refused(pressure, Duration.ZERO, "full"));
    var response = post(PROTOBUF, Samples.spans(2));
    assertThat(response.statusCode()).isEqualTo(httpStatus);
    assertThat(status(response).code()).isEqualTo(code);
    assertThat(Integer.parseInt(response.headers().firstValue("retry-after").orElseThrow()))
        .isBetween(1, 3);
  }

  @Test
  void delayThatWasAskedForIsRoundedUp() throws Exception {
    running.sink.answer(
        new Outcome.Refused(Outcome.Pressure.THROTTLED, Duration.ofMillis(7100), "full"));
    var response = post(JSON, Bytes.utf8(Samples.json(1)));
    assertThat(response.headers().firstValue("retry-after")).hasValue("8");
    assertThat(text(response))
        .isEqualTo(
            "{\"code\":8,\"message\":\"full\",\"details\":[{\"@type\":"
                + "\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"7.100s\"}]}");
  }

  @Test
  void partialSuccessIsToldInTheEncodingOfTheRequest() throws Exception {
    running.sink.answer(new Outcome.Partial(1, "too \"old\""));
    assertThat(text(post(JSON, Bytes.utf8(Samples.json(3)))))
        .isEqualTo(
            "{\"partialSuccess\":{\"rejectedSpans\":\"1\",\"errorMessage\":\"too \\\"old\\\"\"}}");
    assertThat(post(PROTOBUF, Samples.spans(3)).body()).startsWith(10, 13, 8, 1, 18, 9);
  }

  @Test
  void connectionServesManyRequests() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), running.port())) {
      for (int i = 0; i < 3; i++) {
        socket
            .getOutputStream()
            .write(
                ("POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: "
                        + PROTOBUF
                        + "\r\nContent-Length: 0\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
        assertThat(read(socket)).startsWith("HTTP/1.1 200 ");
      }
    }
  }

  @Test
  void http2WithoutTlsIsServed() throws Exception {
    var response =
        client.send(
            request("/v1/traces")
                .version(HttpClient.Version.HTTP_2)
                .header("content-type", PROTOBUF)
                .POST(HttpRequest.BodyPublishers.ofByteArray(Samples.spans(4).toArray()))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(running.sink.items()).isEqualTo(4);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + running.port() + path));
  }

  private HttpResponse<byte[]> post(String type, Bytes body, String... headers) throws Exception {
    var request =
        request("/v1/traces")
            .version(HttpClient.Version.HTTP_1_1)
            .header("content-type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toArray()));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  /// Who is answered before all is sent, and cut off, may lose the answer: then once more.
  private String raw(String request) throws Exception {
    for (int attempt = 1; ; attempt++) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), running.port())) {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        return read(socket);
      } catch (SocketException e) {
        if (attempt == ATTEMPTS_MAX) {
          throw e;
        }
      }
    }
  }

  private static String read(Socket socket) throws Exception {
    var buffer = new byte[8192];
    int read = socket.getInputStream().read(buffer);
    return new String(buffer, 0, Math.max(0, read), StandardCharsets.ISO_8859_1);
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static RpcStatus status(HttpResponse<byte[]> response) {
    return RpcStatus.parse(Bytes.wrap(response.body()));
  }
}

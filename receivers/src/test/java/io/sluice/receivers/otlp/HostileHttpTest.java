package io.sluice.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sluice.transport.hostile.Frames;
import io.sluice.wire.Bytes;
import io.sluice.wire.WireWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies and heads made to hurt. After each of them another client is served.
class HostileHttpTest {
  private static final int DEEP = 20_000;

  private Running running;

  @BeforeEach
  void start() throws Exception {
    running = new Running(HttpReceiverTest.config());
  }

  @AfterEach
  void othersAreServed() throws Exception {
    int before = running.sink.items();
    assertThat(post("application/x-protobuf", "", Samples.spans(1).toArray())).isEqualTo(200);
    assertThat(running.sink.items()).isEqualTo(before + 1);
    running.close();
  }

  /// A span's attribute whose value is a list of a list of a list.
  private static byte[] nestedProtobuf(int depth) {
    var value = new byte[0];
    for (int i = 0; i < depth; i++) {
      value = field(5, field(1, value));
    }
    var span = field(9, field(2, value));
    return field(1, field(2, field(2, span)));
  }

  private static byte[] field(int number, byte... content) {
    var out = new WireWriter();
    out.bytes(number, Bytes.wrap(content));
    return out.take().toArray();
  }

  private static String nestedJson(int depth) {
    return attribute("{\"arrayValue\":{\"values\":[".repeat(depth) + "]}}".repeat(depth));
  }

  private static String attribute(String value) {
    return span("\"attributes\":[{\"key\":\"a\",\"value\":" + value + "}]");
  }

  private static String span(String fields) {
    return "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{" + fields + "}]}]}]}";
  }

  static Stream<Arguments> json() {
    return Stream.of(
        arguments("nested", nestedJson(DEEP), 400),
        arguments("nested in an unknown key", "{\"x\":" + "[".repeat(DEEP), 400),
        arguments("unknown keys by the thousand", "{" + "\"x\":1,".repeat(DEEP) + "\"y\":1}", 200),
        arguments("endless number", span("\"kind\":" + "1".repeat(1_000_000)), 400),
        arguments("number out of range", attribute("{\"intValue\":\"9223372036854775808\"}"), 400),
        arguments("fraction for an integer", attribute("{\"intValue\":1.5}"), 400),
        arguments("short trace id", span("\"traceId\":\"0102\""), 400),
        arguments("base64 trace id", span("\"traceId\":\"AQIDBAUGBwgJCgsMDQ4PEA==\""), 400),
        arguments("open text", "{\"resourceSpans", 400),
        arguments("no object", "[]", 400),
        arguments("comment", "/* hello */ {}", 400),
        arguments("nothing", "", 400),
        arguments("null", "null", 200));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("json")
  void jsonIsReadWithinBounds(String name, String body, int status) throws Exception {
    assertThat(post("application/json", "", body.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(status);
    assertCounted(status == 400, Reason.MALFORMED);
  }

  static Stream<Arguments> protobuf() {
    return Stream.of(
        arguments("nested", nestedProtobuf(2_000)),
        arguments("open groups", "\u000b".repeat(DEEP).getBytes(StandardCharsets.ISO_8859_1)),
        arguments("group without a beginning", new byte[] {0x0c}),
        arguments("field zero", new byte[] {0, 0}),
        arguments("wire type 7", new byte[] {0x0f}),
        arguments("length beyond the end", new byte[] {10, 127}),
        arguments("negative length", new byte[] {10, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}),
        arguments("varint without an end", new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1}),
        arguments("short trace id", field(1, field(2, field(2, field(1, (byte) 1))))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("protobuf")
  void malformedProtobufIsABadRequest(String name, byte[] body) throws Exception {
    assertThat(post("application/x-protobuf", "", body)).isEqualTo(400);
    assertThat(running.sink.batches).isEmpty();
    assertCounted(true, Reason.MALFORMED);
  }

  static Stream<Arguments> frames() {
    return Stream.of(
        arguments("snappy of 4 GiB", "snappy", new byte[] {-1, -1, -1, -1, 15}),
        arguments(
            "zstd window of 2 GiB",
            "zstd",
            new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) 0xa8, 1, 0, 0}),
        arguments("gzip head alone", "gzip", new byte[] {31, -117, 8, 0, 0, 0, 0, 0, 0, 0}),
        arguments("lz4 without frames", "lz4", new byte[] {4, 34, 77, 24, 96}),
        arguments("zlib with a dictionary", "zlib", new byte[] {0x78, (byte) 0xbb, 0, 0, 0, 1}));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("frames")
  void brokenFramesAreRefusedUnopened(String name, String encoding, byte[] body) throws Exception {
    assertThat(post("application/x-protobuf", encoding, body)).isIn(400, 413);
    assertThat(running.sink.batches).isEmpty();
  }

  /// What a proxy before us and we could read differently.
  @ParameterizedTest
  @CsvSource({
    "'Content-Length: 0\r\nContent-Length: 5\r\n'",
    "'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n'",
    "'Transfer-Encoding: chunked, identity\r\n'",
    "'Content-Length: -1\r\n'",
    "'Content-Length : 0\r\n'"
  })
  void ambiguousLengthsAreRefused(String headers) throws Exception {
    var head =
        "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + headers;
    assertThat(status(head + "\r\n0\r\n\r\n", new byte[0])).isEqualTo(400);
    assertThat(running.sink.batches).isEmpty();
  }

  private void assertCounted(boolean refused, Reason reason) {
    assertThat(running.counter("sluice_receiver_rejected_requests", "reason", reason.toString()))
        .isEqualTo(refused ? 1 : 0);
  }

  private int post(String type, String encoding, byte... body) throws IOException {
    return status(
        "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: "
            + type
            + (encoding.isEmpty() ? "" : "\r\nContent-Encoding: " + encoding)
            + "\r\nContent-Length: "
            + body.length
            + "\r\n\r\n",
        body);
  }

  private int status(String head, byte... body) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), running.port())) {
      socket.setSoTimeout(Running.PATIENCE_SECONDS * 1000);
      var request = new ByteArrayOutputStream();
      request.write(head.getBytes(StandardCharsets.ISO_8859_1));
      request.write(body);
      socket.getOutputStream().write(request.toByteArray());
      var line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      return Integer.parseInt(line.substring("HTTP/1.1 ".length()));
    }
  }

  /// Its sender is answered, and the stream is over: nobody waits for the rest.
  @Test
  void anHttp2BodyThatStallsIsAnsweredAndReset() throws Exception {
    try (var frames = new Frames(running.port())) {
      frames.call(1, false, ":path", "/v1/traces", "content-type", "application/x-protobuf");
      frames.data(1, false, (byte) 10);
      var answer = frames.answer(1);
      assertThat(answer.headers()).containsEntry(":status", "400");
      assertThat(answer.lost()).isFalse();
      assertThat(frames.answer(1).reset()).isTrue();
      frames.call(3, false, ":path", "/v1/traces", "content-type", "application/x-protobuf");
      frames.data(3, true, Samples.spans(1).toArray());
      assertThat(frames.answer(3).headers()).containsEntry(":status", "200");
    }
    running.sink.batches.clear();
  }

  /// In pieces of all sizes, with a length or in chunks.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBodyInPiecesIsPutTogether(boolean chunked) throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      var body = Samples.spans(1 + random.nextInt(3000)).toArray();
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), running.port())) {
        var out = socket.getOutputStream();
        var head =
            "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n"
                + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + body.length)
                + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        for (int at = 0; at < body.length; ) {
          int size = Math.min(body.length - at, 1 + random.nextInt(1 << (1 + random.nextInt(14))));
          var lines =
              chunked
                  ? new String[] {Integer.toHexString(size) + "\r\n", "\r\n"}
                  : new String[] {"", ""};
          out.write(lines[0].getBytes(StandardCharsets.ISO_8859_1));
          out.write(body, at, size);
          out.write(lines[1].getBytes(StandardCharsets.ISO_8859_1));
          out.flush();
          at += size;
        }
        out.write((chunked ? "0\r\n\r\n" : "").getBytes(StandardCharsets.ISO_8859_1));
        var status =
            new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
        assertThat(status).as("seed " + seed).isEqualTo("HTTP/1.1 200");
      }
      assertThat(running.sink.batches.removeFirst().otlp().flatten())
          .as("seed " + seed)
          .isEqualTo(Bytes.wrap(body));
    }
  }
}

package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sluice.testkit.Payloads;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Encoder;
import io.sluice.transport.hostile.Frames;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What stands before the pipelines of both gateways alike: frames of gRPC, content encodings by
/// `compression_algorithms`, CORS.
final class IntakeIT {
  private static final String YAML =
      """
      receivers:
        otlp:
          protocols:
            grpc: {endpoint: "127.0.0.1:@grpc@", max_recv_msg_size_mib: 1}
            http: {endpoint: "127.0.0.1:@all@"}
        otlp/plain: {protocols: {http: {endpoint: "127.0.0.1:@plain@", compression_algorithms: [""]}}}
        otlp/gzip: {protocols: {http: {endpoint: "127.0.0.1:@gzip@", compression_algorithms: ["gzip"]}}}
        otlp/two: {protocols: {http: {endpoint: "127.0.0.1:@two@", compression_algorithms: ["", "zstd", "snappy"]}}}
        otlp/none: {protocols: {http: {endpoint: "127.0.0.1:@none@", compression_algorithms: []}}}
        otlp/cors:
          protocols:
            http:
              endpoint: "127.0.0.1:@cors@"
              cors:
                allowed_origins: ["http://shop.example", "https://*.shop.example"]
                allowed_headers: ["X-Tenant"]
                max_age: 600
        otlp/anybody:
          protocols:
            http: {endpoint: "127.0.0.1:@anybody@", cors: {allowed_origins: ["*"], exposed_headers: ["X-Id"]}}
      exporters:
        nop:
      service:
        pipelines:
          traces:
            receivers: [otlp, otlp/plain, otlp/gzip, otlp/two, otlp/none, otlp/cors, otlp/anybody]
            exporters: [nop]
      """;
  private static final Bytes SPANS = Payloads.spans("s", 3).otlp().flatten();

  /// What Sluice answers where it differs, by the name of the row: a message cut short is INTERNAL, a
  /// content-type that is not gRPC's comes with INTERNAL too, a timeout nobody can read ends in a reset;
  /// and headers are compared without case in a preflight, while OPTIONS without a preflight says nothing
  /// of origins.
  private static final Map<String, String> HERE =
      Map.of(
          "nothing at all", "200 13",
          "half a frame head", "200 13",
          "length too great", "200 13",
          "no content-type", "415 13",
          "other content-type", "415 13",
          "bad timeout", "null null",
          "cors OPTIONS|http://shop.example|POST|X-Tenant", "204 {access-control-allow-",
          "cors OPTIONS|http://shop.example||", "405 {vary=Origin}",
          "anybody OPTIONS|http://shop.example||", "405 {vary=Origin}");

  private static void assertAlike(String name, String ours, String theirs) {
    var here = HERE.get(name);
    if (here == null) {
      assertThat(ours).as(name).isEqualTo(theirs);
    } else {
      assertThat(ours).as(name).startsWith(here).isNotEqualTo(theirs);
    }
  }

  private static Gateway ours;
  private static Gateway theirs;

  @BeforeAll
  static void start() {
    ours = Gateway.sluice(YAML);
    theirs = Gateway.collector(YAML);
  }

  @AfterAll
  static void stop() {
    theirs.close();
    ours.close();
  }

  /// A message as gRPC frames it, saying what it likes of itself.
  private static byte[] frame(int flag, int length, byte[] message) {
    return ByteBuffer.allocate(5 + message.length)
        .put((byte) flag)
        .putInt(length)
        .put(message)
        .array();
  }

  static Stream<Arguments> calls() {
    var spans = SPANS.toArray();
    int size = spans.length;
    return Stream.of(
        arguments("whole", frame(0, size, spans), new String[0]),
        arguments("nothing at all", new byte[0], new String[0]),
        arguments("half a frame head", new byte[] {0, 0}, new String[0]),
        arguments("length too great", frame(0, size + 10, spans), new String[0]),
        arguments("length too small", frame(0, size - 10, spans), new String[0]),
        arguments("length over the limit", frame(0, 2 << 20, spans), new String[0]),
        arguments("length of 4 GiB", frame(0, -1, spans), new String[0]),
        arguments("compressed by nothing", frame(1, size, spans), new String[0]),
        arguments(
            "gzip that is none", frame(1, size, spans), new String[] {"grpc-encoding", "gzip"}),
        arguments(
            "gzip announced, not used",
            frame(0, size, spans),
            new String[] {"grpc-encoding", "gzip"}),
        arguments(
            "unknown encoding, used", frame(1, size, spans), new String[] {"grpc-encoding", "br"}),
        arguments(
            "unknown encoding, not used",
            frame(0, size, spans),
            new String[] {"grpc-encoding", "br"}),
        arguments("flag of 2", frame(2, size, spans), new String[0]),
        arguments("no content-type", frame(0, size, spans), new String[] {"content-type", ""}),
        arguments(
            "other content-type",
            frame(0, size, spans),
            new String[] {"content-type", "text/plain"}),
        arguments(
            "content-type of a kind",
            frame(0, size, spans),
            new String[] {"content-type", "application/grpc+proto"}),
        arguments("GET", frame(0, size, spans), new String[] {":method", "GET"}),
        arguments("no te", frame(0, size, spans), new String[] {"te", ""}),
        arguments("bad timeout", frame(0, size, spans), new String[] {"grpc-timeout", "soon"}),
        arguments("no such method", frame(0, size, spans), new String[] {":path", "/a.B/C"}),
        arguments("no path to speak of", frame(0, size, spans), new String[] {":path", "/"}));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("calls")
  void aCallInOddFramesIsAnsweredAlike(String name, byte[] data, String[] headers)
      throws IOException {
    assertAlike(name, call(ours, data, headers), call(theirs, data, headers));
  }

  private static String call(Gateway gateway, byte[] data, String... headers) throws IOException {
    try (var frames = new Frames(gateway.port("grpc"))) {
      frames.call(1, false, headers);
      frames.data(1, true, data);
      var answer = frames.answer(1);
      return answer.headers().get(":status")
          + " "
          + answer.headers().get("grpc-status")
          + (answer.lost() ? " lost" : "");
    }
  }

  static Stream<Arguments> encodings() {
    return Stream.of("all", "plain", "gzip", "two", "none")
        .flatMap(receiver ->
            Stream.of(
                    "",
                    "gzip",
                    "zstd",
                    "zlib",
                    "deflate",
                    "snappy",
                    "lz4",
                    "br",
                    "identity",
                    "GZIP")
                .map(encoding -> arguments(receiver, encoding)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("encodings")
  void anEncodingIsTakenAlike(String receiver, String encoding) {
    var body =
        Codec.ofContentEncoding(encoding.toLowerCase(Locale.ROOT))
            .map(IntakeIT::encoded)
            .orElse(SPANS)
            .toArray();
    assertThat(status(ours, receiver, encoding, body))
        .isEqualTo(status(theirs, receiver, encoding, body));
  }

  private static Bytes encoded(Codec codec) {
    try (var encoder = Encoder.of(codec, OptionalInt.empty())) {
      return encoder.encode(Rope.of(SPANS));
    }
  }

  private static int status(Gateway gateway, String receiver, String encoding, byte[] body) {
    var head =
        "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n"
            + (encoding.isEmpty() ? "" : "Content-Encoding: " + encoding + "\r\n")
            + "Content-Length: "
            + body.length
            + "\r\nConnection: close\r\n\r\n";
    return RawHttp.status(gateway.port(receiver), head, body);
  }

  static Stream<Arguments> origins() {
    return Stream.of("cors", "anybody", "all")
        .flatMap(receiver ->
            Stream.of(
                    "OPTIONS|http://shop.example|POST|content-type",
                    "OPTIONS|http://shop.example|POST|X-Tenant",
                    "OPTIONS|http://shop.example|POST|x-tenant",
                    "OPTIONS|http://shop.example|POST|X-Other",
                    "OPTIONS|http://shop.example|POST|",
                    "OPTIONS|http://shop.example|GET|",
                    "OPTIONS|http://shop.example|DELETE|",
                    "OPTIONS|https://a.shop.example|POST|content-type",
                    "OPTIONS|https://shop.example|POST|content-type",
                    "OPTIONS|http://evil.example|POST|content-type",
                    "OPTIONS|http://shop.example||",
                    "OPTIONS||POST|",
                    "POST|http://shop.example||",
                    "POST|https://a.b.shop.example||",
                    "POST|http://evil.example||",
                    "POST|HTTP://SHOP.EXAMPLE||",
                    "POST|null||",
                    "POST|||")
                .map(request -> arguments(receiver, request)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("origins")
  void anOriginIsAnsweredAlike(String receiver, String request) throws IOException {
    assertAlike(
        receiver + " " + request, cors(ours, receiver, request), cors(theirs, receiver, request));
  }

  /// The status and what the answer says of origins, by header.
  private static String cors(Gateway gateway, String receiver, String request) throws IOException {
    var words = request.split("\\|", -1);
    var body = words[0].equals("POST") ? SPANS.toArray() : new byte[0];
    var head =
        words[0]
            + " /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n"
            + (words[1].isEmpty() ? "" : "Origin: " + words[1] + "\r\n")
            + (words[2].isEmpty() ? "" : "Access-Control-Request-Method: " + words[2] + "\r\n")
            + (words[3].isEmpty() ? "" : "Access-Control-Request-Headers: " + words[3] + "\r\n")
            + "Content-Length: "
            + body.length
            + "\r\nConnection: close\r\n\r\n";
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port(receiver))) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().write(body);
      var text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      var lines = text.split("\r\n\r\n", 2)[0].split("\r\n");
      var kept = new TreeMap<String, String>();
      for (var line : lines) {
        var name = line.split(":", 2)[0].toLowerCase(Locale.ROOT);
        if (name.startsWith("access-control-") || name.equals("vary")) {
          kept.merge(name, line.split(":", 2)[1].strip(), (a, b) -> a + ", " + b);
        }
      }
      return lines[0].substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()) + " " + kept;
    }
  }
}

package io.sluice.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sluice.component.Loop.Family;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Encoder;
import io.sluice.transport.grpc.GrpcServerConfig;
import io.sluice.transport.hostile.Deep;
import io.sluice.transport.hostile.Frames;
import io.sluice.transport.http.HttpServerConfig;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Bodies that are small on the wire and large, or deep, once somebody opens them. None of them takes
/// more of the byte budget than it may, and a sender that was there before is served afterwards.
class HostileBodiesTest {
  private static final int MILLION = 1_000_000;
  private static final int BOMB_BYTES = 64 << 20;
  private static final int BUDGET_BYTES = 256 << 20;
  private static final String OTLP = "application/x-protobuf";

  private final Watched budget = new Watched(BUDGET_BYTES);
  private @Nullable Running running;
  private @Nullable Sender other;

  private Running start(Family family, int bodyMib) throws Exception {
    var started = new Running(config(family, bodyMib), budget);
    var sender = new Sender(started.port(), family);
    assertThat(sender.send()).isTrue();
    running = started;
    other = sender;
    return started;
  }

  @AfterEach
  void othersAreServed() throws Exception {
    if (running != null && other != null) {
      assertThat(other.send()).isTrue();
      assertThat(running.sink.items()).isEqualTo(2);
      other.close();
      running.close();
    }
    assertThat(budget.bytes()).isZero();
  }

  /// Both with the largest body in MiB, 0 for their own limits.
  private static OtlpReceiverConfig config(Family family, int bodyMib) {
    var g = GrpcServerConfig.defaults();
    var grpc =
        new GrpcServerConfig(
            "127.0.0.1:0",
            g.transport(),
            g.tls(),
            bodyMib,
            0,
            0,
            0,
            g.keepalive(),
            g.auth(),
            false,
            List.of());
    var h = HttpServerConfig.defaults().withoutTimeouts("127.0.0.1:0");
    var http =
        new HttpServerConfig(
            h.endpoint(),
            h.transport(),
            h.tls(),
            h.auth(),
            h.cors(),
            (long) bodyMib << 20,
            false,
            h.responseHeaders(),
            h.compressionAlgorithms(),
            h.readTimeout(),
            h.readHeaderTimeout(),
            h.writeTimeout(),
            h.idleTimeout(),
            true,
            List.of());
    return new OtlpReceiverConfig(
        family == Family.GRPC
            ? new OtlpReceiverConfig.Protocols(
                Optional.of(new OtlpReceiverConfig.Grpc(grpc)), Optional.empty())
            : new OtlpReceiverConfig.Protocols(
                Optional.empty(),
                Optional.of(new OtlpHttpConfig(http, "/v1/traces", "/v1/metrics", "/v1/logs"))));
  }

  static Stream<Arguments> bombs() {
    return Arrays.stream(Codec.values())
        .flatMap(codec ->
            Stream.concat(
                Stream.of(arguments(Family.HTTP, codec, codec.toString())),
                Stream.of("gzip", "deflate", "snappy", "zstd", "x-snappy-framed")
                    .filter(name -> Codec.ofGrpcEncoding(name).equals(Optional.of(codec)))
                    .map(name -> arguments(Family.GRPC, codec, name))));
  }

  /// The charge grows with what comes, and none of what is inside is ever charged.
  @ParameterizedTest
  @MethodSource("bombs")
  void bombIsNotOpened(Family family, Codec codec, String encoding) throws Exception {
    Bytes bomb;
    try (var encoder = Encoder.of(codec, OptionalInt.empty())) {
      bomb = encoder.encode(Rope.of(Bytes.wrap(new byte[BOMB_BYTES])));
    }
    var answers = start(family, 0);
    try (var frames = new Frames(answers.port())) {
      var status = ask(frames, family, encoding, OTLP, bomb.toArray());
      assertThat(status).isEqualTo(family == Family.GRPC ? "8" : "413");
    }
    assertRejected(answers, Reason.TOO_LARGE);
    assertThat(budget.peak()).isLessThanOrEqualTo(2L * bomb.length() + (64 << 10));
  }

  private void assertRejected(Running answers, Reason reason) throws Exception {
    answers.settle();
    assertThat(answers.counter("sluice_receiver_rejected_requests", "reason", reason.toString()))
        .isEqualTo(1);
  }

  private static String ask(
      Frames frames, Family family, String encoding, String type, byte... body) throws IOException {
    boolean grpc = family == Family.GRPC;
    var name = grpc ? "grpc-encoding" : "content-encoding";
    var head = grpc ? Sender.head(family, name, encoding) : http(encoding, type);
    frames.frame(Frames.HEADERS, Frames.END_HEADERS, 1, head);
    int flag = encoding.isEmpty() ? 0 : 1;
    frames.upload(1, true, grpc ? Sender.message(flag, body.length, body) : body);
    return String.valueOf(frames.answer(1).headers().get(grpc ? "grpc-status" : ":status"));
  }

  private static byte[] http(String encoding, String type) throws IOException {
    return Frames.block(":path", "/v1/traces", "content-type", type, "content-encoding", encoding);
  }

  @Test
  void valuesAMillionDeepAreMalformedOverGrpc() throws Exception {
    var answers = start(Family.GRPC, 64);
    try (var frames = new Frames(answers.port())) {
      assertThat(ask(frames, Family.GRPC, "", OTLP, Deep.lists(MILLION))).isEqualTo("13");
    }
    assertRejected(answers, Reason.MALFORMED);
  }

  static Stream<Arguments> deep() {
    var list = "{\"arrayValue\":{\"values\":[";
    var map = "{\"kvlistValue\":{\"values\":[{\"key\":\"\",\"value\":";
    var head =
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"attributes\":[{\"key\":\"a\",\"value\":";
    return Stream.of(
        arguments("lists in protobuf", OTLP, Deep.lists(MILLION)),
        arguments("lists in JSON", "application/json", utf8(head + list.repeat(MILLION))),
        arguments("maps in JSON", "application/json", utf8(head + map.repeat(MILLION))),
        arguments("unknown in JSON", "application/json", utf8("{\"x\":" + "[".repeat(MILLION))));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("deep")
  void valuesAMillionDeepAreMalformedOverHttp(String name, String type, byte[] body)
      throws Exception {
    var answers = start(Family.HTTP, 64);
    try (var frames = new Frames(answers.port())) {
      assertThat(ask(frames, Family.HTTP, "", type, body)).isEqualTo("400");
    }
    assertRejected(answers, Reason.MALFORMED);
  }

  /// gRPC keeps what has come of a message until the rest is there, which here never comes.
  @Test
  void unfinishedMessagesStayWithinTheBudget() throws Exception {
    int part = 3 << 20;
    var small = new Watched(8 << 20);
    try (var few = new Running(GrpcReceiverTest.config(), small)) {
      try (var frames = new Frames(few.port())) {
        var message = Arrays.copyOf(Sender.message(0, part + 1), 5 + part);
        int refused = 0;
        for (int stream = 1; stream < 20; stream += 2) {
          Sender.open(frames, Family.GRPC, stream);
          frames.upload(stream, false, message);
          few.settle();
          refused +=
              few.counter("sluice_receiver_rejected_requests", "reason", "no_room") > 0 ? 1 : 0;
        }
        assertThat(refused).isPositive();
        assertThat(small.bytes()).isGreaterThanOrEqualTo(part);
        assertThat(small.peak()).isLessThanOrEqualTo(small.bytesMax());
      }
      try (var late = new Sender(few.port(), Family.GRPC)) {
        assertThat(late.send()).isTrue();
      }
      few.settle();
      assertThat(small.bytes()).isZero();
    }
  }
}

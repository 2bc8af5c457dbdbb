package io.sluice.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Encoder;
import io.sluice.transport.hostile.Frames;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Frames that no client library sends. After each of them another call on the same connection, or a
/// new one where HTTP/2 ends it, is served.
class HostileGrpcTest {
  private static final String RESOURCE_EXHAUSTED = "8";
  private static final String UNIMPLEMENTED = "12";
  private static final String INTERNAL = "13";

  private Running running;
  private Frames frames;

  @BeforeEach
  void start() throws Exception {
    running = new Running(GrpcReceiverTest.config());
    frames = new Frames(running.port());
  }

  @AfterEach
  void othersAreServed() throws Exception {
    int before = running.sink.items();
    try (var other = new Frames(running.port())) {
      other.call(1, false);
      other.data(1, true, message(0, Samples.spans(1).toArray()));
      assertThat(other.answer(1).headers()).containsEntry("grpc-status", "0");
    }
    assertThat(running.sink.items()).isEqualTo(before + 1);
    frames.close();
    running.close();
  }

  private static byte[] message(int flag, byte... content) {
    return framed(flag, content.length, content);
  }

  private static byte[] framed(int flag, int length, byte... content) {
    return ByteBuffer.allocate(5 + content.length)
        .put((byte) flag)
        .putInt(length)
        .put(content)
        .array();
  }

  /// Once the loops have done what they were doing: gRPC closes a stream after its answer.
  private double rejected(Reason reason) throws Exception {
    running.settle();
    return running.counter(
        "sluice_receiver_rejected_requests", "transport", "grpc", "reason", reason.toString());
  }

  @Test
  void messageThatEndsEarlyIsRefused() throws Exception {
    frames.call(1, false);
    frames.data(1, true, framed(0, 100, (byte) 10, (byte) 0));
    var answer = frames.answer(1);
    assertThat(answer.headers()).containsEntry("grpc-status", INTERNAL);
    assertThat(running.sink.batches).isEmpty();
    assertThat(rejected(Reason.MALFORMED)).isEqualTo(1);
  }

  @Test
  void lengthThatLiesIsExhausted() throws Exception {
    frames.call(1, false);
    frames.data(1, false, framed(0, 0xFFFFFFFF, (byte) 10));
    assertThat(frames.answer(1).headers()).containsEntry("grpc-status", RESOURCE_EXHAUSTED);
    assertThat(rejected(Reason.TOO_LARGE)).isEqualTo(1);
  }

  @Test
  void compressedMessageWithoutEncodingIsRefused() throws Exception {
    frames.call(1, false);
    frames.data(1, true, message(1, Samples.spans(1).toArray()));
    assertThat(frames.answer(1).headers()).containsEntry("grpc-status", INTERNAL);
    assertThat(rejected(Reason.MALFORMED)).isEqualTo(1);
  }

  @Test
  void unknownFlagIsRefused() throws Exception {
    frames.call(1, false);
    frames.data(1, true, message(6, Samples.spans(1).toArray()));
    assertThat(frames.answer(1).headers()).containsEntry("grpc-status", INTERNAL);
    assertThat(running.sink.batches).isEmpty();
  }

  @Test
  void unknownEncodingIsUnimplemented() throws Exception {
    frames.call(1, false, "grpc-encoding", "br");
    frames.data(1, true, message(1, (byte) 1));
    assertThat(frames.answer(1).headers()).containsEntry("grpc-status", UNIMPLEMENTED);
  }

  /// Whole on the wire, far too large once opened.
  @Test
  void bombIsExhaustedAndNotOpened() throws Exception {
    frames.call(1, false, "grpc-encoding", "gzip");
    Bytes bomb;
    try (var encoder = Encoder.of(Codec.GZIP, OptionalInt.empty())) {
      bomb = encoder.encode(Rope.of(Bytes.wrap(new byte[8 << 20])));
    }
    frames.data(1, true, message(1, bomb.toArray()));
    assertThat(frames.answer(1).headers()).containsEntry("grpc-status", RESOURCE_EXHAUSTED);
    assertThat(rejected(Reason.TOO_LARGE)).isEqualTo(1);
  }

  @Test
  void brokenCompressionIsInternal() throws Exception {
    frames.call(1, false, "grpc-encoding", "gzip");
    frames.data(1, true, message(1, (byte) 1, (byte) 2));
    assertThat(frames.answer(1).headers()).containsEntry("grpc-status", INTERNAL);
    assertThat(rejected(Reason.BAD_COMPRESSION)).isEqualTo(1);
  }

  /// To take the first and say OK would lose the second.
  @Test
  void secondMessageEndsTheCall() throws Exception {
    var two = new ByteArrayOutputStream();
    two.write(message(0, Samples.spans(1).toArray()));
    two.write(message(0, Samples.spans(2).toArray()));
    frames.call(1, false);
    frames.data(1, true, two.toByteArray());
    assertThat(frames.answer(1).reset()).isTrue();
    assertThat(running.sink.batches).isEmpty();
    assertThat(rejected(Reason.MALFORMED)).isEqualTo(1);
  }

  @Test
  void messageInManyFramesIsOne() throws Exception {
    frames.call(1, false);
    for (byte each : message(0, Samples.spans(1).toArray())) {
      frames.data(1, false, each);
    }
    frames.data(1, true);
    assertThat(frames.answer(1).headers()).containsEntry("grpc-status", "0");
    assertThat(running.sink.items()).isEqualTo(1);
  }

  @Test
  void callWithoutAMessageIsRefused() throws Exception {
    frames.call(1, true);
    assertThat(frames.answer(1).headers()).containsEntry("grpc-status", INTERNAL);
    assertThat(rejected(Reason.INCOMPLETE)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "content-type, text/plain, 415",
    "content-type, '', 415",
    ":method, GET, 405",
    ":path, opentelemetry.proto.collector.trace.v1.TraceService/Export, 404"
  })
  void whatIsNotGrpcHasAnHttpStatus(String name, String value, String status) throws Exception {
    frames.call(1, false, name, value);
    frames.data(1, true, message(0, Samples.spans(1).toArray()));
    assertThat(frames.answer(1).headers()).containsEntry(":status", status);
    assertThat(running.sink.batches).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/opentelemetry.proto.collector.trace.v1.TraceService/export",
    "/opentelemetry.proto.collector.trace.v1.TraceService",
    "//opentelemetry.proto.collector.trace.v1.TraceService/Export",
    "/grpc.health.v1.Health/Check"
  })
  void methodsWeDoNotHaveAreUnimplemented(String path) throws Exception {
    frames.call(1, false, ":path", path);
    frames.data(1, true, message(0, Samples.spans(1).toArray()));
    assertThat(frames.answer(1).headers()).containsEntry("grpc-status", UNIMPLEMENTED);
    assertThat(running.sink.batches).isEmpty();
    assertThat(rejected(Reason.NOT_SERVED)).isEqualTo(1);
  }

  /// Streams of one connection do not harm each other.
  @Test
  void brokenCallLeavesItsConnectionAlone() throws Exception {
    frames.call(1, false);
    frames.call(3, false);
    frames.data(1, true, message(0, (byte) 10, (byte) 5, (byte) 1));
    assertThat(frames.answer(1).headers()).containsEntry("grpc-status", INTERNAL);
    frames.data(3, true, message(0, Samples.spans(1).toArray()));
    assertThat(frames.answer(3).headers()).containsEntry("grpc-status", "0");
    assertThat(rejected(Reason.MALFORMED)).isEqualTo(1);
  }
}

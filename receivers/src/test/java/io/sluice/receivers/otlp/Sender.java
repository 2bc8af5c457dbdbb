package io.sluice.receivers.otlp;

import io.sluice.component.Loop;
import io.sluice.transport.hostile.Frames;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A well-behaved sender of spans over HTTP/2, on one connection.
final class Sender implements AutoCloseable {
  private final Loop.Family family;
  private final Frames frames;
  private final String type;
  private int stream = -1;

  Sender(int port, Loop.Family family) throws IOException {
    this(port, family, family == Loop.Family.GRPC ? "application/grpc" : "application/x-protobuf");
  }

  Sender(int port, Loop.Family family, String type) throws IOException {
    this(new Frames(port), family, type);
  }

  Sender(Frames frames, Loop.Family family, String type) {
    this.frames = frames;
    this.family = family;
    this.type = type;
  }

  /// Whether one request of one span was taken.
  boolean send() throws IOException {
    return send(Samples.spans(1).toArray());
  }

  boolean send(byte[] request) throws IOException {
    stream += 2;
    var head = head(family, "content-type", type);
    frames.frame(Frames.HEADERS, Frames.END_HEADERS, stream, head);
    frames.upload(stream, true, body(family, request));
    var headers = frames.answer(stream).headers();
    return family == Loop.Family.GRPC
        ? "0".equals(headers.get("grpc-status"))
        : "200".equals(headers.get(":status"));
  }

  /// The headers of a request.
  static void open(Frames frames, Loop.Family family, int stream) throws IOException {
    frames.frame(Frames.HEADERS, Frames.END_HEADERS, stream, head(family));
  }

  static byte[] head(Loop.Family family, String... others) throws IOException {
    if (family == Loop.Family.GRPC) {
      return Frames.block(others);
    }
    var fields = new String[others.length + 4];
    System.arraycopy(
        new String[] {":path", "/v1/traces", "content-type", "application/x-protobuf"},
        0,
        fields,
        0,
        4);
    System.arraycopy(others, 0, fields, 4, others.length);
    return Frames.block(fields);
  }

  static byte[] body(Loop.Family family, byte... request) {
    return family == Loop.Family.GRPC ? message(0, request.length, request) : request;
  }

  /// A message as gRPC frames it, or not quite.
  static byte[] message(int flag, int length, byte... content) {
    return ByteBuffer.allocate(5 + content.length)
        .put((byte) flag)
        .putInt(length)
        .put(content)
        .array();
  }

  @Override
  public void close() throws IOException {
    frames.close();
  }
}

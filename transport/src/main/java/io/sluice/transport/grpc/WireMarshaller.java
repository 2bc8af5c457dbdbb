package io.sluice.transport.grpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.sluice.wire.ArrayPool;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Takes and gives messages as bytes, with one copy between the socket's buffers and our array.
///
/// grpc hands over an uncompressed message as a stream of known length and wraps what a decompressor
/// made in one that counts; that is how the two are told apart here. As our decompressors
/// ([WireCompression]) change nothing, the stream of a compressed message yields the bytes as sent.
final class WireMarshaller implements MethodDescriptor.Marshaller<GrpcMessage> {
  private final ArrayPool arrays;

  WireMarshaller(ArrayPool arrays) {
    this.arrays = arrays;
  }

  @Override
  public InputStream stream(GrpcMessage message) {
    return new RopeStream(message.content());
  }

  @Override
  public GrpcMessage parse(InputStream in) {
    boolean compressed = !(in instanceof KnownLength);
    try {
      int length = in.available();
      var array = arrays.take(length);
      int read = in.readNBytes(array, 0, length);
      if (read != length || in.read() >= 0) {
        throw Status.INTERNAL.withDescription("message of unexpected length").asRuntimeException();
      }
      return new GrpcMessage(Rope.of(Bytes.wrap(array, 0, length)), compressed);
    } catch (IOException e) {
      throw Status.INTERNAL.withCause(e).asRuntimeException();
    }
  }

  /// A rope that grpc drains straight into its write buffers.
  private static final class RopeStream extends InputStream implements KnownLength, Drainable {
    private final Rope rope;
    private int part;
    private int at;
    private int left;

    RopeStream(Rope rope) {
      this.rope = rope;
      this.left = rope.length();
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      if (left == rope.length()) {
        rope.writeTo(target);
        left = 0;
        part = rope.parts().size();
        return rope.length();
      }
      return Math.toIntExact(transferTo(target));
    }

    @Override
    public int read() {
      while (part < rope.parts().size()) {
        var bytes = rope.parts().get(part);
        if (at < bytes.length()) {
          left--;
          return bytes.at(at++) & 0xff;
        }
        part++;
        at = 0;
      }
      return -1;
    }

    @Override
    public int read(byte[] target, int from, int length) {
      int count = 0;
      while (count < length && part < rope.parts().size()) {
        var bytes = rope.parts().get(part);
        int step = Math.min(length - count, bytes.length() - at);
        System.arraycopy(bytes.sharedArray(), bytes.offset() + at, target, from + count, step);
        count += step;
        at += step;
        if (at == bytes.length()) {
          part++;
          at = 0;
        }
      }
      left -= count;
      return count == 0 && length > 0 ? -1 : count;
    }

    @Override
    public int available() {
      return left;
    }
  }
}

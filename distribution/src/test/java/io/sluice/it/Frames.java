package io.sluice.it;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// An HTTP/2 connection that writes whatever it is told to, frame by frame.
final class Frames implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;
  private static final int FRAME_BYTES_MAX = 16 << 10;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int ACK = 1;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int PRIORITY = 0x20;
  private static final int PRIORITY_BYTES = 5;

  private final Socket socket;
  private final OutputStream out;
  private final DataInputStream in;
  private final DefaultHttp2HeadersDecoder headers = new DefaultHttp2HeadersDecoder();

  /// How a stream ended: by its end, a reset, or with the connection.
  record Answer(Map<String, String> headers, boolean reset, boolean lost) {}

  Frames(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) Duration.ofSeconds(PATIENCE_SECONDS).toMillis());
    out = socket.getOutputStream();
    in = new DataInputStream(socket.getInputStream());
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0);
  }

  /// The headers of a call as gRPC wants them, other values for some of them, and others besides.
  void call(int stream, boolean last, String... others) throws IOException {
    var fields = new LinkedHashMap<String, String>();
    fields.put(":method", "POST");
    fields.put(":scheme", "http");
    fields.put(":path", "/opentelemetry.proto.collector.trace.v1.TraceService/Export");
    fields.put(":authority", "localhost");
    fields.put("content-type", "application/grpc");
    fields.put("te", "trailers");
    for (int i = 0; i < others.length; i += 2) {
      fields.put(others[i], others[i + 1]);
    }
    var block = new ByteArrayOutputStream();
    for (var field : fields.entrySet()) {
      if (!field.getValue().isEmpty()) {
        block.write(0); // literal, not indexed, new name
        text(block, field.getKey());
        text(block, field.getValue());
      }
    }
    frame(HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, block.toByteArray());
  }

  private static void text(ByteArrayOutputStream block, String text) throws IOException {
    if (text.length() > 126) {
      throw new IOException("too long for one byte of length");
    }
    block.write(text.length());
    block.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void data(int stream, boolean last, byte... data) throws IOException {
    int at = 0;
    for (; data.length - at > FRAME_BYTES_MAX; at += FRAME_BYTES_MAX) {
      frame(DATA, 0, stream, Arrays.copyOfRange(data, at, at + FRAME_BYTES_MAX));
    }
    frame(DATA, last ? END_STREAM : 0, stream, Arrays.copyOfRange(data, at, data.length));
  }

  private void frame(int type, int flags, int stream, byte... payload) throws IOException {
    var frame = new ByteArrayOutputStream();
    int size = payload.length;
    for (int part :
        new int[] {
          size >> 16, size >> 8, size, type, flags, stream >> 24, stream >> 16, stream >> 8, stream
        }) {
      frame.write(part);
    }
    frame.write(payload);
    out.write(frame.toByteArray());
    out.flush();
  }

  /// Waits for the end of a stream.
  Answer answer(int stream) throws IOException {
    var fields = new HashMap<String, String>();
    try {
      while (true) {
        int size = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int of = in.readInt();
        var payload = in.readNBytes(size);
        if (type == SETTINGS && (flags & ACK) == 0) {
          frame(SETTINGS, ACK, 0);
        } else if (type == PING && (flags & ACK) == 0) {
          frame(PING, ACK, 0, payload);
        } else if (type == GOAWAY && lastStream(payload) < stream) {
          return new Answer(fields, false, true);
        } else if (type == HEADERS) {
          int skipped = (flags & PRIORITY) != 0 ? PRIORITY_BYTES : 0;
          var block = Arrays.copyOfRange(payload, skipped, size);
          decode(of, block, of == stream ? fields : new HashMap<>());
        }
        if (of == stream && type == RST_STREAM) {
          return new Answer(fields, true, false);
        }
        if (of == stream && (type == HEADERS || type == DATA) && (flags & END_STREAM) != 0) {
          return new Answer(fields, false, false);
        }
      }
    } catch (EOFException | SocketException _) {
      return new Answer(fields, false, true);
    }
  }

  /// Streams up to this one may still finish.
  private static int lastStream(byte... goAway) {
    return ByteBuffer.wrap(goAway).getInt();
  }

  private void decode(int stream, byte[] block, Map<String, String> fields) throws IOException {
    try {
      headers
          .decodeHeaders(stream, Unpooled.wrappedBuffer(block))
          .forEach(field -> fields.put(field.getKey().toString(), field.getValue().toString()));
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

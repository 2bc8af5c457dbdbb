package io.sluice.transport.hostile;

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
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;

/// An HTTP/2 connection that writes whatever it is told to, frame by frame.
public final class Frames implements AutoCloseable {
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final int FRAME_BYTES_MAX = 16 << 10;

  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;
  public static final int ACK = 1;
  public static final int END_STREAM = 1;
  public static final int END_HEADERS = 4;
  public static final int INITIAL_WINDOW_SIZE = 4;
  private static final int WINDOW_BYTES = 65_535;
  private static final byte[] SIGN = {'a', 'l', 'i', 'v', 'e', '?', 0, 0};
  private static final int PRIORITY = 0x20;
  private static final int PRIORITY_BYTES = 5;

  private final Socket socket;
  private final OutputStream out;
  private final DataInputStream in;
  private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder();
  private final Map<Integer, Map<String, String>> headers = new HashMap<>();
  private final Map<Integer, Queue<Answer>> ends = new HashMap<>();

  /// What was sent less what was allowed besides, by stream; 0 is the connection.
  private final Map<Integer, Long> windows = new HashMap<>();

  private long windowFirst = WINDOW_BYTES;
  private boolean answeredPing;
  private boolean lost;

  /// Streams up to this one may still finish.
  private int takenMax = Integer.MAX_VALUE;

  /// How a stream ended: by its end, a reset, or with the connection.
  public record Answer(Map<String, String> headers, boolean reset, boolean lost) {}

  public Frames(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port), PATIENCE);
  }

  /// @param patience with a server that says nothing
  public Frames(Socket connected, Duration patience) throws IOException {
    socket = connected;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) patience.toMillis());
    out = socket.getOutputStream();
    in = new DataInputStream(socket.getInputStream());
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0);
  }

  /// The headers of a call as gRPC wants them, other values for some of them, and others besides.
  public void call(int stream, boolean last, String... others) throws IOException {
    frame(HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, block(others));
  }

  public static byte[] block(String... others) throws IOException {
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
        block.write(header(field.getKey(), field.getValue()));
      }
    }
    return block.toByteArray();
  }

  /// Literal, not indexed, new name.
  public static byte[] header(String name, String value) throws IOException {
    var block = new ByteArrayOutputStream();
    block.write(0);
    text(block, name);
    text(block, value);
    return block.toByteArray();
  }

  private static void text(ByteArrayOutputStream block, String text) throws IOException {
    if (text.length() > 126) {
      throw new IOException("too long for one byte of length");
    }
    block.write(text.length());
    block.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public void data(int stream, boolean last, byte... data) throws IOException {
    int at = 0;
    for (; data.length - at > FRAME_BYTES_MAX; at += FRAME_BYTES_MAX) {
      frame(DATA, 0, stream, Arrays.copyOfRange(data, at, at + FRAME_BYTES_MAX));
    }
    frame(DATA, last ? END_STREAM : 0, stream, Arrays.copyOfRange(data, at, data.length));
  }

  public void frame(int type, int flags, int stream, byte... payload) throws IOException {
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

  /// Sends data as far as the server's windows let it, until it answers.
  public void upload(int stream, boolean last, byte... data) throws IOException {
    int at = 0;
    if (data.length == 0) {
      data(stream, last);
    }
    while (at < data.length && ends(stream).isEmpty() && !lost) {
      long window = Math.min(window(0), window(stream));
      int size = (int) Math.min(Math.min(FRAME_BYTES_MAX, window), data.length - at);
      if (size <= 0) {
        read();
        continue;
      }
      boolean end = last && at + size == data.length;
      frame(DATA, end ? END_STREAM : 0, stream, Arrays.copyOfRange(data, at, at + size));
      windows.merge(0, (long) -size, Long::sum);
      windows.merge(stream, (long) -size, Long::sum);
      at += size;
    }
  }

  private long window(int stream) {
    return windows.getOrDefault(stream, 0L) + (stream == 0 ? WINDOW_BYTES : windowFirst);
  }

  /// Whether the server still talks to us: it answers a ping, or has ended the connection.
  public boolean alive() throws IOException {
    try {
      frame(PING, 0, 0, SIGN);
    } catch (SocketException _) {
      return false;
    }
    answeredPing = false;
    while (!lost && !answeredPing) {
      read();
    }
    return !lost;
  }

  /// Waits for the end of a stream.
  public Answer answer(int stream) throws IOException {
    while (ends(stream).isEmpty() && !lost && stream <= takenMax) {
      read();
    }
    var end = ends(stream).poll();
    return end == null ? new Answer(fields(stream), false, true) : end;
  }

  private Map<String, String> fields(int stream) {
    return headers.computeIfAbsent(stream, _ -> new HashMap<>());
  }

  private Queue<Answer> ends(int stream) {
    return ends.computeIfAbsent(stream, _ -> new ArrayDeque<>());
  }

  /// Waits for a frame and does what it asks for.
  private void read() throws IOException {
    try {
      int size = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      took(type, flags, stream, in.readNBytes(size));
    } catch (EOFException | SocketException _) {
      lost = true;
    }
  }

  private void took(int type, int flags, int stream, byte... payload) throws IOException {
    switch (type) {
      case SETTINGS -> {
        if ((flags & ACK) == 0) {
          settings(ByteBuffer.wrap(payload));
          frame(SETTINGS, ACK, 0);
        }
      }
      case PING -> {
        if ((flags & ACK) == 0) {
          frame(PING, ACK, 0, payload);
        } else {
          answeredPing |= Arrays.equals(payload, SIGN);
        }
      }
      case WINDOW_UPDATE ->
          windows.merge(stream, (long) ByteBuffer.wrap(payload).getInt(), Long::sum);
      case GOAWAY -> {
        takenMax = ByteBuffer.wrap(payload).getInt();
        lost |= ByteBuffer.wrap(payload).getInt(4) != 0;
      }
      case HEADERS -> {
        int skipped = (flags & PRIORITY) != 0 ? PRIORITY_BYTES : 0;
        decode(stream, Arrays.copyOfRange(payload, skipped, payload.length), fields(stream));
      }
      case RST_STREAM -> ends(stream).add(new Answer(fields(stream), true, false));
      default -> {}
    }
    if ((type == HEADERS || type == DATA) && (flags & END_STREAM) != 0) {
      ends(stream).add(new Answer(fields(stream), false, false));
    }
  }

  private void settings(ByteBuffer settings) {
    while (settings.hasRemaining()) {
      int name = settings.getShort();
      int value = settings.getInt();
      if (name == INITIAL_WINDOW_SIZE) {
        windowFirst = value;
      }
    }
  }

  private void decode(int stream, byte[] block, Map<String, String> fields) throws IOException {
    try {
      hpack
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

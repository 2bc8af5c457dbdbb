package io.sluice.distribution;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireWriter;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A short life under load, for the JVM to learn from when the package is built (`-XX:AOTCacheOutput`):
/// classes get loaded, hot methods profiled, so that a gateway built with the cache starts fast and warm.
///
/// It sends to itself: OTLP/HTTP in, edited, batched, out by gRPC and by HTTP to a second receiver of the
/// same process. Loopback only, a fixed number of requests.
final class Training {
  private static final int REQUESTS = 1_500;
  private static final int SPANS = 100;
  private static final int CONNECTIONS = 4;

  private final int[] ports = freePorts();

  /// The configuration to start with.
  String yaml() {
    var yaml = Main.resource("training.yaml");
    for (int i = 0; i < ports.length; i++) {
      yaml = yaml.replace("PORT_" + i, Integer.toString(ports[i]));
    }
    return yaml;
  }

  /// To be called when it runs.
  void begin(GatewayProcess process) {
    Thread.ofPlatform().name("training").start(() -> load(ports[1], process));
  }

  private static void load(int port, GatewayProcess process) {
    try {
      var body = traces();
      for (int c = 0; c < CONNECTIONS; c++) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
          var in = new BufferedInputStream(socket.getInputStream());
          for (int i = 0; i < REQUESTS / CONNECTIONS; i++) {
            post(socket.getOutputStream(), in, body);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      process.stop();
    }
  }

  private static void post(OutputStream out, InputStream in, Bytes body) throws IOException {
    out.write(
        ("POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\n"
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    body.writeTo(out);
    out.flush();
    int length = 0;
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    in.skipNBytes(length);
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private static Bytes traces() {
    var out = new WireWriter(1 << 16);
    int resourceSpans = out.open(1);
    int resource = out.open(1);
    attribute(out, 1, "service.name", "training");
    out.close(resource);
    int scopeSpans = out.open(2);
    for (int i = 0; i < SPANS; i++) {
      int span = out.open(2);
      out.bytes(1, Bytes.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}));
      out.bytes(2, Bytes.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, (byte) i}));
      out.bytes(5, Bytes.utf8("GET /training/{id}"));
      out.varint(6, 2);
      out.fixed64(7, 1_700_000_000_000_000_000L);
      out.fixed64(8, 1_700_000_000_001_000_000L);
      for (int a = 0; a < 12; a++) {
        attribute(out, 9, "training.attribute." + a, "value of attribute " + a);
      }
      out.close(span);
    }
    out.close(scopeSpans);
    out.close(resourceSpans);
    return out.take();
  }

  private static void attribute(WireWriter out, int field, String key, String value) {
    int attribute = out.open(field);
    out.bytes(1, Bytes.utf8(key));
    int any = out.open(2);
    out.bytes(1, Bytes.utf8(value));
    out.close(any);
    out.close(attribute);
  }

  private static int[] freePorts() {
    var sockets = new ServerSocket[5];
    var ports = new int[sockets.length];
    try {
      for (int i = 0; i < sockets.length; i++) {
        sockets[i] = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ports[i] = sockets[i].getLocalPort();
      }
      for (var socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ports;
  }
}

package io.sluice.benchmarks;

import io.sluice.transport.codec.Codec;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// POSTs over plain HTTP/1.1 connections, a thread and one request at a time on each. Requests are made
/// whole beforehand, so that sending costs one write.
final class HttpLoad implements Load {
  private static final int ANSWER_MILLIS_MAX = 60_000;

  private final int port;
  private final int connections;
  private final List<byte[]> requests = new ArrayList<>();
  private final LongAdder failed = new LongAdder();
  private final AtomicInteger turn = new AtomicInteger();

  HttpLoad(
      int port,
      String path,
      String type,
      Optional<Codec> codec,
      List<byte[]> bodies,
      int connections) {
    this.port = port;
    this.connections = connections;
    var encoding = codec.map(c -> "Content-Encoding: " + c + "\r\n").orElse("");
    for (var body : bodies) {
      var head =
          String.format(
                  Locale.ROOT,
                  "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\n%sContent-Length: %d\r\n\r\n",
                  path,
                  type,
                  encoding,
                  body.length)
              .getBytes(StandardCharsets.US_ASCII);
      var request = new byte[head.length + body.length];
      System.arraycopy(head, 0, request, 0, head.length);
      System.arraycopy(body, 0, request, head.length, body.length);
      requests.add(request);
    }
  }

  @Override
  public void run(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < connections; i++) {
      threads.add(Thread.ofPlatform().daemon().name("http-load-" + i).start(() -> send(end)));
    }
    for (var thread : threads) {
      thread.join();
    }
  }

  private void send(long end) {
    while (System.nanoTime() - end < 0) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(ANSWER_MILLIS_MAX);
        var in = new BufferedInputStream(socket.getInputStream());
        while (System.nanoTime() - end < 0) {
          socket
              .getOutputStream()
              .write(requests.get(Math.floorMod(turn.getAndIncrement(), requests.size())));
          if (!ok(in)) {
            failed.increment();
          }
        }
      } catch (IOException _) {
        failed.increment();
      }
    }
  }

  /// Reads one answer.
  private static boolean ok(InputStream in) throws IOException {
    boolean ok = line(in).startsWith("HTTP/1.1 200");
    int length = 0;
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    in.skipNBytes(length);
    return ok;
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder(64);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("closed within an answer");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public long failures() {
    return failed.sumThenReset();
  }

  @Override
  public void close() {}
}

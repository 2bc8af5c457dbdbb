package io.sluice.benchmarks;

import io.sluice.data.Signal;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Encoder;
import io.sluice.transport.hostile.Deep;
import io.sluice.transport.hostile.Frames;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.sluice.wire.WireWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/// One attack for each thing that hostile senders try. What they send is made once.
final class Attacks {
  private static final int BOMB_BYTES = 64 << 20;
  private static final int MILLION = 1_000_000;
  private static final int MANY = 100_000;
  private static final int FRAMES = 1_000;
  private static final int CONNECTIONS = 200;
  private static final int PARTS = 100;
  private static final int SILENCE_MILLIS = 1_000;
  private static final int CONTENT_BYTES = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final String OTLP = "application/x-protobuf";
  private static final String JSON = "application/json";
  private static final byte[] SPANS =
      new Payloads(11).requests(Signal.TRACES, 1, 100).getFirst().toArray();

  private Attacks() {}

  static List<Attack> all() {
    var all = new ArrayList<Attack>();
    all.addAll(bodies());
    all.addAll(values());
    all.addAll(floods());
    all.addAll(connections());
    return List.copyOf(all);
  }

  private static List<Attack> bodies() {
    byte[] snappy = {-1, -1, -1, -1, 15, 0, 0, 0};
    return List.of(
        request("h1", "gzip bombs of 64 MiB", "gzip", bomb(Codec.GZIP)),
        request("h2", "zstd bombs of 64 MiB", "zstd", bomb(Codec.ZSTD)),
        request("h3", "snappy that says 4 GiB", "snappy", snappy),
        request("h4", "lz4 bombs of 64 MiB", "lz4", bomb(Codec.LZ4)),
        request("h5", "encodings nobody knows", "br", SPANS),
        new Attack(
            "h6",
            "lengths that lie",
            peer -> call(peer, "", message(0, Integer.MAX_VALUE, new byte[CONTENT_BYTES])),
            peer -> send(peer.httpPort(), head(OTLP, "", MILLION))));
  }

  private static List<Attack> values() {
    var utf8 = Arrays.copyOf(SPANS, SPANS.length);
    for (int i = 0; i < utf8.length; i++) {
      utf8[i] = utf8[i] == 'e' ? (byte) 0xff : utf8[i];
    }
    return List.of(
        request("h7", "values a million deep", "", Deep.lists(MILLION)),
        request("h8", "groups a million deep", "", filled(MILLION, (byte) 11)),
        request("h9", "a million empty messages", "", emptyMessages()),
        request("h10", "text that is not UTF-8", "", utf8),
        request("h11", "ids of 15 bytes", "", shortIds()),
        json("h12", "a number of a million digits", number(), "ids of no bytes", new byte[0]),
        json("h13", "JSON a million deep", deepJson(), "JSON by gRPC", deepJson()),
        request("h14", "a hundred thousand attributes", "", attributes()),
        metrics("h15", "histograms with 800,000 buckets", histogram()));
  }

  private static List<Attack> floods() {
    var part = new byte[FRAMES];
    byte[] cancel = {0, 0, 0, 8};
    return List.of(
        Attack.of("h16", "paths nobody has", Attacks::oddPaths),
        flood(
            "h17-reset",
            "calls reset at once",
            (frames, i) -> {
              frames.call(2 * i + 1, false);
              frames.frame(Frames.RST_STREAM, 0, 2 * i + 1, cancel);
            }),
        flood(
            "h17-continuation",
            "headers without an end",
            (frames, i) -> {
              if (i == 0) {
                frames.frame(Frames.HEADERS, 0, 1, Frames.block());
              }
              frames.frame(Frames.CONTINUATION, 0, 1, part);
            }),
        flood("h17-ping", "pings", (frames, _) -> frames.frame(Frames.PING, 0, 0, new byte[8])),
        flood("h17-settings", "settings", (frames, _) -> frames.frame(Frames.SETTINGS, 0, 0)),
        flood(
            "h17-data",
            "data without data",
            (frames, i) -> {
              if (i == 0) {
                frames.call(1, false);
              }
              frames.frame(Frames.DATA, 0, 1);
            }));
  }

  private static List<Attack> connections() {
    var post = ascii("POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: " + OTLP + "\r\n");
    var two = join(post, ascii("Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"));
    byte[] hello = {22, 3, 1, 2, 0, 1, 0, 1, -4, 3, 3};
    return List.of(
        new Attack(
            "h18-silent",
            "connections that stop amid a request",
            peer -> silent(peer.grpcPort(), CONNECTIONS, preface()),
            peer ->
                silent(peer.httpPort(), CONNECTIONS, join(head(OTLP, "", MILLION), new byte[5]))),
        new Attack(
            "h18-parts",
            "a hundred times up to 1 MiB of a message that never ends, whatever the windows",
            peer -> silent(peer.grpcPort(), PARTS, partOfCall()),
            peer ->
                silent(
                    peer.httpPort(), PARTS, join(head(OTLP, "", 4 * MILLION), new byte[MILLION]))),
        new Attack(
            "h18-unread",
            "requests whose answers are never read",
            Attacks::unreadCalls,
            Attacks::unreadPosts),
        new Attack(
            "h18-slow",
            "requests by the byte",
            peer -> drip(peer.grpcPort(), preface()),
            peer -> drip(peer.httpPort(), head(OTLP, "", MILLION))),
        Attack.of(
            "h19",
            "two lengths",
            peer -> {
              send(peer.grpcPort(), two);
              send(peer.httpPort(), two);
            }),
        new Attack(
            "h20",
            "TLS that stops after its hello, and TLS where none is spoken",
            peer -> silent(peer.morePort(), CONNECTIONS, hello),
            peer -> send(peer.grpcPort(), hello)));
  }

  private static Attack request(String row, String title, String encoding, byte[] body) {
    int flag = encoding.isEmpty() ? 0 : 1;
    var post = join(head(OTLP, encoding, body.length), body);
    return new Attack(
        row,
        title,
        peer -> call(peer, encoding, message(flag, body.length, body)),
        peer -> send(peer.httpPort(), post));
  }

  private static Attack json(String row, String title, byte[] json, String besides, byte[] grpc) {
    return new Attack(
        row,
        title + "; by gRPC " + besides,
        peer -> call(peer, "", message(0, grpc.length, grpc)),
        peer -> send(peer.httpPort(), join(head(JSON, "", json.length), json)));
  }

  private static Attack metrics(String row, String title, byte[] body) {
    var path = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
    var head = new String(head(OTLP, "", body.length), StandardCharsets.US_ASCII);
    var post = join(ascii(head.replace("/v1/traces", "/v1/metrics")), body);
    return new Attack(
        row,
        title,
        peer -> ask(peer.grpcPort(), message(0, body.length, body), ":path", path),
        peer -> send(peer.httpPort(), post));
  }

  @FunctionalInterface
  private interface Wave {
    void write(Frames frames, int number) throws IOException;
  }

  private static Attack flood(String row, String title, Wave wave) {
    return new Attack(
        row,
        title + ", a thousand a time",
        peer -> flood(peer.grpcPort(), wave),
        peer -> flood(peer.httpPort(), wave));
  }

  private static void flood(int port, Wave wave) throws IOException {
    try (var frames = frames(port)) {
      for (int i = 0; i < FRAMES; i++) {
        wave.write(frames, i);
      }
      frames.alive();
    }
  }

  private static Frames frames(int port) throws IOException {
    return new Frames(new Socket(InetAddress.getLoopbackAddress(), port), PATIENCE);
  }

  private static void call(Peer peer, String encoding, byte[] message) throws IOException {
    ask(peer.grpcPort(), message, "grpc-encoding", encoding);
  }

  private static void ask(int port, byte[] message, String... headers) throws IOException {
    try (var frames = frames(port)) {
      frames.call(1, false, headers);
      frames.upload(1, true, message);
      frames.answer(1);
    }
  }

  private static void oddPaths(Peer peer) throws IOException {
    ask(peer.grpcPort(), new byte[0], ":path", "/a.b.C/D");
    send(peer.httpPort(), ascii("TRACE /../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n"));
  }

  /// Whatever the answer is.
  private static void send(int port, byte[] request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(request);
      socket.shutdownOutput();
      socket.getInputStream().readNBytes(CONTENT_BYTES);
    }
  }

  /// As much of it as each takes at once: who does not read must not hold us up.
  private static void silent(int port, int connections, byte[] start)
      throws IOException, InterruptedException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    var open = new ArrayList<SocketChannel>();
    try {
      for (int i = 0; i < connections; i++) {
        var channel = SocketChannel.open(address);
        open.add(channel);
        channel.configureBlocking(false);
        channel.write(ByteBuffer.wrap(start));
      }
      Thread.sleep(SILENCE_MILLIS);
    } finally {
      for (var channel : open) {
        channel.close();
      }
    }
  }

  private static void drip(int port, byte[] request) throws IOException, InterruptedException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      for (byte next : request) {
        socket.getOutputStream().write(next);
        Thread.sleep(1);
      }
    }
  }

  /// The peer allows no byte of an answer.
  private static void unreadCalls(Peer peer) throws IOException {
    try (var frames = frames(peer.grpcPort())) {
      frames.frame(Frames.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0});
      for (int i = 0; i < 50; i++) {
        frames.call(2 * i + 1, false);
        frames.data(2 * i + 1, true, message(0, 0));
      }
      frames.alive();
    }
  }

  private static void unreadPosts(Peer peer) throws IOException {
    var post = join(head(OTLP, "", 0), new byte[0]);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), peer.httpPort())) {
      for (int i = 0; i < FRAMES; i++) {
        socket.getOutputStream().write(post);
      }
    }
  }

  /// A call and what would be a part of its message; a server whose windows are smaller may end it.
  private static byte[] partOfCall() throws IOException {
    var out = new ByteArrayOutputStream();
    out.writeBytes(preface());
    frame(out, Frames.HEADERS, Frames.END_HEADERS, Frames.block());
    frame(out, Frames.DATA, 0, message(0, 4 * MILLION));
    for (int i = 0; i < 60; i++) {
      frame(out, Frames.DATA, 0, new byte[16 << 10]);
    }
    return out.toByteArray();
  }

  private static void frame(ByteArrayOutputStream out, int type, int flags, byte... payload) {
    int size = payload.length;
    for (int part : new int[] {size >> 16, size >> 8, size, type, flags, 0, 0, 0, 1}) {
      out.write(part);
    }
    out.writeBytes(payload);
  }

  private static byte[] preface() {
    return join(
        ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 1});
  }

  private static byte[] head(String type, String encoding, int length) {
    return ascii(
        "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
            + type
            + (encoding.isEmpty() ? "" : "\r\nContent-Encoding: " + encoding)
            + "\r\nContent-Length: "
            + length
            + "\r\n\r\n");
  }

  private static byte[] message(int flag, int length, byte... content) {
    return ByteBuffer.allocate(5 + content.length)
        .put((byte) flag)
        .putInt(length)
        .put(content)
        .array();
  }

  private static byte[] bomb(Codec codec) {
    try (var encoder = Encoder.of(codec, OptionalInt.empty())) {
      return encoder.encode(Rope.of(Bytes.wrap(new byte[BOMB_BYTES]))).toArray();
    }
  }

  private static byte[] filled(int size, byte with) {
    var bytes = new byte[size];
    Arrays.fill(bytes, with);
    return bytes;
  }

  private static byte[] emptyMessages() {
    var bytes = new byte[2 * MILLION];
    for (int i = 0; i < bytes.length; i += 2) {
      bytes[i] = 10;
    }
    return bytes;
  }

  private static byte[] shortIds() {
    var span = new WireWriter().bytes(1, Bytes.wrap(new byte[15])).take();
    return request(span);
  }

  private static byte[] request(Bytes record) {
    var scope = new WireWriter(record.length() + 16).bytes(2, record).take();
    var resource = new WireWriter(scope.length() + 16).bytes(2, scope).take();
    return new WireWriter(resource.length() + 16).bytes(1, resource).take().toArray();
  }

  private static byte[] attributes() {
    var span = new WireWriter(MANY * 24);
    for (int i = 0; i < MANY; i++) {
      int attribute = span.open(9);
      span.bytes(1, Bytes.utf8("k" + i));
      int value = span.open(2);
      span.bytes(1, Bytes.utf8("v"));
      span.close(value);
      span.close(attribute);
    }
    return request(span.take());
  }

  private static byte[] histogram() {
    var point = new WireWriter(8 * MANY * 8 + 64);
    point.fixed64(3, 1).header(6, 8 * MANY * 8);
    for (int i = 0; i < 8 * MANY; i++) {
      point.raw(new byte[8], 0, 8);
    }
    var points = new WireWriter(8 * MANY * 8 + 64).bytes(1, point.take()).take();
    return request(new WireWriter(8 * MANY * 8 + 64).bytes(9, points).take());
  }

  private static byte[] number() {
    return ascii(
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"attributes\":[{\"key\":\"a\",\"value\":"
            + "{\"doubleValue\":1"
            + "0".repeat(MILLION)
            + "}}]}]}]}]}");
  }

  private static byte[] deepJson() {
    return ascii(
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"attributes\":[{\"key\":\"a\",\"value\":"
            + "{\"arrayValue\":{\"values\":[".repeat(MILLION / 4));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] join(byte[] first, byte[] second) {
    var both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}

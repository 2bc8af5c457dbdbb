package io.sluice.benchmarks;

import io.sluice.data.Signal;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Encoder;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/// How long a client that behaves waits for its answers while another one does not: the 99th percentile
/// of twenty requests a second of a hundred spans each.
///
/// An attacker is two threads that do one bad thing as fast as they can; on two cores that alone costs
/// the neighbour something, so the Collector stands beside.
record Neighbours() implements Figure {
  private static final int ITEMS = 100;
  private static final int REQUESTS_PER_SECOND = 20;
  private static final int SECONDS = 10;
  private static final int SECONDS_QUICK = 3;
  private static final int THREADS = 2;
  private static final int BOMB_BYTES = 64 << 20;
  private static final int NESTING = 100_000;
  private static final int SILENT_CONNECTIONS = 400;
  private static final int READ_MILLIS_MAX = 5_000;

  @Override
  public String name() {
    return "neighbours";
  }

  @Override
  public boolean quick() {
    return false;
  }

  /// Does one bad thing once.
  private record Attack(String name, String title, IntConsumer once) {}

  @Override
  public List<Result> measure(Lab lab) throws IOException, InterruptedException {
    var bomb = post("gzip", gzip(new byte[BOMB_BYTES]));
    var deep = post("", "[".repeat(NESTING).getBytes(StandardCharsets.US_ASCII));
    var preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    var attacks =
        List.of(
            new Attack("p99-quiet", "nobody", _ -> pause()),
            new Attack("p99-bombs", "gzip bombs of 64 MiB", port -> send(port, bomb)),
            new Attack("p99-deep", "JSON nested 100,000 deep", port -> send(port, deep)),
            new Attack(
                "p99-connects", "connections opened and dropped", port -> send(port, preface)),
            new Attack("p99-silent", "400 connections that stop mid-request", Neighbours::silent));
    var results = new ArrayList<Result>();
    for (var attack : attacks) {
      results.add(result(attack, lab));
    }
    return results;
  }

  private static Result result(Attack attack, Lab lab) throws IOException, InterruptedException {
    return new Result(
        attack.name,
        "a neighbour's p99, attacked by: " + attack.title,
        "ms",
        List.of(row("sluice", attack, lab), row("collector", attack, lab)),
        Optional.empty(),
        List.of());
  }

  private static Result.Row row(String who, Attack attack, Lab lab)
      throws IOException, InterruptedException {
    var program = who.equals("collector") ? lab.collector() : lab.sluice();
    var payloads = new Payloads(7).requests(Signal.TRACES, 100, ITEMS);
    var yaml = Lab.yaml("pass.yaml").replace("SIGNAL", "traces");
    var over = new AtomicBoolean();
    var attackers = new ArrayList<Thread>();
    try (var sink = new Sink();
        var peer =
            Peer.start(attack.name + "-" + who, program, yaml, sink, Map.of(), lab.folder());
        var load = new GrpcLoad(peer.grpcPort(), Signal.TRACES, payloads, Optional.empty(), 1, 1)) {
      load.run(lab.warmUpMillis() / 2);
      for (int i = 0; i < THREADS; i++) {
        attackers.add(
            Thread.ofPlatform()
                .daemon()
                .start(() -> {
                  while (!over.get()) {
                    attack.once.accept(peer.httpPort());
                  }
                }));
      }
      var tally = load.offer(REQUESTS_PER_SECOND, lab.quick() ? SECONDS_QUICK : SECONDS, () -> {});
      over.set(true);
      for (var attacker : attackers) {
        attacker.join();
      }
      if (tally.taken() < (long) REQUESTS_PER_SECOND * (lab.quick() ? SECONDS_QUICK : SECONDS)) {
        lab.out().printf(Locale.ROOT, "%s: only %d requests were taken%n", who, tally.taken());
      }
      return new Result.Row(
          who,
          new Series(
              List.of(
                  tally.millis().quantile(0.5),
                  tally.millis().quantile(0.99),
                  tally.millis().quantile(1))),
          0,
          peer.rssMib(),
          peer.peakRssMib());
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] gzip(byte[] content) {
    try (var encoder = Encoder.of(Codec.GZIP, OptionalInt.empty())) {
      return encoder.encode(Rope.of(Bytes.wrap(content))).toArray();
    }
  }

  private static byte[] post(String encoding, byte[] body) {
    var head =
        "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
            + (encoding.isEmpty() ? "application/json" : "application/x-protobuf")
            + (encoding.isEmpty() ? "" : "\r\nContent-Encoding: " + encoding)
            + "\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    var bytes = new byte[head.length() + body.length];
    System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, head.length());
    System.arraycopy(body, 0, bytes, head.length(), body.length);
    return bytes;
  }

  /// Whatever the answer is.
  private static void send(int port, byte[] request) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(READ_MILLIS_MAX);
      socket.getOutputStream().write(request);
      socket.shutdownOutput();
      socket.getInputStream().readNBytes(12);
    } catch (IOException _) {
      // It may well end such a connection.
    }
  }

  /// Each holds a request that never ends, for a while.
  private static void silent(int port) {
    var sockets = new ArrayList<Socket>();
    try {
      for (int i = 0; i < SILENT_CONNECTIONS / THREADS; i++) {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(socket);
        socket
            .getOutputStream()
            .write(
                ("POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
                        + " application/x-protobuf\r\nContent-Length: 1000000\r\n\r\n12345")
                    .getBytes(StandardCharsets.US_ASCII));
      }
      Thread.sleep(1_000);
    } catch (IOException _) {
      // Refused: as it should be, at some point.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      for (var socket : sockets) {
        try {
          socket.close();
        } catch (IOException _) {
          // Gone already.
        }
      }
    }
  }
}

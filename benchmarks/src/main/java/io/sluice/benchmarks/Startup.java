package io.sluice.benchmarks;

import io.sluice.data.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// F10: how long from the start of the process to the first accepted request, what it has burnt by
/// then, and what it takes when nothing comes.
record Startup() implements Figure {
  private static final int STARTS = 7;
  private static final int STARTS_QUICK = 3;
  private static final long IDLE_MILLIS = 20_000;
  private static final long IDLE_MILLIS_QUICK = 2_000;
  private static final int IDLE_LOOKS = 3;
  private static final long SETTLE_MILLIS = 3_000;
  private static final long START_MILLIS_MAX = 30_000;
  private static final double START_MILLIS_ASKED = 350;
  private static final double CPU_SECONDS_ASKED = 0.8;
  private static final double RSS_MIB_ASKED = 90;
  private static final double IDLE_PERCENT_ASKED = 0.3;

  @Override
  public String name() {
    return "f10";
  }

  @Override
  public boolean quick() {
    return true;
  }

  private record Found(
      List<Double> millis, List<Double> cpu, List<Double> rssMib, List<Double> idlePercent) {
    Found() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  @Override
  public List<Result> measure(Lab lab) throws IOException, InterruptedException {
    var ours = new Found();
    var theirs = new Found();
    try (var sink = new Sink()) {
      for (int i = 0; i < (lab.quick() ? STARTS_QUICK : STARTS); i++) {
        boolean last = i == (lab.quick() ? STARTS_QUICK : STARTS) - 1;
        once("sluice", lab, sink, ours, last);
        once("collector", lab, sink, theirs, last);
      }
    }
    return List.of(
        result(
            "f10-start",
            "start to first accepted request",
            "ms",
            ours.millis,
            theirs.millis,
            START_MILLIS_ASKED),
        result("f10-cpu", "CPU burnt by then", "s", ours.cpu, theirs.cpu, CPU_SECONDS_ASKED),
        result(
            "f10-rss", "memory when idle (RSS)", "MiB", ours.rssMib, theirs.rssMib, RSS_MIB_ASKED),
        result(
            "f10-idle",
            "CPU when idle",
            "% of a core",
            ours.idlePercent,
            theirs.idlePercent,
            IDLE_PERCENT_ASKED));
  }

  private static Result result(
      String name,
      String title,
      String unit,
      List<Double> ours,
      List<Double> theirs,
      double asked) {
    return Result.of(
        name,
        title,
        unit,
        ours,
        theirs,
        Result.atMost(asked, new Series(ours).median()),
        List.of());
  }

  private static void once(String who, Lab lab, Sink sink, Found found, boolean idle)
      throws IOException, InterruptedException {
    var program = who.equals("collector") ? lab.collector() : lab.sluice();
    var yaml = Lab.yaml("pass.yaml").replace("SIGNAL", "traces");
    var request = request();
    long start = System.nanoTime();
    try (var peer = Peer.launch("f10-" + who, program, yaml, sink, Map.of(), lab.folder())) {
      while (!accepted(peer.httpPort(), request)) {
        if (System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(START_MILLIS_MAX)) {
          throw new IOException(who + " did not start:\n" + peer.log());
        }
        Thread.sleep(2);
      }
      found.millis.add((System.nanoTime() - start) / 1e6);
      found.cpu.add(peer.cpuSeconds());
      if (idle) {
        Thread.sleep(SETTLE_MILLIS);
        long millis = lab.quick() ? IDLE_MILLIS_QUICK : IDLE_MILLIS;
        for (int i = 0; i < IDLE_LOOKS; i++) {
          double cpu = peer.cpuSeconds();
          Thread.sleep(millis);
          found.idlePercent.add((peer.cpuSeconds() - cpu) / (millis / 1e3) * 100);
          found.rssMib.add((double) peer.rssMib());
        }
      }
    }
  }

  private static byte[] request() {
    var body = new Payloads(1).requests(Signal.TRACES, 1, 1).getFirst();
    var head =
        ("POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/x-protobuf\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    var request = new byte[head.length + body.length()];
    System.arraycopy(head, 0, request, 0, head.length);
    body.copyTo(request, head.length);
    return request;
  }

  private static boolean accepted(int port, byte[] request) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request);
      var status = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      return status.equals("HTTP/1.1 200");
    } catch (IOException _) {
      return false;
    }
  }
}

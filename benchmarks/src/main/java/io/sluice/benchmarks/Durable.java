package io.sluice.benchmarks;

import io.sluice.data.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// F8: a queue on disk, each answer after an fsync. First nobody listens where it sends, so that what
/// comes in stays; then the gateway starts anew and sends all of it to a sink that keeps up.
///
/// Beside both, in the same run, stands what the disk does for one who writes and forces pieces of the same
/// size.
record Durable() implements Figure {
  private static final int LARGE_ITEMS = 750;
  private static final int SMALL_ITEMS = 22;
  private static final int LARGE_CONNECTIONS = 4;
  private static final int SMALL_CONNECTIONS = 8;
  private static final long LARGE_MILLIS = 10_000;
  private static final long SMALL_MILLIS = 6_000;
  private static final long RAW_MILLIS = 3_000;
  private static final long WARM_UP_MILLIS = 4_000;
  private static final long DRAIN_SECONDS_MAX = 180;
  private static final double OF_DISK_ASKED = 0.8;
  private static final double CPU_SECONDS_ASKED = 1.5;
  private static final double DRAIN_ASKED = 6;
  private static final double SYNCS_ASKED = 3;
  private static final double REQUESTS_ASKED = 3;

  @Override
  public String name() {
    return "f8";
  }

  @Override
  public boolean quick() {
    return false;
  }

  /// @param cpuPerGb seconds
  private record Way(double mbPerSecond, double cpuPerGb, double peakRssMib) {}

  private record Small(double requestsPerSecond, Series millis) {}

  private record Found(Way in, Way out, long lost, Small small) {}

  @Override
  public List<Result> measure(Lab lab) throws IOException, InterruptedException {
    int largeBytes = bytes(LARGE_ITEMS);
    int smallBytes = bytes(SMALL_ITEMS);
    var rawLarge = Disk.written(lab.folder(), largeBytes, RAW_MILLIS);
    var ours = one("sluice", lab);
    var rawSmall = Disk.written(lab.folder(), smallBytes, RAW_MILLIS);
    var theirs = one("collector", lab);
    var rawAgain = Disk.written(lab.folder(), largeBytes, RAW_MILLIS);
    double disk =
        (rawLarge.bytesPerSecond(largeBytes) + rawAgain.bytesPerSecond(largeBytes)) / 2 / 1e6;
    double sync = rawSmall.millis().median();
    var note =
        String.format(
            Locale.ROOT,
            "the disk itself: %.0f MB/s in pieces of %d kB (%.0f before, %.0f after), %.2f ms for %d kB; lost: %d and %d requests",
            disk,
            largeBytes / 1000,
            rawLarge.bytesPerSecond(largeBytes) / 1e6,
            rawAgain.bytesPerSecond(largeBytes) / 1e6,
            sync,
            smallBytes / 1000,
            ours.lost,
            theirs.lost);
    double oursOfDisk = ours.in.mbPerSecond / disk;
    return List.of(
        more(
            "f8-in",
            "into the disk queue, 600 kB requests",
            "MB/s",
            ours.in.mbPerSecond,
            theirs.in.mbPerSecond,
            target(">= 80 % of the disk alone", oursOfDisk >= OF_DISK_ASKED),
            List.of(
                note,
                String.format(Locale.ROOT, "that is %.0f %% of the disk alone", oursOfDisk * 100))),
        Result.of(
            "f8-in-cpu",
            "CPU for that",
            "s/GB",
            ours.in.cpuPerGb,
            theirs.in.cpuPerGb,
            Result.atMost(CPU_SECONDS_ASKED, ours.in.cpuPerGb),
            List.of()),
        more(
            "f8-out",
            "cold drain of that backlog",
            "MB/s",
            ours.out.mbPerSecond,
            theirs.out.mbPerSecond,
            target("ratio >= 6", ours.out.mbPerSecond >= DRAIN_ASKED * theirs.out.mbPerSecond),
            List.of()),
        Result.of(
            "f8-out-cpu",
            "CPU for that",
            "s/GB",
            ours.out.cpuPerGb,
            theirs.out.cpuPerGb,
            Result.atMost(CPU_SECONDS_ASKED, ours.out.cpuPerGb),
            List.of()),
        Result.of(
            "f8-out-rss",
            "memory at most while draining (RSS)",
            "MiB",
            ours.out.peakRssMib,
            theirs.out.peakRssMib,
            Optional.empty(),
            List.of()),
        Result.of(
            "f8-ack",
            "8 connections, 18 kB requests: median of the answers",
            "ms",
            ours.small.millis.median(),
            theirs.small.millis.median(),
            target("<= 3 x the disk's own", ours.small.millis.median() <= SYNCS_ASKED * sync),
            List.of(String.format(Locale.ROOT, "the disk's own: %.2f ms", sync))),
        more(
            "f8-requests",
            "8 connections, 18 kB requests",
            "requests/s",
            ours.small.requestsPerSecond,
            theirs.small.requestsPerSecond,
            target(
                "ratio >= 3",
                ours.small.requestsPerSecond >= REQUESTS_ASKED * theirs.small.requestsPerSecond),
            List.of()));
  }

  private static int bytes(int items) {
    return new Payloads(8).requests(Signal.TRACES, 1, items).getFirst().length();
  }

  private static Optional<Result.Target> target(String text, boolean reached) {
    return Optional.of(new Result.Target(text, reached));
  }

  /// More is better, so the ratio is turned round.
  private static Result more(
      String name,
      String title,
      String unit,
      double ours,
      double theirs,
      Optional<Result.Target> target,
      List<String> notes) {
    var all = new ArrayList<>(notes);
    all.add(
        String.format(
            Locale.ROOT, "more is better: Sluice does %.2f times as much", ours / theirs));
    return Result.of(name, title, unit, ours, theirs, target, all);
  }

  private static Found one(String who, Lab lab) throws IOException, InterruptedException {
    var storage = lab.folder().toAbsolutePath().resolve("f8-storage-" + who);
    try (var sink = new Sink()) {
      var ledger = new Ledger();
      var small = small(who, lab, sink, storage);
      delete(storage);
      var in = in(who, lab, sink, storage, ledger);
      sink.recordIn(ledger);
      var out = out(who, lab, sink, storage, ledger);
      delete(storage);
      return new Found(in, out, ledger.lost(), small);
    }
  }

  private static Peer peer(String who, Lab lab, Sink sink, Path storage, boolean dead)
      throws IOException, InterruptedException {
    var yaml = Lab.yaml("durable.yaml").replace("STORAGE", storage.toString());
    return Peer.start(
        "f8-" + who,
        who.equals("collector") ? lab.collector() : lab.sluice(),
        dead ? yaml.replace("GRPC_OUT", Integer.toString(closedPort())) : yaml,
        sink,
        Map.of(),
        lab.folder());
  }

  private static int closedPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Small small(String who, Lab lab, Sink sink, Path storage)
      throws IOException, InterruptedException {
    var payloads = new Payloads(8).requests(Signal.TRACES, 500, SMALL_ITEMS);
    try (var peer = peer(who, lab, sink, storage, true);
        var load =
            new GrpcLoad(
                peer.grpcPort(), Signal.TRACES, payloads, Optional.empty(), SMALL_CONNECTIONS, 1)) {
      load.run(WARM_UP_MILLIS);
      long before = load.taken();
      var millis = load.runTimed(SMALL_MILLIS);
      return new Small((load.taken() - before) / (SMALL_MILLIS / 1e3), millis);
    }
  }

  private static Way in(String who, Lab lab, Sink sink, Path storage, Ledger ledger)
      throws IOException, InterruptedException {
    var payloads = new Payloads(9).requests(Signal.TRACES, 200, LARGE_ITEMS);
    double size = payloads.stream().mapToLong(p -> p.length()).average().orElseThrow();
    try (var peer = peer(who, lab, sink, storage, true);
        var load =
            new GrpcLoad(
                    peer.grpcPort(),
                    Signal.TRACES,
                    payloads,
                    Optional.empty(),
                    LARGE_CONNECTIONS,
                    1)
                .recordIn(ledger)) {
      load.run(WARM_UP_MILLIS);
      long before = load.taken();
      double cpu = peer.cpuSeconds();
      long start = System.nanoTime();
      load.run(LARGE_MILLIS);
      double seconds = (System.nanoTime() - start) / 1e9;
      double bytes = (load.taken() - before) * size;
      return new Way(
          bytes / seconds / 1e6, (peer.cpuSeconds() - cpu) / (bytes / 1e9), peer.peakRssMib());
    }
  }

  private static Way out(String who, Lab lab, Sink sink, Path storage, Ledger ledger)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    try (var peer = peer(who, lab, sink, storage, false)) {
      double seconds = 0;
      while (ledger.lost() > 0 && seconds < DRAIN_SECONDS_MAX) {
        Thread.sleep(50);
        seconds = (System.nanoTime() - start) / 1e9;
      }
      double bytes = sink.items() * (bytes(LARGE_ITEMS) / (double) LARGE_ITEMS);
      return new Way(bytes / seconds / 1e6, peer.cpuSeconds() / (bytes / 1e9), peer.peakRssMib());
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (var files = Files.walk(folder)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}

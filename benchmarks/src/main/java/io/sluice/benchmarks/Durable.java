package io.sluice.benchmarks;

import io.sluice.data.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// F8: a queue on disk, each answer after an fsync, twice in turns. A gateway that has delivered the same load for a
/// while loses its destination, so that what comes in stays; the destination comes back and gets it; it goes again,
/// and the gateway, full, starts anew and sends all of it to a sink that keeps up.
///
/// Beside both, in the same run, stands what the disk does for one who writes and forces pieces of the same
/// size: appending, which the targets are of, and over blocks that are there.
record Durable() implements Figure {
  private static final int LARGE_ITEMS = 750;
  private static final int SMALL_ITEMS = 22;
  private static final int LARGE_CONNECTIONS = 4;
  private static final int SMALL_CONNECTIONS = 8;
  private static final int LARGE_REQUESTS = 1_700;
  private static final long SMALL_MILLIS = 6_000;
  private static final long RAW_MILLIS = 3_000;

  /// The same for both: a JVM is at its speed after some gigabytes, and Go at once.
  private static final long WARM_UP_MILLIS = 20_000;

  private static final int ROUNDS = 2;
  private static final long QUIET_SECONDS_MAX = 10;
  private static final long FIRST_SECONDS_MAX = 60;
  private static final long LOOK_MILLIS = 20;
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

  private record Found(Way in, Way back, Way out, long lost, long duplicates, Small small) {}

  @Override
  public List<Result> measure(Lab lab) throws IOException, InterruptedException {
    int largeBytes = bytes(LARGE_ITEMS);
    int smallBytes = bytes(SMALL_ITEMS);
    var ours = new ArrayList<Found>();
    var theirs = new ArrayList<Found>();
    var large = new ArrayList<Disk.Both>();
    var small = new ArrayList<Disk.Both>();
    for (int i = 0; i < ROUNDS; i++) {
      large.add(Disk.written(lab.folder(), largeBytes, RAW_MILLIS));
      ours.add(one("sluice", lab));
      small.add(Disk.written(lab.folder(), smallBytes, RAW_MILLIS));
      theirs.add(one("collector", lab));
    }
    return results(
        new Both(ours, theirs),
        Alone.of(large, found -> found.mbPerSecond(largeBytes)),
        Alone.of(small, found -> found.millis().median()),
        smallBytes);
  }

  /// What the disk does when nobody else asks anything of it.
  private record Alone(double appended, double overwritten) {
    static Alone of(List<Disk.Both> found, ToDoubleFunction<Disk.Found> figure) {
      return new Alone(
          median(found.stream().map(Disk.Both::appended), figure),
          median(found.stream().map(Disk.Both::overwritten), figure));
    }

    private static double median(Stream<Disk.Found> found, ToDoubleFunction<Disk.Found> figure) {
      return new Series(found.mapToDouble(figure).boxed().toList()).median();
    }
  }

  private record Both(List<Found> ours, List<Found> theirs) {
    List<Double> ours(ToDoubleFunction<Found> of) {
      return ours.stream().mapToDouble(of).boxed().toList();
    }

    List<Double> theirs(ToDoubleFunction<Found> of) {
      return theirs.stream().mapToDouble(of).boxed().toList();
    }

    double our(ToDoubleFunction<Found> of) {
      return new Series(ours(of)).median();
    }

    double times(ToDoubleFunction<Found> of) {
      return our(of) / new Series(theirs(of)).median();
    }

    long lost(List<Found> found) {
      return found.stream().mapToLong(Found::lost).sum();
    }

    Result result(
        String name,
        String title,
        String unit,
        ToDoubleFunction<Found> of,
        Optional<Result.Target> target,
        String... notes) {
      return Result.of(name, title, unit, ours(of), theirs(of), target, List.of(notes));
    }
  }

  private static List<Result> results(Both both, Alone disk, Alone sync, int smallBytes) {
    double ofDisk = both.our(f -> f.in.mbPerSecond) / disk.appended;
    double drain = both.times(f -> f.out.mbPerSecond);
    double requests = both.times(f -> f.small.requestsPerSecond);
    double ack = both.our(f -> f.small.millis.median());
    return List.of(
        both.result(
            "f8-in",
            "into the disk queue, requests of 600 kB",
            "MB/s",
            f -> f.in.mbPerSecond,
            target(">= 80 % of the disk alone", ofDisk >= OF_DISK_ASKED),
            String.format(
                Locale.ROOT,
                "the disk alone %.0f MB/s, so this is %.0f %% of it; %.0f MB/s over blocks that are there",
                disk.appended,
                ofDisk * 100,
                disk.overwritten)),
        both.result(
            "f8-in-cpu",
            "CPU for that",
            "s/GB",
            f -> f.in.cpuPerGb,
            Result.atMost(CPU_SECONDS_ASKED, both.our(f -> f.in.cpuPerGb))),
        both.result(
            "f8-back",
            "drain of 1 GB by the same process",
            "MB/s",
            f -> f.back.mbPerSecond,
            Optional.empty(),
            String.format(
                Locale.ROOT,
                "%.2f times as much as the Collector",
                both.times(f -> f.back.mbPerSecond))),
        both.result(
            "f8-back-cpu",
            "CPU for that",
            "s/GB",
            f -> f.back.cpuPerGb,
            Result.atMost(CPU_SECONDS_ASKED, both.our(f -> f.back.cpuPerGb))),
        both.result(
            "f8-out",
            "cold drain of 1 GB",
            "MB/s",
            f -> f.out.mbPerSecond,
            target("6 times as much, lost 0", drain >= DRAIN_ASKED && both.lost(both.ours) == 0),
            String.format(Locale.ROOT, "%.2f times as much as the Collector", drain),
            String.format(
                Locale.ROOT,
                "requests acknowledged and lost: Sluice %d, Collector %d",
                both.lost(both.ours),
                both.lost(both.theirs)),
            String.format(
                Locale.ROOT,
                "requests that arrived more than once: Sluice %d, Collector %d",
                both.ours.stream().mapToLong(Found::duplicates).sum(),
                both.theirs.stream().mapToLong(Found::duplicates).sum())),
        both.result(
            "f8-out-cpu",
            "CPU for that, with the start",
            "s/GB",
            f -> f.out.cpuPerGb,
            Result.atMost(CPU_SECONDS_ASKED, both.our(f -> f.out.cpuPerGb))),
        both.result(
            "f8-out-rss",
            "memory at most while draining (RSS)",
            "MiB",
            f -> f.out.peakRssMib,
            Optional.empty()),
        both.result(
            "f8-ack",
            "8 connections, requests of 18 kB: median of the answers",
            "ms",
            f -> f.small.millis.median(),
            target("<= 3 x the disk's own", ack <= SYNCS_ASKED * sync.appended),
            String.format(
                Locale.ROOT,
                "the disk's own: %.2f ms for %d kB; %.2f ms over blocks that are there",
                sync.appended,
                smallBytes / 1000,
                sync.overwritten)),
        both.result(
            "f8-requests",
            "8 connections, requests of 18 kB",
            "requests/s",
            f -> f.small.requestsPerSecond,
            target("3 times as many", requests >= REQUESTS_ASKED),
            String.format(Locale.ROOT, "%.2f times as many as the Collector", requests)));
  }

  private static int bytes(int items) {
    return new Payloads(8).requests(Signal.TRACES, 1, items).getFirst().length();
  }

  private static Optional<Result.Target> target(String text, boolean reached) {
    return Optional.of(new Result.Target(text, reached));
  }

  private static Found one(String who, Lab lab) throws IOException, InterruptedException {
    var storage = lab.folder().toAbsolutePath().resolve("f8-storage-" + who);
    var ledger = new Ledger();
    var small = small(who, lab, storage);
    delete(storage);
    var warm = warm(who, lab, storage, ledger);
    var out = out(who, lab, storage, ledger);
    delete(storage);
    return new Found(warm.in, warm.back, out, ledger.lost(), ledger.duplicates(), small);
  }

  private static Peer peer(String who, Lab lab, Sink sink, Path storage)
      throws IOException, InterruptedException {
    return Peer.start(
        "f8-" + who,
        who.equals("collector") ? lab.collector() : lab.sluice(),
        Lab.yaml("durable.yaml").replace("STORAGE", storage.toString()),
        sink,
        Map.of(),
        lab.folder());
  }

  private static Small small(String who, Lab lab, Path storage)
      throws IOException, InterruptedException {
    var payloads = new Payloads(8).requests(Signal.TRACES, 500, SMALL_ITEMS);
    var gone = new Sink();
    gone.close();
    try (var peer = peer(who, lab, gone, storage);
        var load =
            new GrpcLoad(
                peer.grpcPort(), Signal.TRACES, payloads, Optional.empty(), SMALL_CONNECTIONS, 1)) {
      load.run(WARM_UP_MILLIS);
      long before = load.taken();
      var millis = load.runTimed(SMALL_MILLIS);
      return new Small((load.taken() - before) / (SMALL_MILLIS / 1e3), millis);
    }
  }

  private record Warm(Way in, Way back) {}

  /// What is left behind in the storage is another gigabyte.
  private static Warm warm(String who, Lab lab, Path storage, Ledger ledger)
      throws IOException, InterruptedException {
    var payloads = new Payloads(9).requests(Signal.TRACES, 200, LARGE_ITEMS);
    var first = new Sink();
    first.recordIn(ledger);
    try (var peer = peer(who, lab, first, storage);
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
      awaitAll(first, ledger);
      first.close();
      var in = in(peer, load);
      try (var again = new Sink(first.grpcPort())) {
        var back = back(peer, again, ledger);
        again.close();
        load.runRequests(LARGE_REQUESTS);
        return new Warm(in, back);
      }
    } finally {
      first.close();
    }
  }

  private static Way in(Peer peer, GrpcLoad load) throws IOException, InterruptedException {
    long before = load.taken();
    double cpu = peer.cpuSeconds();
    long start = System.nanoTime();
    load.runRequests(LARGE_REQUESTS);
    double seconds = (System.nanoTime() - start) / 1e9;
    double bytes = (load.taken() - before) * (double) bytes(LARGE_ITEMS);
    return new Way(
        bytes / seconds / 1e6, (peer.cpuSeconds() - cpu) / (bytes / 1e9), peer.peakRssMib());
  }

  /// From the first that arrives: when it is tried again is up to the pauses between attempts.
  private static Way back(Peer peer, Sink sink, Ledger ledger)
      throws IOException, InterruptedException {
    sink.recordIn(ledger);
    double cpu = peer.cpuSeconds();
    awaitFirst(sink);
    long start = System.nanoTime();
    double seconds = (awaitAll(sink, ledger) - start) / 1e9;
    return way(sink, seconds, peer.cpuSeconds() - cpu, peer);
  }

  private static Way out(String who, Lab lab, Path storage, Ledger ledger)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    try (var sink = new Sink()) {
      sink.recordIn(ledger);
      try (var peer = peer(who, lab, sink, storage)) {
        awaitFirst(sink);
        double seconds = (awaitAll(sink, ledger) - start) / 1e9;
        return way(sink, seconds, peer.cpuSeconds(), peer);
      }
    }
  }

  private static Way way(Sink sink, double seconds, double cpuSeconds, Peer peer)
      throws IOException {
    double bytes = sink.items() * (bytes(LARGE_ITEMS) / (double) LARGE_ITEMS);
    return new Way(bytes / seconds / 1e6, cpuSeconds / (bytes / 1e9), peer.peakRssMib());
  }

  private static void awaitFirst(Sink sink) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(FIRST_SECONDS_MAX);
    while (sink.items() == 0 && System.nanoTime() - end < 0) {
      Thread.sleep(LOOK_MILLIS);
    }
  }

  /// Until all that was acknowledged has arrived, or nothing more arrives.
  ///
  /// @return when that was, as [System#nanoTime]
  private static long awaitAll(Sink sink, Ledger ledger) throws InterruptedException {
    long items = 0;
    long last = System.nanoTime();
    long now = last;
    boolean all = false;
    while (!all && now - last < TimeUnit.SECONDS.toNanos(QUIET_SECONDS_MAX)) {
      Thread.sleep(LOOK_MILLIS);
      now = System.nanoTime();
      if (sink.items() > items) {
        items = sink.items();
        last = now;
        all = ledger.complete();
      }
    }
    return last;
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

package io.sluice.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// F1: traces, gRPC to gRPC, without compression.
final class Bench {
  private static final long SEED = 20_260_101;
  private static final int DISTINCT_REQUESTS = 32;
  private static final int SPANS_PER_REQUEST = 1000;
  private static final int ROUNDS = 5;
  private static final long ROUND_MILLIS = 8_000;
  private static final long WARM_UP_MILLIS = 25_000;

  private final PrintStream out;
  private final long roundMillis;
  private final long warmUpMillis;
  private final int rounds;

  private Bench(PrintStream out, boolean quick) {
    this.out = out;
    rounds = quick ? 3 : ROUNDS;
    roundMillis = quick ? ROUND_MILLIS / 2 : ROUND_MILLIS;
    warmUpMillis = quick ? WARM_UP_MILLIS / 2 : WARM_UP_MILLIS;
  }

  /// What one gateway did in one round.
  private record Round(double cpuPerMillion, double itemsPerSecond, double loadCpuPerMillion) {}

  private record Contender(Peer peer, Load load, List<Round> rounds) {}

  /// Arguments: the launcher of Sluice, the Collector, `--quick` if wanted.
  static void main(String[] words) throws IOException, InterruptedException {
    var arguments = Arrays.stream(words).filter(word -> !word.startsWith("--")).toList();
    if (arguments.size() != 2) {
      System.err.println("usage: Bench [--quick] SLUICE COLLECTOR (the two programs)");
      System.exit(2);
    }
    boolean quick = Arrays.asList(words).contains("--quick");
    new Bench(System.out, quick).run(Path.of(arguments.get(0)), Path.of(arguments.get(1)));
  }

  private void run(Path sluice, Path collector) throws IOException, InterruptedException {
    var folder = Files.createTempDirectory("sluice-bench");
    var payloads = new Payloads(SEED).traces(DISTINCT_REQUESTS, SPANS_PER_REQUEST);
    long bytes = payloads.stream().mapToLong(p -> p.length()).sum();
    var yaml = yaml();
    try (var sink = new Sink();
        var ours = Peer.start("sluice", sluice, yaml, sink.port(), folder);
        var theirs = Peer.start("collector", collector, yaml, sink.port(), folder);
        var ourLoad = new Load(ours.port(), payloads);
        var theirLoad = new Load(theirs.port(), payloads)) {
      var a = new Contender(ours, ourLoad, new ArrayList<>());
      var b = new Contender(theirs, theirLoad, new ArrayList<>());
      out.printf(
          Locale.ROOT,
          "F1 traces, gRPC to gRPC, no compression: %d spans a request, %d bytes a span, seed %d%n",
          SPANS_PER_REQUEST,
          bytes / DISTINCT_REQUESTS / SPANS_PER_REQUEST,
          SEED);
      machine();
      for (var contender : List.of(a, b)) {
        contender.load.run(warmUpMillis);
      }
      for (int i = 0; i < rounds; i++) {
        for (var contender : List.of(a, b)) {
          contender.rounds.add(round(contender, sink));
        }
      }
      report(a, b, folder);
    }
  }

  private Round round(Contender contender, Sink sink) throws InterruptedException {
    contender.load.failures();
    double cpu = contender.peer.cpuSeconds();
    double loadCpu = ownCpuSeconds();
    long items = sink.items();
    long start = System.nanoTime();
    contender.load.run(roundMillis);
    settle(sink);
    double seconds = (System.nanoTime() - start) / 1e9;
    double millions = (sink.items() - items) / 1e6;
    long failures = contender.load.failures();
    if (failures > 0) {
      out.printf("%s: %d requests were refused in this round%n", contender.peer.name(), failures);
    }
    return new Round(
        (contender.peer.cpuSeconds() - cpu) / millions,
        millions * 1e6 / seconds,
        (ownCpuSeconds() - loadCpu) / millions);
  }

  /// What is still queued belongs to this round.
  private static void settle(Sink sink) throws InterruptedException {
    long before = -1;
    while (before != sink.items()) {
      before = sink.items();
      Thread.sleep(100);
    }
  }

  private static double ownCpuSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
  }

  private void machine() throws IOException {
    var model =
        Files.readString(Path.of("/proc/cpuinfo"))
            .lines()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("unknown processor");
    out.printf(
        "%d x %s, Java %s, load and sink in one process on the same machine%n",
        Runtime.getRuntime().availableProcessors(), model, Runtime.version());
  }

  private void report(Contender ours, Contender theirs, Path folder) throws IOException {
    out.printf(
        "%n%-10s %28s %12s %10s %10s%n",
        "", "CPU-s/M spans min/med/max", "spans/s", "RSS MiB", "peak MiB");
    for (var contender : List.of(ours, theirs)) {
      var cpu = contender.rounds.stream().mapToDouble(Round::cpuPerMillion).sorted().toArray();
      out.printf(
          Locale.ROOT,
          "%-10s %10.3f %8.3f %8.3f %12.0f %10d %10d%n",
          contender.peer.name(),
          cpu[0],
          median(cpu),
          cpu[cpu.length - 1],
          median(contender.rounds.stream().mapToDouble(Round::itemsPerSecond).toArray()),
          contender.peer.rssMib(),
          contender.peer.peakRssMib());
    }
    double ratio = cpu(theirs) / cpu(ours);
    out.printf(Locale.ROOT, "%nratio Collector / Sluice (medians): %.2f%n", ratio);
    out.printf(
        Locale.ROOT,
        "load and sink took %.3f CPU-s/M of their own beside Sluice%n",
        median(ours.rounds.stream().mapToDouble(Round::loadCpuPerMillion).toArray()));
    var json = folder.resolve("f1.json");
    Files.writeString(
        json,
        String.format(
            Locale.ROOT,
            "{\"figure\":\"F1\",\"sluice\":%s,\"collector\":%s,\"ratio\":%.3f}%n",
            figures(ours),
            figures(theirs),
            ratio));
    out.println("figures: " + json);
  }

  private static String figures(Contender contender) {
    return contender.rounds.stream()
        .map(round -> String.format(Locale.ROOT, "%.4f", round.cpuPerMillion()))
        .toList()
        .toString();
  }

  private static double cpu(Contender contender) {
    return median(contender.rounds.stream().mapToDouble(Round::cpuPerMillion).toArray());
  }

  private static double median(double... values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static String yaml() throws IOException {
    try (var stream = Bench.class.getResourceAsStream("f1.yaml")) {
      if (stream == null) {
        throw new IOException("f1.yaml is not in the jar");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

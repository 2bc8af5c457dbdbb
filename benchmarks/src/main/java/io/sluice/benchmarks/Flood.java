package io.sluice.benchmarks;

import io.sluice.data.Signal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// Ten times what the sink takes, for two minutes: memory has to stay flat, refusals have to tell
/// different delays, health has to answer, and full speed has to be back soon after.
///
/// The sink is slow by a script: two cores could not overload a gateway otherwise.
record Flood() implements Figure {
  private static final int ITEMS = 1000;
  private static final int SINK_ITEMS_PER_SECOND = 9_000;
  private static final int OFFERED_PER_SECOND = 90;
  private static final int HEALTH_EVERY_MILLIS = 250;
  private static final int SECONDS = 120;
  private static final int SECONDS_QUICK = 10;
  private static final int RECOVERY_SECONDS_MAX = 30;
  private static final double RECOVERY_SECONDS_ASKED = 10;
  private static final double HEALTH_MILLIS_ASKED = 1_000;
  private static final double GROWTH_ASKED = 1.1;

  @Override
  public String name() {
    return "flood";
  }

  @Override
  public boolean quick() {
    return false;
  }

  private record Found(
      double growth, double healthMillis, double recoverySeconds, GrpcLoad.Tally tally) {}

  @Override
  public List<Result> measure(Lab lab) throws IOException, InterruptedException {
    var ours = one("sluice", lab);
    var theirs = one("collector", lab);
    var notes = List.of(described("Sluice", ours), described("Collector", theirs));
    return List.of(
        Result.of(
            "flood-memory",
            "10 x what the sink takes: RSS at the end / after a quarter",
            "times",
            ours.growth,
            theirs.growth,
            Result.atMost(GROWTH_ASKED, ours.growth),
            notes),
        Result.of(
            "flood-health",
            "10 x what the sink takes: slowest answer of health_check",
            "ms",
            ours.healthMillis,
            theirs.healthMillis,
            Result.atMost(HEALTH_MILLIS_ASKED, ours.healthMillis),
            List.of()),
        Result.of(
            "flood-recovery",
            "from the end of the flood until all of 90,000 spans/s is taken again",
            "s",
            ours.recoverySeconds,
            theirs.recoverySeconds,
            Result.atMost(RECOVERY_SECONDS_ASKED, ours.recoverySeconds),
            List.of()));
  }

  private static String described(String who, Found found) {
    return String.format(
        Locale.ROOT,
        "%s: %d requests taken, %d refused with a delay (%d different ones), %d without, %d not offered",
        who,
        found.tally.taken(),
        found.tally.refusedWithDelay(),
        found.tally.delays(),
        found.tally.refusedWithoutDelay(),
        found.tally.notOffered());
  }

  private static Found one(String who, Lab lab) throws IOException, InterruptedException {
    var program = who.equals("collector") ? lab.collector() : lab.sluice();
    var payloads = new Payloads(6).requests(Signal.TRACES, 32, ITEMS);
    int seconds = lab.quick() ? SECONDS_QUICK : SECONDS;
    try (var sink = new Sink();
        var peer =
            Peer.start(
                "flood-" + who,
                program,
                Lab.yaml("overload.yaml"),
                sink,
                Map.of("GOMEMLIMIT", "512MiB"),
                lab.folder());
        var probe = new Probe(peer.morePort(), "/");
        var load = new GrpcLoad(peer.grpcPort(), Signal.TRACES, payloads, Optional.empty(), 4, 8)) {
      load.run(lab.warmUpMillis());
      sink.slowTo(SINK_ITEMS_PER_SECOND);
      var rss = new ArrayList<Double>();
      var health = Collections.synchronizedList(new ArrayList<Double>());
      var over = new AtomicBoolean();
      var asking =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                while (!over.get()) {
                  ask(probe, health);
                }
              });
      var tally = load.offer(OFFERED_PER_SECOND, seconds, () -> rss.add((double) peer.rssMib()));
      over.set(true);
      asking.join();
      sink.slowTo(0);
      int quarter = rss.size() / 4;
      double first = new Series(rss.subList(quarter, 2 * quarter)).median();
      double last = new Series(rss.subList(rss.size() - quarter, rss.size())).median();
      return new Found(last / first, new Series(health).max(), recovery(load), tally);
    }
  }

  private static void ask(Probe probe, List<Double> millis) {
    try {
      millis.add(probe.millis());
      Thread.sleep(HEALTH_EVERY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Seconds from the end of the flood to the end of a second in which nothing was refused.
  private static double recovery(GrpcLoad load) throws InterruptedException {
    long start = System.nanoTime();
    double seconds = 0;
    for (boolean recovered = false; !recovered && seconds < RECOVERY_SECONDS_MAX; ) {
      recovered = load.offer(OFFERED_PER_SECOND, 1, () -> {}).taken() == OFFERED_PER_SECOND;
      seconds = (System.nanoTime() - start) / 1e9;
    }
    return seconds;
  }
}

package io.sluice.benchmarks;

import io.sluice.data.Signal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Ten times what the sink takes, for two minutes: memory has to stay flat, refusals have to tell
/// different delays, health has to answer, and full speed has to be back soon after.
///
/// The sink is slow by a script: two cores could not overload a gateway otherwise.
record Flood() implements Figure {
  private static final int ITEMS = 1000;
  private static final int SINK_ITEMS_PER_SECOND = 9_000;
  private static final int OFFERED_PER_SECOND = 90;
  private static final int AFTERWARDS_PER_SECOND = 30;
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
        result(
            "flood-memory",
            "10 x what the sink takes: RSS at the end / after a quarter",
            "times",
            ours.growth,
            theirs.growth,
            GROWTH_ASKED,
            notes),
        result(
            "flood-health",
            "10 x what the sink takes: slowest answer of health_check",
            "ms",
            ours.healthMillis,
            theirs.healthMillis,
            HEALTH_MILLIS_ASKED,
            List.of()),
        result(
            "flood-recovery",
            "until all that is offered is taken again, at a third of the flood",
            "s",
            ours.recoverySeconds,
            theirs.recoverySeconds,
            RECOVERY_SECONDS_ASKED,
            List.of()));
  }

  private static Result result(
      String name,
      String title,
      String unit,
      double ours,
      double theirs,
      double asked,
      List<String> notes) {
    return new Result(
        name,
        title,
        unit,
        List.of(
            new Result.Row("sluice", new Series(List.of(ours)), 0, 0, 0),
            new Result.Row("collector", new Series(List.of(theirs)), 0, 0, 0)),
        Result.atMost(asked, ours),
        notes);
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
      var health = new ArrayList<Double>();
      var tally =
          load.offer(
              OFFERED_PER_SECOND,
              seconds,
              () -> {
                rss.add((double) peer.rssMib());
                health.add(ask(probe));
              });
      sink.slowTo(0);
      int quarter = rss.size() / 4;
      double first = new Series(rss.subList(quarter, 2 * quarter)).median();
      double last = new Series(rss.subList(rss.size() - quarter, rss.size())).median();
      return new Found(last / first, new Series(health).max(), recovery(load), tally);
    }
  }

  private static double ask(Probe probe) {
    try {
      return probe.millis();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Seconds until one in which nothing was refused.
  private static double recovery(GrpcLoad load) throws InterruptedException {
    for (int second = 1; second < RECOVERY_SECONDS_MAX; second++) {
      var tally = load.offer(AFTERWARDS_PER_SECOND, 1, () -> {});
      if (tally.taken() == AFTERWARDS_PER_SECOND) {
        return second;
      }
    }
    return RECOVERY_SECONDS_MAX;
  }
}

package io.sluice.benchmarks;

import io.sluice.data.Signal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// F5: memory at 100,000 spans a second; then a sink that takes little is offered three times that.
///
/// Both processes are told of a budget of 512 MiB (`GOMEMLIMIT`, and `memory_limiter` in the YAML).
/// The sink is made slow by a script, as two cores could not overload a gateway otherwise.
record Overload() implements Figure {
  private static final int ITEMS = 1000;
  private static final int STEADY_PER_SECOND = 100;
  private static final int SINK_ITEMS_PER_SECOND = 30_000;
  private static final int OFFERED_PER_SECOND = 90;
  private static final double STEADY_MIB_ASKED = 160;
  private static final double OVERLOAD_MIB_ASKED = 200;
  private static final double GOODPUT_ASKED = 0.95;

  @Override
  public String name() {
    return "f5";
  }

  @Override
  public boolean quick() {
    return true;
  }

  /// @param lost requests that were acknowledged and never arrived
  /// @param duplicates requests that arrived more often than they were acknowledged
  /// @param steadyTaken the part of the 100,000 spans a second that was taken
  private record Found(
      double steadyMib,
      double overloadMib,
      double goodput,
      long lost,
      long duplicates,
      double steadyTaken,
      GrpcLoad.Tally tally) {}

  @Override
  public List<Result> measure(Lab lab) throws IOException, InterruptedException {
    var ours = one("sluice", lab);
    var theirs = one("collector", lab);
    var notes = List.of(described("Sluice", ours), described("Collector", theirs));
    return List.of(
        Result.of(
            "f5-steady",
            "memory at 100,000 spans/s (RSS)",
            "MiB",
            ours.steadyMib,
            theirs.steadyMib,
            Result.atMost(STEADY_MIB_ASKED, ours.steadyMib),
            List.of()),
        Result.of(
            "f5-overload",
            "memory when offered 3 x what the sink takes (RSS)",
            "MiB",
            ours.overloadMib,
            theirs.overloadMib,
            overloadTarget(ours),
            notes));
  }

  private static Optional<Result.Target> overloadTarget(Found ours) {
    boolean reached =
        ours.overloadMib <= OVERLOAD_MIB_ASKED
            && ours.goodput >= GOODPUT_ASKED
            && ours.lost == 0
            && ours.tally.refusedWithDelay() > 0
            && ours.tally.refusedWithoutDelay() == 0;
    return Optional.of(new Result.Target("<= 200, goodput >= 95 %, lost 0, delays", reached));
  }

  private static String described(String who, Found found) {
    return String.format(
        Locale.ROOT,
        "%s: %.1f %% taken while steady; goodput %.0f %% of what the sink takes; %d requests taken, %d refused with a delay, %d without, %d not offered; %d requests acknowledged and lost, %d arrived without an acknowledgement",
        who,
        found.steadyTaken * 100,
        found.goodput * 100,
        found.tally.taken(),
        found.tally.refusedWithDelay(),
        found.tally.refusedWithoutDelay(),
        found.tally.notOffered(),
        found.lost,
        found.duplicates);
  }

  private static Found one(String who, Lab lab) throws IOException, InterruptedException {
    var program = who.equals("collector") ? lab.collector() : lab.sluice();
    var payloads = new Payloads(5).requests(Signal.TRACES, 32, ITEMS);
    var ledger = new Ledger();
    int seconds = lab.quick() ? 4 : 30;
    try (var sink = new Sink();
        var peer =
            Peer.start(
                "f5-" + who,
                program,
                Lab.yaml("overload.yaml"),
                sink,
                Map.of("GOMEMLIMIT", "512MiB"),
                lab.folder());
        var load = new GrpcLoad(peer.grpcPort(), Signal.TRACES, payloads, Optional.empty(), 4, 8)) {
      sink.recordIn(ledger);
      load.recordIn(ledger);
      var steady = new ArrayList<Double>();
      var calm = load.offer(STEADY_PER_SECOND, seconds, () -> steady.add((double) peer.rssMib()));
      sink.slowTo(SINK_ITEMS_PER_SECOND);
      load.offer(OFFERED_PER_SECOND, 2, () -> {}); // fills what there is to fill
      long before = sink.items();
      var overload = new ArrayList<Double>();
      long start = System.nanoTime();
      var tally =
          load.offer(OFFERED_PER_SECOND, seconds, () -> overload.add((double) peer.rssMib()));
      double delivered = sink.items() - before;
      double took = (System.nanoTime() - start) / 1e9;
      sink.slowTo(0);
      long acknowledged = load.taken() * ITEMS;
      await(sink, acknowledged);
      return new Found(
          new Series(steady.subList(steady.size() / 2, steady.size())).max(),
          new Series(overload).max(),
          delivered / (took * SINK_ITEMS_PER_SECOND),
          ledger.lost(),
          ledger.duplicates(),
          (double) calm.taken() / (STEADY_PER_SECOND * seconds),
          tally);
    }
  }

  private static void await(Sink sink, long items) throws InterruptedException {
    long before = -1;
    while (sink.items() < items && before != sink.items()) {
      before = sink.items();
      Thread.sleep(3_000);
    }
  }
}

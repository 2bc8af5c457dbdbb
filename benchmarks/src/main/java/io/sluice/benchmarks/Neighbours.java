package io.sluice.benchmarks;

import io.sluice.data.Signal;
import io.sluice.transport.hostile.Certificates;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/// How long a client that behaves waits for its answers while others do not: the 99th percentile of
/// fifty requests a second of a hundred spans each, by gRPC.
///
/// One attacker is at the same port, one at that of HTTP, each at most twenty times a second, so that a gateway
/// that is done with them sooner does not get more of them. On two cores that alone costs the neighbour
/// something, so the Collector stands beside.
record Neighbours() implements Figure {
  /// Of the names of its results.
  static final String PREFIX = "p99-";

  private static final int ITEMS = 100;
  private static final int REQUESTS_PER_SECOND = 50;
  private static final int SECONDS = 6;
  private static final int SECONDS_QUICK = 2;
  private static final int STRIKE_MILLIS_MIN = 50;

  @Override
  public String name() {
    return "neighbours";
  }

  @Override
  public boolean quick() {
    return false;
  }

  @Override
  public List<Result> measure(Lab lab) throws IOException, InterruptedException {
    Certificates.make(
        lab.folder().toAbsolutePath(), "neighbours", "localhost", "dns:localhost,ip:127.0.0.1");
    var attacks = new ArrayList<Attack>();
    attacks.add(Attack.of("quiet", "nobody", _ -> {}));
    attacks.addAll(Attacks.all());
    var results = new ArrayList<Result>();
    try (var sink = new Sink();
        var ours = new Neighbourhood("sluice", lab, sink);
        var theirs = new Neighbourhood("collector", lab, sink)) {
      for (var attack : attacks) {
        var notes = new ArrayList<String>();
        notes.add("the three values are the median, the 99th percentile and the maximum");
        results.add(
            new Result(
                PREFIX + attack.row(),
                "a neighbour's p99, attacked by: " + attack.title(),
                "ms",
                List.of(ours.row(attack, notes), theirs.row(attack, notes)),
                Optional.empty(),
                notes));
      }
    }
    return results;
  }

  /// A gateway with its neighbour.
  private static final class Neighbourhood implements AutoCloseable {
    private final String who;
    private final Lab lab;
    private final Sink sink;
    private Peer peer;
    private GrpcLoad load;

    Neighbourhood(String who, Lab lab, Sink sink) throws IOException, InterruptedException {
      this.who = who;
      this.lab = lab;
      this.sink = sink;
      peer = start();
      load = load();
    }

    private Peer start() throws IOException, InterruptedException {
      var program = who.equals("collector") ? lab.collector() : lab.sluice();
      var yaml =
          Lab.yaml("neighbours.yaml").replace("FOLDER", lab.folder().toAbsolutePath().toString());
      return Peer.start("neighbours-" + who, program, yaml, sink, Map.of(), lab.folder());
    }

    private GrpcLoad load() throws InterruptedException {
      var payloads = new Payloads(7).requests(Signal.TRACES, 100, ITEMS);
      var sender = new GrpcLoad(peer.grpcPort(), Signal.TRACES, payloads, Optional.empty(), 1, 1);
      sender.run(lab.warmUpMillis());
      return sender;
    }

    Result.Row row(Attack attack, List<String> notes) throws IOException, InterruptedException {
      if (!peer.alive()) {
        close();
        peer = start();
        load = load();
      }
      int seconds = lab.quick() ? SECONDS_QUICK : SECONDS;
      var attackers = new Attackers(attack, peer);
      var tally = load.offer(REQUESTS_PER_SECOND, seconds, () -> {});
      long strikes = attackers.end();
      notes.add(
          String.format(
              Locale.ROOT,
              "%s: %d strikes, %d of %d requests taken, RSS %d MiB at most since its start%s",
              who,
              strikes,
              tally.taken(),
              REQUESTS_PER_SECOND * seconds,
              peer.alive() ? peer.peakRssMib() : 0,
              peer.alive() ? "" : "; THE PROCESS HAS ENDED"));
      var millis = tally.millis();
      return new Result.Row(
          who,
          new Series(List.of(millis.quantile(0.5), millis.quantile(0.99), millis.quantile(1))),
          0,
          peer.alive() ? peer.rssMib() : 0,
          peer.alive() ? peer.peakRssMib() : 0);
    }

    @Override
    public void close() {
      load.close();
      peer.close();
    }
  }

  /// Two threads until they are told to end.
  private static final class Attackers {
    private final AtomicBoolean over = new AtomicBoolean();
    private final LongAdder strikes = new LongAdder();
    private final List<Thread> threads;

    Attackers(Attack attack, Peer peer) {
      threads = List.of(thread(attack.grpc(), peer), thread(attack.http(), peer));
    }

    private Thread thread(Attack.Strike strike, Peer peer) {
      return Thread.ofPlatform().daemon().start(() -> attack(strike, peer));
    }

    private void attack(Attack.Strike strike, Peer peer) {
      try {
        long due = System.nanoTime();
        while (!over.get()) {
          strikes.increment();
          try {
            strike.at(peer);
          } catch (IOException _) {
            // Ended by the gateway: as it should be, at some point.
          }
          due = Math.max(due + TimeUnit.MILLISECONDS.toNanos(STRIKE_MILLIS_MIN), System.nanoTime());
          TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    /// How often they struck.
    long end() throws InterruptedException {
      over.set(true);
      for (var thread : threads) {
        thread.join();
      }
      return strikes.sum();
    }
  }
}

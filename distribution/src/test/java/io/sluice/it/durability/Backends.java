package io.sluice.it.durability;

import static io.sluice.it.durability.Row.Figure.FIRED;
import static io.sluice.it.durability.Row.Figure.RUNS;

import io.grpc.Status;
import io.sluice.it.durability.Subject.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The destination is down, slow, moody, or will not have something.
final class Backends {
  private static final int CONNECTIONS = 4;
  private static final int POISON = 97;
  private static final int TOO_LARGE_BYTES = 40_000;
  private static final String WORDS = "not with me";

  private Backends() {}

  private static boolean poisonous(long item) {
    return item % POISON == 0;
  }

  /// Rejects what has a poisonous item and what is too large.
  private static Sink.Reply picky(Set<Long> items, int bytes, Set<Long> large) {
    if (items.stream().anyMatch(Backends::poisonous)) {
      return new Sink.Reply.Refuse(
          Status.INVALID_ARGUMENT.withDescription(WORDS), Optional.empty());
    }
    if (bytes > TOO_LARGE_BYTES) {
      if (items.size() == 1) {
        large.addAll(items);
      }
      return new Sink.Reply.Refuse(
          Status.RESOURCE_EXHAUSTED.withDescription(WORDS), Optional.empty());
    }
    return new Sink.Reply.Take();
  }

  /// E20: one item in many is answered with INVALID_ARGUMENT, larger requests with RESOURCE_EXHAUSTED:
  /// only the culprits are dead letters, with these words; their neighbours are delivered.
  static Row poison(Subject subject, long seed, int runs) {
    try (var bench = new Bench(subject, seed, Setting.USUAL)) {
      Set<Long> large = ConcurrentHashMap.newKeySet();
      bench.plays((items, bytes) -> picky(items, bytes, large));
      bench.start();
      bench.send(400 * runs);
      bench.settle(item -> poisonous(item) || large.contains(item), Bench.QUIET);
      bench.life().kill();
      bench.start(); // dead letters survive
      bench.settle(item -> poisonous(item) || large.contains(item), Bench.QUIET);
      bench.stop();
      long fired = bench.sink().failures.get();
      var row = bench.row("E20", runs, fired > 0 ? runs : 0);
      if (!subject.ours()) {
        return row;
      }
      var letters = bench.letters(0);
      long neighbours =
          letters.keySet().stream()
              .filter(item -> !poisonous(item) && !large.contains(item))
              .count();
      boolean words = letters.values().stream().allMatch(letter -> letter.reason().contains(WORDS));
      return row.note(
          "%s%d neighbours among the dead letters%s"
              .formatted(neighbours > 0 ? "!" : "", neighbours, words ? "" : " !without words"));
    }
  }

  /// Once more after the trouble.
  private static Row end(Bench bench, String name, int runs, boolean fired) {
    bench.plays(Sink.UP);
    bench.probe();
    bench.settle();
    bench.stop();
    return bench.row(name, runs, fired ? runs : 0);
  }

  private static void pause(int ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static final int OUTAGE_MS = 20_000;

  /// E14: down for long. A second stands for a minute, so that retries with the Collector's default end
  /// after five.
  static Row down(Subject subject, long seed, int runs) {
    try (var bench = new Bench(subject, seed, Setting.USUAL.giveUp("5s"))) {
      bench.start();
      try (var sender = bench.sender(CONNECTIONS, 20)) {
        sender.awaitMore(20);
        bench.plays(Sink.DOWN);
        pause(OUTAGE_MS * runs);
      }
      return end(bench, "E14", runs, bench.sink().failures.get() > 0);
    }
  }

  private static final List<Proxy.Mode> TROUBLES =
      List.of(Proxy.Mode.PASS, Proxy.Mode.REFUSE, Proxy.Mode.BLACKHOLE, Proxy.Mode.SWALLOW);

  /// E15: connections refused, bytes that vanish, answers that vanish, resets.
  static Row network(Subject subject, long seed, int runs) {
    try (var bench = new Bench(subject, seed, Setting.USUAL);
        var proxy = new Proxy(bench.sink().port())) {
      bench.through(proxy.port());
      bench.start();
      int fired = 0;
      try (var sender = bench.sender(CONNECTIONS, 5)) {
        for (int i = 0; i < runs; i++) {
          var mode = TROUBLES.get(i % TROUBLES.size());
          sender.awaitMore(50);
          long before = proxy.hits.get();
          proxy.mode(mode);
          for (int part = 0; part < 4; part++) {
            if (mode == Proxy.Mode.PASS || mode == Proxy.Mode.REFUSE) {
              proxy.cut();
            }
            pause(800);
          }
          fired += proxy.hits.get() > before ? 1 : 0;
          proxy.mode(Proxy.Mode.PASS);
          proxy.cut(); // what hangs would hang until its own timeout
        }
      }
      bench.probe();
      bench.settle();
      bench.stop();
      return bench.row("E15", runs, fired);
    }
  }

  private static final int[] SLOW_MS = {10, 100, 1000};

  /// E16: each answer takes its time.
  static Row slow(Subject subject, long seed, int runs) {
    try (var bench = new Bench(subject, seed, Setting.USUAL)) {
      bench.start();
      try (var sender = bench.sender(CONNECTIONS, 5)) {
        for (int i = 0; i < runs; i++) {
          int ms = SLOW_MS[i % SLOW_MS.length];
          bench.plays((_, _) -> {
            pause(ms);
            return new Sink.Reply.Take();
          });
          sender.awaitMore(300);
        }
      }
      return end(bench, "E16", runs, true);
    }
  }

  /// E17: up and down every half second, half of the calls refused, one in ten taken and said to have
  /// failed.
  static Row flapping(Subject subject, long seed, int runs) {
    try (var bench = new Bench(subject, seed, Setting.USUAL)) {
      var dice = new AtomicLong(seed);
      var taken = new AtomicLong();
      bench.start();
      try (var sender = bench.sender(CONNECTIONS, 5)) {
        for (int i = 0; i < runs; i++) {
          bench.plays(Sink.DOWN);
          pause(500);
          bench.plays((_, _) -> {
            long roll = new SplittableRandom(dice.incrementAndGet()).nextInt(10);
            if (roll == 0) {
              taken.incrementAndGet();
              return new Sink.Reply.TakeAndFail();
            }
            return roll < 5
                ? new Sink.Reply.Refuse(Status.UNAVAILABLE, Optional.empty())
                : new Sink.Reply.Take();
          });
          pause(500);
        }
        sender.awaitMore(10);
      }
      boolean fired = bench.sink().failures.get() > 0 && taken.get() > 0;
      var row = end(bench, "E17", runs, fired);
      return row.note(taken.get() + " requests were taken and said to have failed");
    }
  }

  private static final int STAMPEDE_REQUESTS = 6_000;
  private static final int ANSWER_MS = 5;

  /// E18: the destination comes back before a backlog: how much it gets at once, and how long what is
  /// sent now takes.
  static Row stampede(Subject subject, long seed, int runs) {
    try (var bench = new Bench(subject, seed, Setting.USUAL.bytesMax(256 << 20))) {
      bench.plays(Sink.DOWN);
      bench.start();
      try (var sender = bench.sender(8)) {
        sender.awaitMore(STAMPEDE_REQUESTS * runs);
      }
      var now = new AtomicInteger();
      var most = new AtomicInteger();
      bench.plays((_, _) -> {
        most.accumulateAndGet(now.incrementAndGet(), Math::max);
        pause(ANSWER_MS);
        now.decrementAndGet();
        return new Sink.Reply.Take();
      });
      int before = bench.sink().taken.size();
      var waits = new ArrayList<Double>();
      for (int i = 0; i < 10; i++) {
        waits.add(bench.secondsToArrive());
      }
      waits.sort(null);
      boolean backlog = before < STAMPEDE_REQUESTS * runs;
      var row = end(bench, "E18", runs, backlog);
      return row.note(
          "at most %d requests at once; a fresh one arrives after %.1f s, at most %.1f s"
              .formatted(most.get(), waits.get(waits.size() / 2), waits.getLast()));
    }
  }

  private record Delay(String name, Status status, Optional<Duration> delay) {}

  private static Delay unavailable(String name, Duration delay) {
    return new Delay(name, Status.UNAVAILABLE, Optional.of(delay));
  }

  private static final List<Delay> DELAYS =
      List.of(
          unavailable("0 s", Duration.ZERO),
          unavailable("1.5 s", Duration.ofMillis(1500)),
          unavailable("-5 s", Duration.ofSeconds(-5)),
          new Delay(
              "exhausted, 1 s", Status.RESOURCE_EXHAUSTED, Optional.of(Duration.ofSeconds(1))),
          new Delay("exhausted", Status.RESOURCE_EXHAUSTED, Optional.empty()),
          unavailable("300 years", Duration.ofSeconds(10_000_000_000L)));

  /// E19: the destination says when it wants to be asked again.
  static Row delays(Subject subject, long seed, int runs) {
    Row sum = null;
    for (var delay : DELAYS) {
      var row = delayed(subject, seed, delay);
      sum = sum == null ? row : sum.plus(row);
    }
    if (sum == null) {
      throw new IllegalStateException("no delays");
    }
    return sum.with(RUNS, sum.count(RUNS) * runs).with(FIRED, sum.count(FIRED) * runs);
  }

  private static Row delayed(Subject subject, long seed, Delay delay) {
    try (var bench = new Bench(subject, seed, Setting.USUAL)) {
      var asked = new ConcurrentHashMap<Set<Long>, Long>();
      var gaps = new ConcurrentLinkedQueue<Double>();
      var refusing = new AtomicBoolean(true);
      bench.plays((items, _) -> {
        var first = asked.putIfAbsent(Set.copyOf(items), System.nanoTime());
        if (first == null && refusing.get()) {
          return new Sink.Reply.Refuse(delay.status(), delay.delay());
        }
        if (first != null) {
          gaps.add((System.nanoTime() - first) / 1e9);
        }
        return new Sink.Reply.Take();
      });
      bench.start();
      bench.send(10);
      bench.settle(_ -> false, Duration.ofSeconds(3));
      refusing.set(false);
      bench.life().kill(); // a new life does not know of the delay
      bench.start();
      bench.probe();
      bench.settle(_ -> false, Duration.ofSeconds(3));
      bench.stop();
      double wanted = delay.delay().map(each -> Math.min(each.toMillis() / 1e3, 3)).orElse(0.0);
      boolean early = gaps.stream().anyMatch(gap -> gap < wanted * 0.9);
      var row = bench.row("E19", 1, bench.sink().failures.get() > 0 ? 1 : 0);
      return row.note(
          "%s: asked again after %.1f s%s"
              .formatted(
                  delay.name(),
                  gaps.stream().mapToDouble(gap -> gap).min().orElse(Double.NaN),
                  early ? (subject.ours() ? " !too early" : " (too early)") : ""));
    }
  }
}

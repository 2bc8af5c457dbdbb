package io.sluice.it.durability;

import io.sluice.it.Eventually;
import io.sluice.it.Programs;
import io.sluice.it.durability.Subject.Setting;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Lives that end as they should, and begin where one ended.
final class Endings {
  private static final int CONNECTIONS = 4;
  private static final double STOP_SECONDS_MAX = 10;

  private Endings() {}

  /// E21: SIGTERM under load while the destination takes, refuses, or hangs; twice in a row; at once
  /// after the start.
  static Row terminate(Subject subject, long seed, int runs) {
    try (var bench = new Bench(subject, seed, Setting.USUAL)) {
      var scripts = List.of(Sink.UP, Sink.DOWN, Sink.HANGING);
      double longest = 0;
      int statuses = 0;
      for (int i = 0; i < runs; i++) {
        bench.plays(scripts.get(i % scripts.size()));
        bench.start();
        try (var sender = bench.sender(CONNECTIONS)) {
          sender.awaitMore(20 + bench.random.nextInt(200));
          long start = System.nanoTime();
          bench.life().signal("TERM");
          if (i >= scripts.size() && subject.ours()) {
            bench.life().signal("TERM"); // once more, as impatient people do
          }
          statuses += bench.life().awaitEnd() == 0 ? 0 : 1;
          longest = Math.max(longest, (System.nanoTime() - start) / 1e9);
        }
      }
      var early = bench.begin(List.of());
      Eventually.pause();
      early.signal("TERM");
      early.awaitEnd();
      bench.plays(Sink.UP);
      bench.start();
      bench.probe();
      bench.settle();
      bench.stop();
      var row = bench.row("E21", runs, runs);
      return row.note(
          "longest stop %.1f s%s%s"
              .formatted(
                  longest,
                  longest > STOP_SECONDS_MAX && subject.ours() ? " !too long" : "",
                  statuses > 0 ? (subject.ours() ? " !" : " ") + statuses + " bad statuses" : ""));
    }
  }

  private static final String RELOADED = "Configuration reloaded.";

  /// E23: told to read its configuration again, under load: another one, a broken one, the first again.
  static Row reload(Subject subject, long seed, int runs) {
    try (var bench = new Bench(subject, seed, Setting.USUAL)) {
      bench.start();
      var good = Programs.read(bench.config());
      var other = good.replace("compression: none", "compression: gzip");
      int fired = 0;
      int deaths = 0;
      try (var sender = bench.sender(CONNECTIONS, 2)) {
        for (int i = 0; i < runs; i++) {
          bench.plays(bench.random.nextBoolean() ? Sink.UP : Sink.DOWN);
          boolean broken = i % 5 == 4;
          int before = bench.life().log().length();
          Programs.write(
              bench.folder.resolve("gateway.yaml"),
              broken ? "nothing: [" : i % 2 == 0 ? other : good);
          sender.awaitMore(10);
          bench.life().signal("HUP");
          Eventually.happens(
              () -> !bench.life().alive() || said(bench.life().log().substring(before), broken),
              () -> bench.life().log());
          fired++;
          if (broken && diesWithin(bench.life(), DEATH_SECONDS)) {
            deaths++;
            bench.start();
          }
        }
        bench.plays(Sink.UP);
        sender.awaitMore(10);
      }
      bench.settle();
      bench.stop();
      var row = bench.row("E23", runs, fired);
      return row.note(deaths > 0 ? (subject.ours() ? "!" : "") + deaths + " deaths" : row.note());
    }
  }

  private static final int DEATH_SECONDS = 3;

  private static boolean diesWithin(Life life, int seconds) {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (life.alive() && System.nanoTime() < end) {
      Eventually.pause();
    }
    return !life.alive();
  }

  /// Ours and the Collector say it differently.
  private static boolean said(String log, boolean broken) {
    return broken
        ? log.contains("yaml") || log.contains("failed") || log.contains("Cannot")
        : log.contains(RELOADED) || log.contains("Everything is ready.");
  }

  /// E35: a second process on the directory; a directory that was copied after a kill.
  static Row twice(Subject subject, long seed, int runs) {
    try (var bench = new Bench(subject, seed, Setting.USUAL)) {
      int refused = 0;
      for (int i = 0; i < runs; i++) {
        bench.plays(Sink.DOWN);
        bench.start();
        bench.send(50);
        var first = bench.life();
        var second = bench.begin(List.of());
        Eventually.happens(
            () -> !second.alive() || second.log().contains("timeout"), () -> second.log());
        second.kill();
        refused += first.alive() ? 1 : 0;
        first.kill();
        var moved = bench.folder.resolve("moved");
        Programs.done(Map.of(), List.of("cp", "-a", bench.data.toString(), moved.toString()));
        Programs.done(Map.of(), List.of("rm", "-rf", bench.data.toString()));
        Programs.done(Map.of(), List.of("mv", moved.toString(), bench.data.toString()));
      }
      bench.plays(Sink.UP);
      bench.start();
      bench.probe();
      bench.settle();
      bench.stop();
      return bench.row("E35", runs, refused);
    }
  }

  /// E22: two gateways behind one address are replaced in turn, by SIGTERM, while senders go on.
  static Row rolling(Subject subject, long seed, int runs) {
    try (var one = new Bench(subject, seed, Setting.USUAL);
        var two = one.twin();
        var balancer = new Proxy(one.port(), two.port())) {
      one.start();
      two.start();
      try (var sender = new Sender(balancer.port(), one.requests, one.ledger, 8, 2)) {
        for (int i = 0; i < runs; i++) {
          var bench = i % 2 == 0 ? one : two;
          sender.awaitMore(50);
          bench.stop();
          sender.awaitMore(20);
          bench.start();
        }
        sender.awaitMore(20);
      }
      one.settle();
      two.stop();
      one.stop();
      var unknown = one.ledger.unknown.get();
      var row = one.row("E22", runs, runs);
      return row.note(
          unknown
              + " of "
              + row.count(Row.Figure.SENT)
              + " requests were not answered"
              + (unknown > 0 ? ": " + one.ledger.words : ""));
    }
  }

  private static final long BACKLOG_BYTES = 2L << 30;
  private static final Duration DRAINED_MAX = Duration.ofMinutes(4);

  /// E39: a backlog much larger than the memory: start, first answer, and memory while it drains. Files
  /// are mostly holes.
  static Row large(Subject subject, long seed, int runs) {
    try (var bench = new Bench(subject, seed, Setting.USUAL.bytesMax(64L << 30))) {
      var queue = Subject.exporter(0) + ":traces";
      int batches = Backlog.write(bench.data.resolve("l0"), queue, BACKLOG_BYTES * runs);
      long start = System.nanoTime();
      bench.start();
      bench.send(1);
      double first = (System.nanoTime() - start) / 1e9;
      bench.settle(_ -> false, DRAINED_MAX);
      Eventually.happens(() -> bench.sink().strange.size() >= batches, () -> "backlog is missing");
      double all = (System.nanoTime() - start) / 1e9;
      bench.stop();
      boolean whole = bench.sink().strange.stream().allMatch(Backlog::is);
      bench.sink().strange.clear(); // what was in the backlog, not from the sender
      var row = bench.row("E39", runs, batches > 0 ? runs : 0);
      return row.note(
          "%s%d MiB stored; first answer %.1f s after the start, all drained after %.0f s"
              .formatted(whole ? "" : "!changed; ", batches, first, all));
    }
  }
}

package io.sluice.it.durability;

import io.sluice.it.Eventually;
import io.sluice.it.durability.Subject.Setting;
import java.util.List;

/// The process dies at any moment.
final class Kills {
  private static final int CONNECTIONS = 4;
  private static final int RECOVERY_MS = 700;

  /// Small ones, so that they are begun and deleted often.
  private static final Setting SMALL_SEGMENTS = Setting.USUAL.bytesMax(4 << 20);

  private Kills() {}

  /// E1: SIGKILL under load, again and again, the destination up and down.
  static Row loop(Subject subject, long seed, int kills) {
    try (var bench = new Bench(subject, seed, Setting.USUAL.bytesMax(8 << 20))) {
      bench.start();
      try (var sender = bench.sender(CONNECTIONS)) {
        for (int i = 0; i < kills; i++) {
          bench.plays(bench.random.nextBoolean() ? Sink.UP : Sink.DOWN);
          sender.awaitMore(20 + bench.random.nextInt(400));
          bench.life().kill();
          bench.start();
        }
        bench.plays(Sink.UP);
        sender.awaitMore(1);
      }
      bench.settle();
      bench.stop();
      return bench.row("E1", kills, kills);
    }
  }

  /// A call on files, and how often it is made while a few hundred requests are taken and delivered.
  private record Call(String name, int live, int recovery) {}

  private static final List<Call> CALLS =
      List.of(
          new Call("pwrite64", 200, 6),
          new Call("fdatasync", 150, 5),
          new Call("fsync", 5, 3),
          new Call("rename", 5, 3));

  /// E2: SIGKILL before the n-th call on a file, first while requests are taken, segments begun and
  /// batches settled, then while the next life finds out what there is.
  static Row atCalls(Subject subject, long seed, int runs) {
    var calls = subject.ours() ? CALLS : CALLS.subList(0, 2);
    try (var bench = new Bench(subject, seed, SMALL_SEGMENTS)) {
      int fired = 0;
      for (int i = 0; i < runs; i++) {
        var call = calls.get(i % calls.size());
        bench.plays(bench.random.nextInt(3) > 0 ? Sink.UP : Sink.DOWN);
        boolean live = dies(bench, call.name(), 1 + bench.random.nextInt(call.live()), "live-" + i);
        var next = calls.get(bench.random.nextInt(calls.size()));
        boolean recovery =
            dies(bench, next.name(), 1 + bench.random.nextInt(next.recovery()), "start-" + i);
        fired += live && recovery ? 1 : 0;
      }
      bench.plays(Sink.UP);
      bench.start();
      bench.probe();
      bench.settle();
      bench.stop();
      return bench.row("E2", runs, fired);
    }
  }

  /// Whether one life under load ends with that call.
  private static boolean dies(Bench bench, String call, int n, String name) {
    var trace = bench.folder.resolve("trace-" + name);
    var life = bench.begin(Strace.killAt(trace, call, n));
    try (var _ = bench.sender(CONNECTIONS)) {
      long end = System.nanoTime() + Eventually.DEADLINE.toNanos();
      while (life.alive() && System.nanoTime() < end) {
        Eventually.pause();
      }
    }
    boolean fired = life.wasKilled();
    if (!fired) {
      System.err.printf("%s %d of %s did not kill; seed %d%n", call, n, name, bench.seed);
    }
    life.kill();
    return fired;
  }

  /// E3: SIGKILL, and then again, twice, while what was left is read.
  static Row again(Subject subject, long seed, int runs) {
    try (var bench = new Bench(subject, seed, Setting.USUAL.bytesMax(16 << 20))) {
      int fired = 0;
      for (int i = 0; i < runs; i++) {
        bench.plays(bench.random.nextBoolean() ? Sink.UP : Sink.DOWN);
        bench.start();
        bench.send(20 + bench.random.nextInt(400));
        bench.life().kill();
        for (int again = 0; again < 2; again++) {
          var life = bench.begin(List.of());
          pause(bench.random.nextInt(RECOVERY_MS));
          fired += life.alive() ? 1 : 0;
          life.kill();
        }
      }
      bench.plays(Sink.UP);
      bench.start();
      bench.probe();
      bench.settle();
      bench.stop();
      return bench.row("E3", 2 * runs, fired);
    }
  }

  private static void pause(int ms) {
    long end = System.nanoTime() + ms * 1_000_000L;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}

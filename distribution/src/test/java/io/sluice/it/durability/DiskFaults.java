package io.sluice.it.durability;

import io.sluice.it.Eventually;
import io.sluice.it.Programs;
import io.sluice.it.durability.Faults.Action;
import io.sluice.it.durability.Subject.Setting;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The disk fails, is full, or is slow.
final class DiskFaults {
  private static final int CONNECTIONS = 4;

  private DiskFaults() {}

  /// E6: syncs fail, and what they were to force is lost as the system does it: once, now and then,
  /// always for a while. Afterwards a kill shows what is really there.
  static Row sync(Subject subject, long seed, int runs) {
    return subject.ours() ? syncOfOurs(seed, runs) : syncOfOthers(subject, seed, runs);
  }

  private static Row syncOfOurs(long seed, int runs) {
    try (var bench = new Bench(Subject.SLUICE, seed, Setting.USUAL.bytesMax(16 << 20))) {
      var faults = new Faults(bench);
      bench.plays(Sink.DOWN);
      bench.start();
      int fired = 0;
      try (var sender = bench.sender(CONNECTIONS)) {
        for (int i = 0; i < runs; i++) {
          long times = i % 3 == 2 ? Faults.ALWAYS : 1 + i % 3 * 3;
          sender.awaitMore(50);
          faults.set(0, Faults.SYNC, Action.LOSE, Faults.EIO, 0, bench.random.nextInt(40), times);
          Eventually.happens(() -> faults.hits(0) >= Math.min(times, 6), () -> "no sync failed");
          fired++;
          faults.off(0);
          sender.awaitMore(20); // it goes on without help
        }
      }
      bench.life().kill();
      bench.start();
      bench.plays(Sink.UP);
      bench.probe();
      bench.settle();
      bench.stop();
      return bench.row("E6", runs, fired);
    }
  }

  /// From outside every so-many-th sync of a thread fails, and nothing that it was for is lost.
  private static Row syncOfOthers(Subject subject, long seed, int runs) {
    return injected("E6", subject, seed, runs, "fdatasync", "error=EIO:when=%d+%d");
  }

  /// @param how with two random numbers
  private static Row injected(
      String name, Subject subject, long seed, int runs, String call, String how) {
    try (var bench = new Bench(subject, seed, Setting.USUAL.bytesMax(64 << 20))) {
      bench.plays(Sink.DOWN);
      int fired = 0;
      for (int i = 0; i < runs; i++) {
        var trace = bench.folder.resolve("trace-" + i);
        var what = how.formatted(5 + bench.random.nextInt(20), 7 + bench.random.nextInt(20));
        var life = bench.begin(Strace.inject(trace, call, what));
        life.ready();
        try (var _ = bench.sender(CONNECTIONS)) {
          Eventually.happens(() -> Strace.injected(trace) > 3 || !life.alive(), () -> "no fault");
        }
        fired += Strace.injected(trace) > 0 ? 1 : 0;
        life.kill();
      }
      bench.start();
      bench.plays(Sink.UP);
      bench.probe();
      bench.settle();
      bench.stop();
      return bench.row(name, runs, fired);
    }
  }

  /// E7: writes are cut short, fail, or find no room.
  static Row writes(Subject subject, long seed, int runs) {
    if (!subject.ours()) {
      return injected("E7", subject, seed, runs, "pwrite64", "error=EIO:when=%d+%d");
    }
    try (var bench = new Bench(subject, seed, Setting.USUAL)) {
      var faults = new Faults(bench);
      bench.plays(Sink.DOWN);
      bench.start();
      int fired = 0;
      try (var sender = bench.sender(CONNECTIONS)) {
        for (int i = 0; i < runs; i++) {
          bench.plays(
              i % 2 == 0
                  ? Sink.DOWN
                  : Sink.UP); // a failed segment is room lost until it is settled
          sender.awaitMore(30);
          int error = bench.random.nextBoolean() ? Faults.EIO : Faults.ENOSPC;
          faults.set(0, Faults.WRITE, Action.SHORT, 0, 0, bench.random.nextInt(5), 20);
          faults.fail(1, Faults.WRITE, error, 5 + bench.random.nextInt(20), 1 + i % 3);
          Eventually.happens(() -> faults.hits(1) > 0, () -> "no write failed");
          fired += faults.hits(0) > 0 ? 1 : 0;
          faults.off(0);
          faults.off(1);
        }
        sender.awaitMore(20);
      }
      bench.life().kill();
      bench.start();
      bench.plays(Sink.UP);
      bench.probe();
      bench.settle();
      bench.stop();
      return bench.row("E7", runs, fired);
    }
  }

  private static final int SMALL_DISK_MIB = 24;
  private static final int NEARLY_FULL_BYTES = 4 << 20;

  /// E8: the backlog fills the disk; then the destination comes back.
  static Row full(Subject subject, long seed, int runs) {
    var sum = fullOnce(subject, seed);
    for (int i = 1; i < runs; i++) {
      sum = sum.plus(fullOnce(subject, seed + i));
    }
    return sum;
  }

  private static Row fullOnce(Subject subject, long seed) {
    var setting = Setting.USUAL.bytesMax(subject.ours() ? 0 : 1 << 30);
    try (var disk = new LoopDisk(SMALL_DISK_MIB);
        var bench = PowerCuts.on(disk, subject, seed, setting)) {
      bench.plays(Sink.DOWN);
      bench.start();
      try (var _ = bench.sender(CONNECTIONS)) {
        awaitRefusals(bench, 20);
      }
      boolean full = disk.freeBytes() < NEARLY_FULL_BYTES;
      bench.plays(Sink.UP);
      bench.probe(); // room comes back without help
      bench.settle();
      bench.stop();
      return bench.row("E8", 1, full ? 1 : 0);
    }
  }

  /// Refusals of either kind: what is said in them is judged by the row.
  private static void awaitRefusals(Bench bench, int more) {
    long from = bench.ledger.refused.get() + bench.ledger.rejected.get();
    Eventually.happens(
        () -> bench.ledger.refused.get() + bench.ledger.rejected.get() >= from + more,
        () -> "nobody is refused: " + bench.ledger.words);
  }

  /// E9: others fill the disk, and make room again.
  static Row fullByOthers(Subject subject, long seed, int runs) {
    try (var disk = new LoopDisk(64);
        var bench = PowerCuts.on(disk, subject, seed, Setting.USUAL.bytesMax(32 << 20))) {
      bench.start();
      int fired = 0;
      for (int i = 0; i < runs; i++) {
        bench.plays(i % 2 == 0 ? Sink.DOWN : Sink.UP);
        var filling = disk.path().resolve("filling");
        try (var sender = bench.sender(CONNECTIONS)) {
          sender.awaitMore(100);
          fill(filling);
          if (i % 2 == 0) {
            awaitRefusals(bench, 10);
          }
          fired += disk.freeBytes() < NEARLY_FULL_BYTES ? 1 : 0;
          delete(filling);
          bench.plays(Sink.UP);
          sender.awaitMore(20);
        }
      }
      bench.probe();
      bench.settle();
      bench.stop();
      return bench.row("E9", runs, fired);
    }
  }

  private static void fill(Path file) {
    Programs.run("dd", "if=/dev/zero", "of=" + file, "bs=64k", "status=none");
  }

  private static void delete(Path file) {
    Programs.done(Map.of(), List.of("rm", "-f", file.toString()));
  }

  /// E9, without room for another file: no segment can be begun, and marks stay as they are.
  static Row noMoreFiles(Subject subject, long seed, int runs) {
    try (var disk = new LoopDisk(64, "-N", "64");
        var bench = PowerCuts.on(disk, subject, seed, Setting.USUAL.bytesMax(4 << 20))) {
      bench.start();
      int fired = 0;
      for (int i = 0; i < runs; i++) {
        bench.plays(i % 2 == 0 ? Sink.DOWN : Sink.UP);
        var crowd = disk.path().resolve("crowd");
        try (var sender = bench.sender(CONNECTIONS)) {
          sender.awaitMore(20);
          boolean full = crowd(crowd);
          if (i % 2 == 0 && subject.ours()) {
            awaitRefusals(bench, 10);
          } else {
            sender.awaitMore(20);
          }
          fired += full ? 1 : 0;
          Programs.done(Map.of(), List.of("rm", "-rf", crowd.toString()));
          bench.plays(Sink.UP);
          sender.awaitMore(20);
        }
      }
      bench.probe();
      bench.settle();
      bench.stop();
      return bench.row("E9-INODES", runs, fired);
    }
  }

  /// Files until no more can be made.
  private static boolean crowd(Path folder) {
    Programs.done(Map.of(), List.of("mkdir", "-p", folder.toString()));
    var touched = Programs.run("sh", "-c", "i=0; while : > " + folder + "/$i; do i=$((i+1)); done");
    return touched.output().contains("No space");
  }

  /// E10: the file system turns read-only, as after an error; later it is mounted anew.
  static Row readOnly(Subject subject, long seed, int runs) {
    try (var disk = new LoopDisk(96);
        var bench = PowerCuts.on(disk, subject, seed, Setting.USUAL.bytesMax(32 << 20))) {
      int fired = 0;
      for (int i = 0; i < runs; i++) {
        bench.plays(bench.random.nextBoolean() ? Sink.DOWN : Sink.UP);
        bench.start();
        try (var sender = bench.sender(CONNECTIONS)) {
          sender.awaitMore(100);
          disk.abort();
          awaitRefusals(bench, 10);
          fired++;
        }
        bench.life().kill();
        disk.repair();
      }
      bench.plays(Sink.UP);
      bench.start();
      bench.probe();
      bench.settle();
      bench.stop();
      return bench.row("E10", runs, fired);
    }
  }

  private static final int[] DELAYS_MS = {50, 500, 3_000, 15_000};

  /// So long it hangs once.
  private static final int HANGING_MS = 15_000;

  /// One that syncs several times for each request, and for one request at a time, answers nobody in a
  /// minute when a sync takes seconds.
  private static final int[] OTHERS_DELAYS_MS = {50, 200, 500};

  private static final int SLOW_ACKS = 3;

  /// E11: each sync takes its time; then one hangs.
  static Row slow(Subject subject, long seed, int runs) {
    try (var bench = new Bench(subject, seed, Setting.USUAL)) {
      if (subject.ours()) {
        return slowOfOurs(bench, runs);
      }
      for (int i = 0; i < runs; i++) {
        int ms = OTHERS_DELAYS_MS[i % OTHERS_DELAYS_MS.length];
        var trace = bench.folder.resolve("trace-" + i);
        var life = bench.begin(Strace.inject(trace, "fdatasync", "delay_enter=" + ms * 1000));
        life.ready();
        bench.send(SLOW_ACKS);
        life.kill();
      }
      bench.start();
      bench.probe();
      bench.settle();
      bench.stop();
      return bench.row("E11", runs, runs);
    }
  }

  private static Row slowOfOurs(Bench bench, int runs) {
    var faults = new Faults(bench);
    bench.start();
    int fired = 0;
    for (int i = 0; i < runs; i++) {
      int ms = DELAYS_MS[i % DELAYS_MS.length];
      faults.set(0, Faults.SYNC, Action.DELAY, 0, ms, 0, ms < HANGING_MS ? Faults.ALWAYS : 1);
      try (var sender = bench.sender(64)) {
        sender.awaitMore(100);
      }
      fired += faults.hits(0) > 0 ? 1 : 0;
    }
    faults.off(0);
    bench.probe();
    bench.settle();
    bench.stop();
    return bench.row("E11", runs, fired);
  }
}

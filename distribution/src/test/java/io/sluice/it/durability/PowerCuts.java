package io.sluice.it.durability;

import io.sluice.it.durability.Faults.Action;
import io.sluice.it.durability.Subject.Setting;

/// The power goes: what was not forced is gone, or is there in parts. Needs root.
final class PowerCuts {
  private static final int CONNECTIONS = 4;
  private static final int DISK_MIB = 96;
  private static final int SLOW_SYNC_MS = 30;

  private PowerCuts() {}

  /// E4.
  static Row cut(Subject subject, long seed, int runs) {
    return cut(subject, seed, runs, true);
  }

  /// @param fsync false proves that the test bites
  static Row cut(Subject subject, long seed, int runs, boolean fsync) {
    var setting = Setting.USUAL.bytesMax(16 << 20).fsync(fsync);
    try (var disk = new LoopDisk(DISK_MIB);
        var bench = on(disk, subject, seed, setting)) {
      bench.start();
      try (var sender = bench.sender(CONNECTIONS)) {
        for (int i = 0; i < runs; i++) {
          bench.plays(bench.random.nextInt(3) == 0 ? Sink.UP : Sink.DOWN);
          sender.awaitMore(20 + bench.random.nextInt(400));
          disk.cut(bench.life());
          bench.start();
        }
        bench.plays(Sink.UP);
        sender.awaitMore(1);
      }
      bench.settle();
      bench.stop();
      return bench.row(fsync ? "E4" : "E4-CONTROL", runs, runs);
    }
  }

  static Bench on(LoopDisk disk, Subject subject, long seed, Setting setting) {
    return new Bench(
        subject, seed, setting, Bench.newFolder(), disk.queue(), new Requests(seed, false));
  }

  /// E4-CONTROL: proves that E4 finds what is not forced.
  static Row withoutFsync(Subject subject, long seed, int runs) {
    return cut(subject, seed, runs, false);
  }

  /// E5: of what was not forced, any sectors have reached the disk. Syncs are made slower for ours, so
  /// that there is something.
  static Row torn(Subject subject, long seed, int runs) {
    try (var disk = new LoopDisk(DISK_MIB);
        var bench = on(disk, subject, seed, Setting.USUAL.bytesMax(16 << 20))) {
      var faults = new Faults(bench);
      faults.set(0, Faults.SYNC, Action.DELAY, 0, SLOW_SYNC_MS, 0, Faults.ALWAYS);
      int fired = 0;
      long sectors = 0;
      bench.start();
      try (var sender = bench.sender(CONNECTIONS)) {
        for (int i = 0; i < runs; i++) {
          bench.plays(bench.random.nextInt(3) == 0 ? Sink.UP : Sink.DOWN);
          sender.awaitMore(20 + bench.random.nextInt(200));
          int mixed = disk.cutTorn(bench.life(), bench.random);
          sectors += mixed;
          fired += mixed > 0 ? 1 : 0;
          bench.start();
        }
        bench.plays(Sink.UP);
        sender.awaitMore(1);
      }
      bench.settle();
      bench.stop();
      // A cut at a moment when all was forced is none.
      return bench.row("E5", fired, fired).note(sectors + " sectors not forced, any of them there");
    }
  }
}

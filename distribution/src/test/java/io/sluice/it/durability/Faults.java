package io.sluice.it.durability;

import io.sluice.it.Peers;
import io.sluice.it.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/// Lets calls of a gateway on the files of its queues go wrong, by `src/test/native/faults.c`. A program
/// that does not use libc, as the Collector, does not notice it.
final class Faults {
  // As in the C file.
  static final int WRITE = 1;
  static final int SYNC = 2;
  static final int RENAME = 4;
  static final int UNLINK = 8;
  static final int OPEN = 16;
  static final int READ = 32;
  static final int TRUNCATE = 64;
  static final int EIO = 5;
  static final int ENOSPC = 28;
  static final int EROFS = 30;
  static final long ALWAYS = Long.MAX_VALUE >> 1;

  private static final int RULES = 8;
  private static final int RULE_BYTES = 48;
  private static final int HITS_AT = 40;

  /// The number is the C file's.
  enum Action {
    NOTHING(0),
    FAIL(1),
    DELAY(2),
    SHORT(3),
    LOSE(4);

    private final int number;

    Action(int number) {
      this.number = number;
    }
  }

  private final FileChannel control;

  /// For the next life of a gateway.
  Faults(Bench bench) {
    var module = Peers.module();
    var library = module.resolve("target/faults.so");
    Programs.done(
        Map.of(),
        List.of(
            "cc",
            "-shared",
            "-fPIC",
            "-O2",
            "-o",
            library.toString(),
            module.resolve("src/test/native/faults.c").toString(),
            "-ldl",
            "-lpthread"));
    var file = bench.folder.resolve("faults");
    try {
      control =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      control.write(ByteBuffer.allocate(RULES * RULE_BYTES), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    bench.environment("LD_PRELOAD", library.toString());
    bench.environment("FAULTS_BELOW", bench.data.toString());
    bench.environment("FAULTS_CONTROL", file.toString());
  }

  /// From now on.
  ///
  /// @param rule which of the eight
  /// @param skip so many calls pass first
  /// @param times so many are hit
  void set(int rule, int calls, Action action, int error, int delayMs, long skip, long times) {
    var bytes = ByteBuffer.allocate(RULE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    write(bytes.duplicate(), rule); // off while it is changed
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(calls).putInt(action.number).putInt(error).putInt(delayMs);
    bytes.putLong(skip).putLong(times).rewind();
    write(bytes, rule);
  }

  void fail(int rule, int calls, int error, long skip, long times) {
    set(rule, calls, Action.FAIL, error, 0, skip, times);
  }

  void off(int rule) {
    set(rule, 0, Action.NOTHING, 0, 0, 0, 0);
  }

  private void write(ByteBuffer bytes, int rule) {
    try {
      control.write(bytes, (long) rule * RULE_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// How many calls the rule has hit since it was set.
  long hits(int rule) {
    var bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try {
      control.read(bytes, (long) rule * RULE_BYTES + HITS_AT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.getLong(0);
  }
}

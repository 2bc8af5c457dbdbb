package io.sluice.telemetry;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Decides which of many equal messages are written. Keyed by level and message, which are constants
/// of the program; bounded all the same, since a library may log what it likes.
final class LogSampler {
  private static final int MESSAGES_MAX = 4096;

  private final LogSettings.Sampling sampling;
  private final LongSupplier nanoTime;
  private final ConcurrentHashMap<String, Tick> ticks = new ConcurrentHashMap<>();

  LogSampler(LogSettings.Sampling sampling, LongSupplier nanoTime) {
    this.sampling = sampling;
    this.nanoTime = nanoTime;
  }

  boolean admits(Log.Level level, String message) {
    if (ticks.size() > MESSAGES_MAX) {
      ticks.clear();
    }
    long now = nanoTime.getAsLong();
    long count = ticks.compute(level + message, (_, old) -> Tick.next(old, now, sampling)).count();
    return count <= sampling.initial()
        || (sampling.thereafter() > 0 && (count - sampling.initial()) % sampling.thereafter() == 0);
  }

  private record Tick(long start, long count) {
    static Tick next(
        @org.jspecify.annotations.Nullable Tick old, long now, LogSettings.Sampling sampling) {
      return old == null || now - old.start >= sampling.tick().toNanos()
          ? new Tick(now, 1)
          : new Tick(old.start, old.count + 1);
    }
  }
}

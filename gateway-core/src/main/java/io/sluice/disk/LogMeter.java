package io.sluice.disk;

/// Hears of what a log does. On any thread of the log.
public interface LogMeter {
  LogMeter NONE = new LogMeter() {};

  /// One write and one sync for so many records.
  default void committed(int records, long bytes, long nanos) {}

  /// A write or sync failed, and all that it was for was refused.
  default void commitFailed() {}

  /// Batches were delivered that had been on their way before: a crash, a stop or a reload came before
  /// the answer, or before it was marked.
  ///
  /// @param destination by name
  default void redelivered(String destination, Counts counts) {}

  /// Damage was found and set aside.
  ///
  /// @param records that were answered for
  default void quarantined(long records, long bytes) {}
}

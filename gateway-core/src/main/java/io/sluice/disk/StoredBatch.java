package io.sluice.disk;

import io.sluice.data.Batch;
import org.jspecify.annotations.Nullable;

/// A stored batch as somebody sees it who takes nothing.
///
/// @param encoding of its payload on disk; empty for plain OTLP
/// @param letter why it is a dead letter, if it is one
public record StoredBatch(Head head, Batch batch, String encoding, @Nullable DeadLetter letter) {
  /// What its header says.
  ///
  /// @param items in the batch
  /// @param bytes of uncompressed OTLP
  /// @param storedBytes of the whole record on disk
  /// @param file it is in, and `at` where it begins there
  public record Head(
      long sequence,
      long storedAtMs,
      io.sluice.data.Signal signal,
      int items,
      long bytes,
      long storedBytes,
      String file,
      long at) {}
}

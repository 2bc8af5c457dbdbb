package io.sluice.disk;

import io.sluice.data.Batch;
import org.jspecify.annotations.Nullable;

/// A batch as it was read back. Its lease covers the bytes in memory and is the reader's to close.
///
/// @param letter why it is a dead letter, if it is one
public record Entry(
    long sequence, long storedAtMs, Batch batch, @Nullable DeadLetter letter, Segment.Share from) {
  Counts counts() {
    return new Counts(1, batch.items(), batch.sizeInBytes());
  }
}

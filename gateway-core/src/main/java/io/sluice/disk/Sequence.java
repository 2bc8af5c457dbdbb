package io.sluice.disk;

/// The next number to give to a record. Numbers rise over restarts and are never used twice; those of
/// batches that could not be stored are left out. Confined to the log's own thread.
final class Sequence {
  private final long stored;
  private long next;

  /// @param stored the highest that is known to be on stable storage
  Sequence(long next, long stored) {
    this.next = next;
    this.stored = stored;
  }

  /// The highest that was on stable storage at the start.
  long stored() {
    return stored;
  }

  long next() {
    return next;
  }

  long take() {
    return next++;
  }
}

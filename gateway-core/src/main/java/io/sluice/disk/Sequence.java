package io.sluice.disk;

/// The next number to give to a record. Numbers rise over restarts and are never used twice; those of
/// batches that could not be stored are left out. Confined to the log's own thread.
final class Sequence {
  private long next;

  Sequence(long next) {
    this.next = next;
  }

  long next() {
    return next;
  }

  long take() {
    return next++;
  }
}

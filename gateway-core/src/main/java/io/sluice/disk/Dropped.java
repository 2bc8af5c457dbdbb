package io.sluice.disk;

/// What was given up.
///
/// @param left batches that were on their way to their destination and are left to it
/// @param resume see [Browse#resume]
/// @param durable whether that is on stable storage; if not, it may be there again after a crash
public record Dropped(Counts counts, long left, long resume, boolean durable) {
  static final Dropped NOTHING = new Dropped(Counts.NONE, 0, -1, true);

  Dropped durable(boolean marked) {
    return new Dropped(counts, left, resume, marked);
  }
}

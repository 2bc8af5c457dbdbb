package io.sluice.disk;

/// What went back from the dead letters to a queue.
///
/// @param reason why it ended before all did; empty if all did
/// @param resume see [Browse#resume]
/// @param durable whether it is on stable storage that they are dead letters no more; if not, they may be
///     among them again after a crash
public record Replayed(Counts counts, String reason, long resume, boolean durable) {
  static final Replayed NOTHING = new Replayed(Counts.NONE, "", -1, true);

  Replayed durable(boolean marked) {
    return new Replayed(counts, reason, resume, marked);
  }
}

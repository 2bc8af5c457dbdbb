package io.sluice.disk;

/// What went back from the dead letters to a queue.
///
/// @param reason why it ended before all did; empty if all did
/// @param resume see [Browse#resume]
public record Replayed(Counts counts, String reason, long resume) {}

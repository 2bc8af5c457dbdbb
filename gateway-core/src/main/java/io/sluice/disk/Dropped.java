package io.sluice.disk;

/// What was given up.
///
/// @param left batches that were on their way to their destination and are left to it
/// @param resume see [Browse#resume]
public record Dropped(Counts counts, long left, long resume) {}

package io.sluice.disk;

/// Why stored batches were not delivered. The names are reasons in metrics.
public enum Loss {
  /// Their bytes are not what was written.
  DAMAGED,
  /// Older than `age_max`.
  EXPIRED,
  /// There was no room, and `on_full` is `drop_oldest`.
  DISPLACED,
  /// Their destination is gone, and `orphan` is `drop`.
  ORPHANED,
  /// Somebody asked for it.
  BY_OPERATOR
}

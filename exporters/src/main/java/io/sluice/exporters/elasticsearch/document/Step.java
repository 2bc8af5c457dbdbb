package io.sluice.exporters.elasticsearch.document;

/// What a step over documents came to.
public enum Step {
  /// It stands on the next one.
  DOCUMENT,

  /// It has done a turn's work and found none yet: others may have theirs before the next step.
  PAUSE,

  /// There are no more.
  END
}

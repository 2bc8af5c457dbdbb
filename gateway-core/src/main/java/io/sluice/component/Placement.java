package io.sluice.component;

/// How many instances of a stage there are.
public enum Placement {
  /// One on each loop that needs it: for stages without state of their own.
  EVERY_LOOP,
  /// One, on a home loop; other loops hand batches over to it. For whatever holds batches or has a
  /// limit that the user wrote.
  ONCE
}

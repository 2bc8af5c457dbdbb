package io.sluice.data;

/// The way down from a request to its items: on each level, which fields lead further.
///
/// ```
///          depth 0      1           2          3         4
/// traces   request (1)  resource(2) scope(2)   span
/// logs     request (1)  resource(2) scope(2)   record
/// metrics  request (1)  resource(2) scope(2)   metric(5,7,9,10,11)  data(1)  point
/// profiles request (1)  resource(2) scope(2)   profile(2)           sample
/// ```
final class Levels {
  /// Deepest path, in messages.
  static final int MAX = 6;

  private static final long RESOURCE = 1L << 1;
  private static final long CHILDREN = 1L << 2;
  private static final long METRIC_DATA = 1L << 5 | 1L << 7 | 1L << 9 | 1L << 10 | 1L << 11;
  private static final long POINTS = 1L << 1;

  /// For each depth the set of fields, by bit, that hold the messages of the next.
  private final long[] down;

  private Levels(long... down) {
    this.down = down;
  }

  static Levels of(Signal signal) {
    return switch (signal) {
      case TRACES, LOGS -> new Levels(RESOURCE, CHILDREN, CHILDREN);
      case METRICS -> new Levels(RESOURCE, CHILDREN, CHILDREN, METRIC_DATA, POINTS);
      case PROFILES -> new Levels(RESOURCE, CHILDREN, CHILDREN, CHILDREN);
    };
  }

  /// The depth of items.
  int items() {
    return down.length;
  }

  boolean leadsDown(int depth, int field) {
    return field < Long.SIZE && (down[depth] >>> field & 1) != 0;
  }
}

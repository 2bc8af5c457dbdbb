package io.sluice.data;

import io.sluice.wire.WireReader;

/// Counts the items in a message of any depth. Confined to one thread.
final class Tally {
  private final Levels levels;
  private final WireReader[] readers = new WireReader[Levels.MAX];

  Tally(Levels levels) {
    this.levels = levels;
    for (int i = 0; i < Levels.MAX; i++) {
      readers[i] = new WireReader();
    }
  }

  /// Items in the child that `outer` stands on.
  ///
  /// @param depth of the child
  int items(WireReader outer, int depth) {
    if (depth == levels.items()) {
      return 1;
    }
    int count = 0;
    var inner = outer.into(readers[depth]);
    while (inner.next()) {
      if (levels.leadsDown(depth, inner.field())) {
        count += items(inner, depth + 1);
      }
    }
    return count;
  }
}

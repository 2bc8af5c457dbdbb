package io.sluice.exporters.loki;

import org.jspecify.annotations.Nullable;

/// Entries of which Loki took all but so many, without saying which. When these are found, the others need not be
/// searched.
final class Doubt {
  private final int said;
  private final @Nullable Doubt around;
  private int found;
  private boolean givenUp;

  /// @param around what was known before of more entries, these among them
  Doubt(int said, @Nullable Doubt around) {
    this.said = said;
    this.around = around;
  }

  void found(int count) {
    found += count;
    if (around != null) {
      around.found(count);
    }
  }

  boolean isOver() {
    return givenUp || found >= said || (around != null && around.isOver());
  }

  /// How many are not going to be found.
  int giveUp() {
    if (around != null) {
      givenUp = true;
      return around.giveUp();
    }
    int missing = givenUp ? 0 : Math.max(0, said - found);
    givenUp = true;
    return missing;
  }
}

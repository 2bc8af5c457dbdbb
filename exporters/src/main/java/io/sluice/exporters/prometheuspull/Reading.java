package io.sluice.exporters.prometheuspull;

import io.sluice.exporters.prometheus.Entries;

/// What the series of one point say, a time after the other, oldest first. Used again for each point; confined to
/// one thread.
final class Reading {
  private static final int ROOM = 32;

  private int[] next = new int[ROOM];
  private int[] entries = new int[ROOM];
  private int size;
  private long timeMs;

  /// @param end behind the last series
  void over(Entries samples, int first, int end) {
    size = end - first;
    if (size > next.length) {
      next = new int[2 * size];
      entries = new int[2 * size];
    }
    for (int i = 0; i < size; i++) {
      next[i] = samples.first(first + i);
    }
  }

  /// Moves to the next time.
  ///
  /// @return false if there is none
  boolean next(Entries samples) {
    timeMs = Long.MAX_VALUE;
    boolean some = false;
    for (int i = 0; i < size; i++) {
      if (next[i] != Entries.NONE) {
        timeMs = Math.min(timeMs, samples.timeMs(next[i]));
        some = true;
      }
    }
    for (int i = 0; i < size; i++) {
      boolean now = next[i] != Entries.NONE && samples.timeMs(next[i]) == timeMs;
      entries[i] = now ? next[i] : Entries.NONE;
      next[i] = now ? samples.next(next[i]) : next[i];
    }
    return some;
  }

  long timeMs() {
    return timeMs;
  }

  int size() {
    return size;
  }

  /// What a series says at this time, or [Entries#NONE].
  int entry(int index) {
    return entries[index];
  }

  /// Any of them: what is told of a point as a whole is told with each.
  int any() {
    int i = 0;
    while (entries[i] == Entries.NONE) {
      i++;
    }
    return entries[i];
  }
}

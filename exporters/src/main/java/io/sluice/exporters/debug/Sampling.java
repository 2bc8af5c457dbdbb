package io.sluice.exporters.debug;

import java.util.HashMap;
import java.util.Map;

/// Thins out equal messages: of each second the first few, then every n-th.
final class Sampling {
  private static final long SECOND_NS = 1_000_000_000L;
  private static final int MESSAGES_MAX = 4096;

  private final int initial;
  private final int thereafter;

  /// By the hash of the message: texts are large, and rarely come twice.
  private final Map<Integer, Integer> seen = new HashMap<>();

  private long secondStart;

  Sampling(int initial, int thereafter) {
    this.initial = initial;
    this.thereafter = thereafter;
  }

  boolean passes(String message, long now) {
    if (now - secondStart >= SECOND_NS || seen.size() > MESSAGES_MAX) {
      seen.clear();
      secondStart = now;
    }
    int count = seen.merge(message.hashCode(), 1, Integer::sum);
    return count <= initial || (thereafter > 0 && (count - initial) % thereafter == 0);
  }
}

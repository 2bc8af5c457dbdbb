package io.sluice.distribution;

import io.sluice.service.Limits;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the launcher made of the memory that this process may use.
final class Memory {
  /// The budget of the process and where it is from: `512 MiB (default)`.
  private static final String BUDGET = "sluice.memory.budget";

  /// MiB beside the heap: `direct:108 metaspace:64`.
  private static final String OUTSIDE = "sluice.memory.outside";

  private Memory() {}

  static Limits limits() {
    return Limits.of(Runtime.getRuntime().maxMemory(), outside(System.getProperty(OUTSIDE, "")));
  }

  /// For the start log.
  static String budget() {
    return System.getProperty(BUDGET, "as the JVM was told");
  }

  private static Map<String, Long> outside(String text) {
    var parts = new LinkedHashMap<String, Long>();
    for (var part : text.strip().split(" ", -1)) {
      int colon = part.indexOf(':');
      if (colon > 0) {
        parts.put(part.substring(0, colon), Long.parseLong(part.substring(colon + 1)) << 20);
      }
    }
    return parts;
  }
}

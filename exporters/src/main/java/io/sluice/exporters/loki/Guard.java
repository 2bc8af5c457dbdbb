package io.sluice.exporters.loki;

import io.micrometer.core.instrument.Counter;
import io.sluice.component.ComponentContext;
import io.sluice.wire.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Sees to it that a label has only so many values, since each makes streams. It remembers hashes of them for
/// an hour; a value that collides with another passes. Confined to one thread.
final class Guard {
  /// The bound on what is remembered of one label: 16 MiB.
  static final int VALUES_MAX = 1 << 20;

  /// Longer ones Loki refuses.
  static final int VALUE_BYTES_MAX = 2048;

  private static final Duration REMEMBERED = Duration.ofHours(1);
  private static final int ROOM = 16;

  private final String label;
  private final int valuesMax;
  private final long seed;
  private final String fate;
  private final ComponentContext context;
  private final Map<Reason, Counter> counters = new EnumMap<>(Reason.class);
  private long[] seen = new long[ROOM];
  private int size;
  private final Set<Reason> said = EnumSet.noneOf(Reason.class);
  private Instant since;

  /// @param valuesMax 0 for no limit
  /// @param seed makes it hard to find values that collide
  /// @param fate what becomes of that which is no label, for the log
  Guard(String label, int valuesMax, long seed, String fate, ComponentContext context) {
    this.label = label;
    this.valuesMax = valuesMax;
    this.seed = seed;
    this.fate = fate;
    this.context = context;
    since = context.clock().instant();
  }

  /// Why something is no label.
  enum Reason {
    VALUE_TOO_LONG,
    TOO_MANY_VALUES,
    TOO_MANY_LABELS;

    /// For labels of metrics.
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Why this value may not be one of the label; null if it may.
  @Nullable Reason objection(Bytes value) {
    if (value.length() > VALUE_BYTES_MAX) {
      return said(Reason.VALUE_TOO_LONG, "A value of a label is too long", VALUE_BYTES_MAX);
    }
    if (valuesMax == 0) {
      return null;
    }
    long hash = hash(value);
    if (seen[find(hash)] == hash) {
      return null;
    }
    if (size < valuesMax || forgets()) {
      add(hash);
      return null;
    }
    return said(Reason.TOO_MANY_VALUES, "A label has too many values", valuesMax);
  }

  /// There were too many labels for this one.
  Reason oneTooMany(int labelsMax) {
    return said(Reason.TOO_MANY_LABELS, "A stream has too many labels", labelsMax);
  }

  private Reason said(Reason reason, String what, int max) {
    if (said.add(reason)) {
      context.log().warn(what + ". Further ones " + fate + ".", "label", label, "max", max);
    }
    return reason;
  }

  /// One record does not have it for this reason.
  void count(Reason reason) {
    counters
        .computeIfAbsent(
            reason,
            _ ->
                context
                    .telemetry()
                    .counter(
                        "sluice_exporter_loki_moved_labels",
                        "Number of log records of which something that was to be a label is none",
                        "exporter",
                        context.id().toString(),
                        "label",
                        label,
                        "reason",
                        reason.toString()))
        .increment();
  }

  private boolean forgets() {
    var now = context.clock().instant();
    if (now.isBefore(since.plus(REMEMBERED))) {
      return false;
    }
    since = now;
    said.remove(Reason.TOO_MANY_VALUES);
    size = 0;
    seen = new long[ROOM];
    return true;
  }

  private int find(long hash) {
    int mask = seen.length - 1;
    int at = (int) (hash >>> 20) & mask;
    while (seen[at] != 0 && seen[at] != hash) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void add(long hash) {
    if (2 * ++size > seen.length) {
      var old = seen;
      seen = new long[2 * old.length];
      Arrays.stream(old).filter(each -> each != 0).forEach(each -> seen[find(each)] = each);
    }
    seen[find(hash)] = hash;
  }

  /// Never 0.
  private long hash(Bytes value) {
    long hash = seed;
    for (int i = 0; i < value.length(); i++) {
      hash = (hash ^ value.at(i)) * 0x9E37_79B9_7F4A_7C15L;
      hash ^= hash >>> 29;
    }
    return hash == 0 ? 1 : hash;
  }
}

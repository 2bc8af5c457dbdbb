package io.sluice.exporters.loki;

import io.sluice.wire.Bytes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Keys of attributes that are not sent.
final class Dropped {
  private final Set<Bytes> keys = new HashSet<>();
  private final List<Bytes> prefixes;

  /// @param patterns keys; a `*` at the end stands for anything
  Dropped(List<String> patterns) {
    prefixes =
        patterns.stream()
            .filter(pattern -> pattern.endsWith("*"))
            .map(pattern -> Bytes.utf8(pattern.substring(0, pattern.length() - 1)))
            .toList();
    patterns.stream()
        .filter(pattern -> !pattern.endsWith("*"))
        .forEach(pattern -> keys.add(Bytes.utf8(pattern)));
  }

  boolean has(Bytes key) {
    if (!keys.isEmpty() && keys.contains(key)) {
      return true;
    }
    for (var prefix : prefixes) {
      if (key.length() >= prefix.length() && key.slice(0, prefix.length()).equals(prefix)) {
        return true;
      }
    }
    return false;
  }
}

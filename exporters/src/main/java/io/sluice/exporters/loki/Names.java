package io.sluice.exporters.loki;

import io.sluice.exporters.prometheus.LabelNames;
import io.sluice.exporters.prometheus.Strategy;
import io.sluice.wire.Bytes;
import java.util.HashMap;
import java.util.Map;

/// Makes names of labels and structured metadata out of keys, by the rules of Prometheus: `k8s.pod.name`
/// becomes `k8s_pod_name`. Confined to one thread.
final class Names {
  /// So many are remembered from batch to batch, of so many bytes; then all but the reserved ones are forgotten.
  /// Within a batch there are no more than it has keys.
  static final int REMEMBERED_MAX = 10_000;

  static final long REMEMBERED_BYTES_MAX = 2 << 20;

  private final LabelNames rules = new LabelNames(Strategy.UNDERSCORES);
  private final Map<Bytes, Name> byKey = new HashMap<>();
  private final Map<Bytes, Name> byText = new HashMap<>();
  private long bytes;

  /// Between two batches.
  void trim() {
    if (byKey.size() + byText.size() > REMEMBERED_MAX || bytes > REMEMBERED_BYTES_MAX) {
      bytes = 0;
      byKey.clear();
      byText.values().removeIf(name -> !name.reserved);
    }
  }

  /// The name for a key. One of which nothing is left is called `key`.
  Name of(Bytes key) {
    var known = byKey.get(key);
    if (known != null) {
      return known;
    }
    var text = rules.of(key.utf8());
    var name = named(Bytes.utf8(text.isEmpty() ? "key" : text));
    byKey.put(Bytes.wrap(key.toArray()), name);
    bytes += key.length();
    return name;
  }

  Name of(String key) {
    return of(Bytes.utf8(key));
  }

  /// With a prefix, for one that is taken.
  Name of(String prefix, Name taken) {
    return named(Bytes.utf8(prefix + taken.text.utf8()));
  }

  Name reserved(String key) {
    var name = of(key);
    name.reserved = true;
    return name;
  }

  private Name named(Bytes text) {
    return byText.computeIfAbsent(
        text,
        added -> {
          bytes += added.length();
          return new Name(added);
        });
  }
}

package io.sluice.export;

import io.sluice.data.Batch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// One open batch for each combination of metadata values, so that batches of different tenants are
/// not joined. The least recently used combination is sent and forgotten when there are too many.
final class Partitions {
  static final int PARTITIONS_MAX = 10_000;

  private final List<String> keys;
  private final Function<Map<String, List<String>>, Batcher> create;
  private final Map<List<List<String>>, Batcher> batchers = new LinkedHashMap<>(16, 0.75f, true);

  /// @param keys in lower case, as [io.sluice.data.Origin#metadata] has them
  /// @param create is given the metadata that all of a combination have
  Partitions(List<String> keys, Function<Map<String, List<String>>, Batcher> create) {
    this.keys = keys;
    this.create = create;
  }

  Batcher of(Batch batch) {
    var metadata = batch.origin().metadata();
    var values = keys.stream().map(key -> metadata.getOrDefault(key, List.of())).toList();
    var batcher = batchers.computeIfAbsent(values, _ -> create.apply(kept(metadata)));
    if (batchers.size() > PARTITIONS_MAX) {
      var eldest = batchers.entrySet().iterator();
      eldest.next().getValue().flush();
      eldest.remove();
    }
    return batcher;
  }

  private Map<String, List<String>> kept(Map<String, List<String>> metadata) {
    var kept = new LinkedHashMap<>(metadata);
    kept.keySet().retainAll(keys);
    return kept;
  }

  int size() {
    return batchers.size();
  }

  void flush() {
    batchers.values().forEach(Batcher::flush);
  }
}

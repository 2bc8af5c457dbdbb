package io.sluice.exporters.elasticsearch;

import io.sluice.exporters.elasticsearch.document.Rejects;
import io.sluice.pipeline.Outcome.Fault;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/// What has come of a batch so far. It is kept while the batch waits to be sent again, so that what has
/// arrived is not sent twice.
final class Progress {
  /// Documents that were delivered or rejected, by their numbers.
  final BitSet settled = new BitSet();

  final Rejects rejects = new Rejects();
  private final Map<String, Fault> faults = new HashMap<>();

  /// Documents that are there.
  long delivered;

  /// Of these, documents that were there before.
  long conflicts;

  /// How often a document has failed, other than by throttling, by its number.
  final Map<Integer, Integer> failures = new HashMap<>();

  /// Attempts that ended with something left.
  int refusals;

  /// @param kind stands for the reason where there are too many
  void reject(BitSet items, Fault fault, String reason, String kind) {
    faults.putIfAbsent(rejects.add(items, reason, kind), fault);
  }

  /// Why, for words that an item was rejected with.
  Fault fault(String reason) {
    return faults.getOrDefault(reason, Fault.INVALID);
  }
}

package io.sluice.benchmarks;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Which requests were acknowledged and which arrived, told apart by the id of their first span. So
/// one that arrived twice does not make up for one that was lost. Safe on any thread.
final class Ledger {
  private static final int TRACE_ID = 1;

  private final Map<Bytes, LongAdder> acknowledged = new ConcurrentHashMap<>();
  private final Map<Bytes, LongAdder> arrived = new ConcurrentHashMap<>();

  void acknowledged(Bytes request) {
    acknowledged.computeIfAbsent(key(request), _ -> new LongAdder()).increment();
  }

  void arrived(Bytes request) {
    arrived.computeIfAbsent(key(request), _ -> new LongAdder()).increment();
  }

  /// Requests that were acknowledged and did not arrive.
  long lost() {
    return acknowledged.entrySet().stream()
        .mapToLong(entry -> Math.max(0, entry.getValue().sum() - arrivals(entry.getKey())))
        .sum();
  }

  /// Requests that arrived more often than they were acknowledged: sent again after an answer that did not come.
  long duplicates() {
    return arrived.entrySet().stream()
        .mapToLong(entry -> Math.max(0, entry.getValue().sum() - acknowledgements(entry.getKey())))
        .sum();
  }

  private long arrivals(Bytes key) {
    var count = arrived.get(key);
    return count == null ? 0 : count.sum();
  }

  private long acknowledgements(Bytes key) {
    var count = acknowledged.get(key);
    return count == null ? 0 : count.sum();
  }

  /// The trace id of the first span of the first scope of the first resource.
  private static Bytes key(Bytes request) {
    var reader = new WireReader().over(request);
    for (int field : new int[] {1, 2, 2}) {
      reader = entered(reader, field);
    }
    while (reader.next()) {
      if (reader.field() == TRACE_ID) {
        return Bytes.wrap(
            reader.bytes().toArray()); // of its own: the request's array is used again
      }
    }
    throw new IllegalArgumentException("a span without an id");
  }

  private static WireReader entered(WireReader message, int field) {
    while (message.next()) {
      if (message.field() == field) {
        return message.into(new WireReader());
      }
    }
    throw new IllegalArgumentException("no field " + field);
  }
}

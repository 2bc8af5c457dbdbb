package io.sluice.benchmarks;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// Which requests were acknowledged and which arrived, told apart by the id of their first span, which is
/// another one each time a request is sent ([#stamped]). So one that arrived twice does not make up for one that was
/// lost. Safe on any thread.
final class Ledger {
  private static final int TRACE_ID = 1;

  private final AtomicLong sent = new AtomicLong();
  private final Map<Bytes, LongAdder> acknowledged = new ConcurrentHashMap<>();
  private final Map<Bytes, LongAdder> arrived = new ConcurrentHashMap<>();
  private final LongAdder acknowledgements = new LongAdder();
  private final LongAdder arrivals = new LongAdder();

  /// The request as nobody has sent it before.
  Bytes stamped(Bytes request) {
    var id = id(request);
    var copy = request.toArray();
    ByteBuffer.wrap(copy).putLong(id.offset() - request.offset(), sent.incrementAndGet());
    return Bytes.wrap(copy);
  }

  void acknowledged(Bytes request) {
    acknowledged.computeIfAbsent(key(request), _ -> new LongAdder()).increment();
    acknowledgements.increment();
  }

  void arrived(Bytes request) {
    arrived.computeIfAbsent(key(request), _ -> new LongAdder()).increment();
    arrivals.increment();
  }

  /// Whether all that was acknowledged arrived. Costs nothing until there are enough arrivals.
  boolean complete() {
    return arrivals.sum() >= acknowledgements.sum() && lost() == 0;
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

  private static Bytes key(Bytes request) {
    return Bytes.wrap(id(request).toArray()); // of its own: the request's array is used again
  }

  /// The trace id of the first span of the first scope of the first resource.
  private static Bytes id(Bytes request) {
    var reader = new WireReader().over(request);
    for (int field : new int[] {1, 2, 2}) {
      reader = entered(reader, field);
    }
    while (reader.next()) {
      if (reader.field() == TRACE_ID) {
        return reader.bytes();
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

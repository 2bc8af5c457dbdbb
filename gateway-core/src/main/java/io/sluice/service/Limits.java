package io.sluice.service;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Every bound on memory, as parts of the one budget of the process.
///
/// Whatever holds telemetry (requests that come in, batches under way, queues in memory) is charged to
/// [#inFlightBytes], so counts that a user writes (`queue_size: 1000`) are bounds inside that one. The
/// parts of the heap add up to the heap, those of the process to its budget.
///
/// @param heapBytes what the JVM may use at most
/// @param ownBytes of the heap, for the gateway itself: code's constants, metrics, young objects
/// @param inFlightBytes of the heap, for telemetry; what [ByteBudget] holds everybody to
/// @param readyBytes of the heap, for large arrays that wait to be used again
/// @param connectionsBytes of the heap, for connections at rest
/// @param outside what the process takes beside the heap, by name; empty if nobody divided it
public record Limits(
    long heapBytes,
    long ownBytes,
    long inFlightBytes,
    long readyBytes,
    long connectionsBytes,
    Map<String, Long> outside) {
  /// What a connection at rest costs on the heap, measured: 6 KiB by gRPC, 8 KiB by HTTP. The rest is for
  /// headers under way.
  public static final int CONNECTION_BYTES = 16 << 10;

  /// The name of direct memory in [#outside].
  public static final String DIRECT = "direct";

  private static final long SHARE_MIN_BYTES = 8 << 20;

  private static final long OWN_BYTES = 80 << 20;

  /// Of a heap too small for that.
  private static final double OWN_MAX = 0.75;

  private static final double READY = 0.15;
  private static final double CONNECTIONS = 0.15;

  public Limits {
    outside = Collections.unmodifiableMap(new LinkedHashMap<>(outside));
  }

  /// @param outside see the record
  public static Limits of(long heapBytes, Map<String, Long> outside) {
    long own = Math.min(OWN_BYTES, (long) (heapBytes * OWN_MAX));
    long rest = heapBytes - own;
    long ready = (long) (rest * READY);
    long connections = (long) (rest * CONNECTIONS);
    return new Limits(heapBytes, own, rest - ready - connections, ready, connections, outside);
  }

  /// All listeners together, see [io.sluice.component.Budget#connections].
  public int connectionsMax() {
    return (int) Math.min(Integer.MAX_VALUE, connectionsBytes / CONNECTION_BYTES);
  }

  /// Messages that gRPC has in parts, in direct memory, which is also what it copies to what it sends
  /// ([#sendingBytes]). Both leave room there for a large message, for what connections may send before
  /// they are asked to, and for buffers that are kept for the sake of a few bytes.
  public long arrivingBytes() {
    return Math.min(inFlightBytes, share(directBytes()));
  }

  /// What stands in direct memory on its way to all destinations; each may have one batch there beyond that.
  public long sendingBytes() {
    return Math.min(inFlightBytes / 4, share(directBytes()));
  }

  private static long share(long direct) {
    return Math.max(direct / 8, Math.min(SHARE_MIN_BYTES, direct / 4));
  }

  /// The JVM allows as much as the heap if it was told nothing.
  private long directBytes() {
    return outside.getOrDefault(DIRECT, heapBytes);
  }

  /// What the process can come to, all parts taken together.
  public long sumBytes() {
    return heapBytes + outside.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    text.append("heap ").append(mib(heapBytes));
    text.append(" (in flight ").append(mib(inFlightBytes));
    text.append(", ready arrays ").append(mib(readyBytes));
    text.append(", ").append(connectionsMax()).append(" connections ");
    text.append(mib(connectionsBytes));
    text.append(", gateway ").append(mib(ownBytes)).append(')');
    outside.forEach((name, bytes) -> {
      text.append(" + ").append(name).append(' ').append(mib(bytes));
      if (name.equals(DIRECT)) {
        text.append(" (arriving ").append(mib(arrivingBytes()));
        text.append(", sending ").append(mib(sendingBytes())).append(')');
      }
    });
    return text.append(" = ").append(mib(sumBytes())).append(" MiB").toString();
  }

  private static long mib(long bytes) {
    return Math.round(bytes / (double) (1 << 20));
  }
}

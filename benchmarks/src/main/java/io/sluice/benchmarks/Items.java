package io.sluice.benchmarks;

import io.sluice.data.Signal;
import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;

/// Counts what a request holds, by its structure down to the items. A request that is cut short or
/// whose lengths lie does not pass.
final class Items {
  /// Field numbers on the way from a request to its items, as sets of bits.
  private static final int[] OF_SPANS_AND_LOGS = {1 << 1, 1 << 2, 1 << 2};

  /// Behind the metric: gauge, sum, histogram, exponential histogram, summary.
  private static final int[] OF_POINTS = {
    1 << 1, 1 << 2, 1 << 2, 1 << 5 | 1 << 7 | 1 << 9 | 1 << 10 | 1 << 11, 1 << 1
  };

  private Items() {}

  static int in(Signal signal, Bytes otlp) {
    var path = signal == Signal.METRICS ? OF_POINTS : OF_SPANS_AND_LOGS;
    return below(new WireReader().over(otlp), path, 0);
  }

  private static int below(WireReader message, int[] path, int level) {
    int count = 0;
    var inner = new WireReader();
    while (message.next()) {
      if (message.wireType() == WireReader.LENGTH_DELIMITED
          && (path[level] >>> message.field() & 1) == 1) {
        count += level == path.length - 1 ? 1 : below(message.into(inner), path, level + 1);
      }
    }
    return count;
  }
}

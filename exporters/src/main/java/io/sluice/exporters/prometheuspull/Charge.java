package io.sluice.exporters.prometheuspull;

import io.sluice.component.Budget;
import io.sluice.data.Lease;
import java.util.ArrayDeque;
import java.util.Deque;

/// What is kept, charged to the gateway's budget in large pieces. Confined to one loop.
final class Charge {
  private static final long PIECE_BYTES = 256 << 10;

  private final Budget budget;
  private final Deque<Lease> pieces = new ArrayDeque<>();
  private long bytes;

  Charge(Budget budget) {
    this.budget = budget;
  }

  /// @return false if there is no room
  boolean add(long more) {
    while (bytes + more > pieces.size() * PIECE_BYTES) {
      var piece = budget.take(PIECE_BYTES);
      if (piece == null) {
        return false;
      }
      pieces.push(piece);
    }
    bytes += more;
    return true;
  }

  /// All of it.
  void close() {
    pieces.forEach(Lease::close);
    pieces.clear();
    bytes = 0;
  }

  void remove(long less) {
    bytes -= less;
    while (!pieces.isEmpty() && bytes <= (pieces.size() - 1) * PIECE_BYTES) {
      pieces.pop().close();
    }
  }
}

package io.sluice.receivers.otlp;

import io.sluice.component.Budget;
import io.sluice.data.Lease;
import io.sluice.service.ByteBudget;
import io.sluice.wire.ArrayPool;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A budget that remembers how much of it was taken at one time.
final class Watched implements Budget {
  private final ByteBudget budget;
  private final AtomicLong peak = new AtomicLong();

  Watched(long bytesMax) {
    this(bytesMax, ENOUGH);
  }

  Watched(long bytesMax, Semaphore connections) {
    budget = new ByteBudget(bytesMax, ArrayPool.none(), connections);
  }

  @Override
  public Semaphore connections() {
    return budget.connections();
  }

  @Override
  public @Nullable Lease take(long bytes) {
    var lease = budget.take(bytes);
    peak.accumulateAndGet(budget.bytes(), Math::max);
    return lease;
  }

  @Override
  public long bytesMax() {
    return budget.bytesMax();
  }

  @Override
  public long bytes() {
    return budget.bytes();
  }

  long peak() {
    return peak.get();
  }
}

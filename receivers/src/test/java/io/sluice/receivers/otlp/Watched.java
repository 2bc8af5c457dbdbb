package io.sluice.receivers.otlp;

import io.sluice.component.Budget;
import io.sluice.data.Lease;
import io.sluice.service.ByteBudget;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A budget that remembers how much of it was taken at one time.
final class Watched implements Budget {
  private final ByteBudget budget;
  private final Semaphore connections;
  private final AtomicLong peak = new AtomicLong();

  Watched(long bytesMax) {
    this(bytesMax, ENOUGH);
  }

  Watched(long bytesMax, Semaphore connections) {
    budget = new ByteBudget(bytesMax);
    this.connections = connections;
  }

  @Override
  public Semaphore connections() {
    return connections;
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

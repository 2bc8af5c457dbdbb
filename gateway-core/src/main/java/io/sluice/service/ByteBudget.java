package io.sluice.service;

import io.sluice.component.Budget;
import io.sluice.data.Lease;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The bytes in the gateway, bounded. One number for all receivers, loops and queues.
public final class ByteBudget implements Budget {
  private final long bytesMax;
  private final AtomicLong bytes = new AtomicLong();

  public ByteBudget(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  @Override
  public @Nullable Lease take(long wanted) {
    while (true) {
      long now = bytes.get();
      if (wanted > bytesMax - now) {
        return null;
      }
      if (bytes.compareAndSet(now, now + wanted)) {
        return new Share(wanted);
      }
    }
  }

  @Override
  public long bytesMax() {
    return bytesMax;
  }

  @Override
  public long bytes() {
    return bytes.get();
  }

  /// Counts its holders; the last one gives the bytes back.
  private final class Share implements Lease {
    private final long size;
    private final AtomicInteger holders = new AtomicInteger(1);

    Share(long size) {
      this.size = size;
    }

    @Override
    public Lease share() {
      if (holders.getAndIncrement() <= 0) {
        throw new IllegalStateException("share of a lease that was given back");
      }
      return this;
    }

    @Override
    public void close() {
      int left = holders.decrementAndGet();
      if (left == 0) {
        bytes.addAndGet(-size);
      } else if (left < 0) {
        throw new IllegalStateException("lease given back twice");
      }
    }
  }
}

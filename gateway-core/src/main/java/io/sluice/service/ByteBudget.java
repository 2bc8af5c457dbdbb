package io.sluice.service;

import io.sluice.component.Budget;
import io.sluice.data.Lease;
import io.sluice.wire.ArrayPool;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The bytes in the gateway, bounded. One number for all receivers, loops and queues.
public final class ByteBudget implements Budget {
  private final long bytesMax;
  private final ArrayPool arrays;
  private final Semaphore connections;
  private final Budget arriving;
  private final Budget sending;
  private final AtomicLong bytes = new AtomicLong();

  /// Whose arrays nobody uses again.
  public ByteBudget(long bytesMax) {
    this(bytesMax, ArrayPool.none());
  }

  /// For any number of connections.
  public ByteBudget(long bytesMax, ArrayPool arrays) {
    this(bytesMax, arrays, ENOUGH, UNBOUNDED, UNBOUNDED);
  }

  private ByteBudget(
      long bytesMax, ArrayPool arrays, Semaphore connections, Budget arriving, Budget sending) {
    this.bytesMax = bytesMax;
    this.arrays = arrays;
    this.connections = connections;
    this.arriving = arriving;
    this.sending = sending;
  }

  public static ByteBudget of(Limits limits, ArrayPool arrays) {
    return new ByteBudget(
        limits.inFlightBytes(),
        arrays,
        new Semaphore(limits.connectionsMax()),
        new ByteBudget(limits.arrivingBytes()),
        new ByteBudget(limits.sendingBytes()));
  }

  @Override
  public Budget arriving() {
    return arriving;
  }

  @Override
  public Budget sending() {
    return sending;
  }

  @Override
  public Semaphore connections() {
    return connections;
  }

  @Override
  public ArrayPool arrays() {
    return arrays;
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

    /// At most the bytes and the compressed form they came in. Written before the lease is shared.
    private byte @Nullable [] first;

    private byte @Nullable [] second;
    private volatile boolean abandoned;

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
    public void owns(byte[] array) {
      if (first == null) {
        first = array;
      } else if (second == null) {
        second = array;
      } else {
        throw new IllegalStateException("a third array");
      }
    }

    @Override
    public void abandon() {
      abandoned = true;
    }

    @Override
    public void close() {
      int left = holders.decrementAndGet();
      if (left == 0) {
        bytes.addAndGet(-size);
        giveBack(first);
        giveBack(second);
      } else if (left < 0) {
        throw new IllegalStateException("lease given back twice");
      }
    }

    private void giveBack(byte @Nullable [] array) {
      if (array != null && !abandoned) {
        arrays.giveBack(array);
      }
    }
  }
}

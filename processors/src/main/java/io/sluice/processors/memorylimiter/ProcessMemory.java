package io.sluice.processors.memorylimiter;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.OperatingSystemMXBean;
import io.sluice.component.Budget;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/// The memory of this JVM. Confined to one loop, but for what it reads.
final class ProcessMemory implements MemoryUse {
  private final Budget budget;
  private final List<MemoryPoolMXBean> heap;
  private final List<BufferPoolMXBean> buffers;

  /// The collector of the whole heap: the one that looks after most pools.
  private final GarbageCollectorMXBean whole;

  private long collectionSeen = -1;
  private long heldAtCollection;

  ProcessMemory(Budget budget) {
    this.budget = budget;
    heap =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    buffers = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
    whole =
        ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
            .max(Comparator.comparingInt(collector -> collector.getMemoryPoolNames().length))
            .orElseThrow();
  }

  @Override
  public long bytes() {
    long collections = whole.getCollectionCount();
    if (collections != collectionSeen) {
      collectionSeen = collections;
      heldAtCollection = budget.bytes() + budget.arrays().bytes();
    }
    long live = 0;
    for (var pool : heap) {
      var afterCollection = pool.getCollectionUsage();
      live += afterCollection == null ? 0 : afterCollection.getUsed();
    }
    long direct = buffers.stream().mapToLong(b -> Math.max(0, b.getMemoryUsed())).sum();
    return Math.max(0, live - heldAtCollection) + budget.bytes() + direct;
  }

  @Override
  public long totalBytes() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  @Override
  public long bytesMax() {
    return Runtime.getRuntime().maxMemory();
  }

  @Override
  public Duration sinceCollection() {
    var last = whole.getLastGcInfo();
    return last == null
        ? Duration.ofDays(1)
        : Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime() - last.getEndTime());
  }

  @Override
  public void collect() {
    System.gc();
  }
}

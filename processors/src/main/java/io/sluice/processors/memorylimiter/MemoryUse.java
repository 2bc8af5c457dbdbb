package io.sluice.processors.memorylimiter;

import com.sun.management.OperatingSystemMXBean;
import io.sluice.component.Budget;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;

/// How much memory the gateway uses, in bytes.
///
/// The heap in use says nothing: it climbs to the maximum between two collections whatever the load. So
/// this adds up what is known to be needed: what lived after the last collection, direct buffers, and the
/// telemetry held at this moment, which the byte ledger knows exactly.
interface MemoryUse {
  long bytes();

  /// Memory of the machine, or of the cgroup if that is less.
  long totalBytes();

  /// More than this it cannot use, whatever the user wrote.
  long bytesMax();

  static MemoryUse ofProcess(Budget budget) {
    List<MemoryPoolMXBean> heap =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    List<BufferPoolMXBean> buffers = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
    return new MemoryUse() {
      @Override
      public long bytes() {
        long live = 0;
        for (var pool : heap) {
          var afterCollection = pool.getCollectionUsage();
          live += afterCollection == null ? 0 : afterCollection.getUsed();
        }
        long direct = buffers.stream().mapToLong(b -> Math.max(0, b.getMemoryUsed())).sum();
        return live + direct + budget.bytes();
      }

      @Override
      public long totalBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
            .getTotalMemorySize();
      }

      @Override
      public long bytesMax() {
        return Runtime.getRuntime().maxMemory();
      }
    };
  }
}

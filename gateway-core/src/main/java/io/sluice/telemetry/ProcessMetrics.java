package io.sluice.telemetry;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/// `otelcol_process_*`: the Collector's figures of its own process, in their closest JVM meaning.
public final class ProcessMetrics {
  private static final Path STATM = Path.of("/proc/self/statm");
  private static final long PAGE_BYTES = 4096;

  private ProcessMetrics() {}

  public static void register(Telemetry telemetry) {
    var runtime = ManagementFactory.getRuntimeMXBean();
    telemetry.counter(
        "otelcol_process_uptime",
        "Uptime of the process [Alpha]",
        runtime,
        r -> r.getUptime() / 1000.0);
    var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    telemetry.counter(
        "otelcol_process_cpu_seconds",
        "Total CPU user and system time in seconds [Alpha]",
        system,
        s -> s.getProcessCpuTime() / 1e9);
    telemetry.gauge(
        "otelcol_process_memory_rss",
        "Total physical memory (resident set size) [Alpha]",
        () -> rss(STATM));
    registerHeap(telemetry);
  }

  private static void registerHeap(Telemetry telemetry) {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    telemetry.gauge(
        "otelcol_process_runtime_heap_alloc_bytes",
        "Bytes of allocated heap objects (JVM: heap used) [Alpha]",
        () -> memory.getHeapMemoryUsage().getUsed());
    telemetry.counter(
        "otelcol_process_runtime_total_alloc_bytes",
        "Cumulative bytes allocated for heap objects [Alpha]",
        ManagementFactory.getPlatformMXBean(ThreadMXBean.class),
        ThreadMXBean::getTotalThreadAllocatedBytes);
    telemetry.gauge(
        "otelcol_process_runtime_total_sys_memory_bytes",
        "Total bytes of memory obtained from the OS (JVM: committed) [Alpha]",
        () ->
            memory.getHeapMemoryUsage().getCommitted()
                + memory.getNonHeapMemoryUsage().getCommitted());
  }

  /// Zero where there is no /proc.
  private static double rss(Path statm) {
    try {
      return Long.parseLong(Files.readString(statm).split(" ")[1]) * PAGE_BYTES;
    } catch (IOException | NumberFormatException _) {
      return 0;
    }
  }
}

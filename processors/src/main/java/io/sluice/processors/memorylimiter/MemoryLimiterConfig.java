package io.sluice.processors.memorylimiter;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import java.time.Duration;

/// `processors::memory_limiter`.
public record MemoryLimiterConfig(
    @Doc("How often memory is measured; must be more than 0.") Duration checkInterval,
    @Doc("Memory the gateway may use, in MiB; wins over limit_percentage.") int limitMib,
    @Doc("Data is refused above limit - spike limit, in MiB; 0: 20 % of the limit.")
        int spikeLimitMib,
    @Doc("Memory the gateway may use, in percent of the total of the machine or its cgroup.")
        int limitPercentage,
    @Doc("The spike limit in percent of the total; 0: 20 % of the limit.") int spikeLimitPercentage,
    @Doc("Above the soft limit, collect garbage at most so often.")
        Duration minGcIntervalWhenSoftLimited,
    @Doc("Above the limit, collect garbage at most so often; 0: at each check.")
        Duration minGcIntervalWhenHardLimited,
    @Doc("Collections that free little become rarer, up to this interval, above the soft limit.")
        Duration maxGcIntervalWhenSoftLimited,
    @Doc("The same above the limit.") Duration maxGcIntervalWhenHardLimited)
    implements Checked {
  private static final long MIB = 1 << 20;

  public static MemoryLimiterConfig defaults() {
    return new MemoryLimiterConfig(
        Duration.ZERO,
        0,
        0,
        0,
        0,
        Duration.ofSeconds(10),
        Duration.ZERO,
        Duration.ofSeconds(30),
        Duration.ofSeconds(30));
  }

  /// What the limits come to on a machine with this much memory, in bytes.
  record Limits(long hard, long soft) {
    /// The same proportions within a smaller bound.
    Limits within(long bytesMax) {
      return hard <= bytesMax
          ? this
          : new Limits(bytesMax, (long) ((double) soft / hard * bytesMax));
    }
  }

  Limits limits(long totalBytes) {
    if (limitMib > 0) {
      long spike = spikeLimitMib > 0 ? spikeLimitMib * MIB : limitMib * MIB / 5;
      return new Limits(limitMib * MIB, limitMib * MIB - spike);
    }
    long hard = totalBytes / 100 * limitPercentage;
    long spike = spikeLimitPercentage > 0 ? totalBytes / 100 * spikeLimitPercentage : hard / 5;
    return new Limits(hard, hard - spike);
  }

  @Override
  public void check(Findings findings) {
    findings.require(
        checkInterval.isPositive(), "check_interval", checkInterval + " (expected: more than 0)");
    findings.require(limitMib >= 0, "limit_mib", limitMib + " (expected: >= 0)");
    findings.require(spikeLimitMib >= 0, "spike_limit_mib", spikeLimitMib + " (expected: >= 0)");
    findings.require(
        limitMib != 0 || limitPercentage != 0,
        "",
        "no limit (expected: limit_mib or limit_percentage)");
    findings.require(
        limitMib == 0 || spikeLimitMib < limitMib,
        "spike_limit_mib",
        spikeLimitMib + " (expected: less than limit_mib, " + limitMib + ")");
    percentage(findings, limitPercentage, "limit_percentage");
    percentage(findings, spikeLimitPercentage, "spike_limit_percentage");
    findings.require(
        limitPercentage == 0 || spikeLimitPercentage < limitPercentage,
        "spike_limit_percentage",
        spikeLimitPercentage + " (expected: less than limit_percentage, " + limitPercentage + ")");
    findings.require(
        minGcIntervalWhenSoftLimited.compareTo(minGcIntervalWhenHardLimited) >= 0,
        "min_gc_interval_when_soft_limited",
        minGcIntervalWhenSoftLimited
            + " (expected: at least min_gc_interval_when_hard_limited, "
            + minGcIntervalWhenHardLimited
            + ")");
  }

  private static void percentage(Findings findings, int value, String key) {
    findings.require(value >= 0 && value <= 100, key, value + " (expected: 0 to 100)");
  }
}

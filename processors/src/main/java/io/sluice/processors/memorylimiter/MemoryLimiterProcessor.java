package io.sluice.processors.memorylimiter;

import io.micrometer.core.instrument.Counter;
import io.sluice.component.ComponentContext;
import io.sluice.component.Loop;
import io.sluice.component.Processor;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Refuses while memory was above the soft limit at the last check. One for each loop; all of them read
/// the same process, so they agree within one interval.
final class MemoryLimiterProcessor implements Processor {
  private static final long MIB = 1 << 20;
  private static final int LITTLE = 20;
  private static final int DOUBLINGS_MAX = 16;
  private static final Outcome REFUSED = Outcome.refused("data refused due to high memory usage");

  private final MemoryLimiterConfig config;
  private final ComponentContext context;
  private final MemoryUse use;
  private final BatchSink next;
  private final MemoryLimiterConfig.Limits limits;
  private final Map<Signal, Counter> accepted = new EnumMap<>(Signal.class);
  private final Map<Signal, Counter> refused = new EnumMap<>(Signal.class);
  private boolean refusing;
  private int ineffective;
  private Loop.@Nullable Timer timer;

  MemoryLimiterProcessor(
      MemoryLimiterConfig config, ComponentContext context, MemoryUse use, BatchSink next) {
    this.config = config;
    this.context = context;
    this.use = use;
    this.next = next;
    limits = config.limits(use.totalBytes()).within(use.bytesMax());
  }

  @Override
  public Future<Void> start() {
    if (context.loop().equals(context.loops().all().getFirst())) {
      announce(config.limits(use.totalBytes()));
    }
    check();
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> stop() {
    if (timer != null) {
      timer.cancel();
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<Outcome> accept(Batch batch) {
    if (refusing) {
      counter(refused, "refused", "pushed back", batch.signal()).increment(batch.items());
      return REFUSED.now();
    }
    counter(
            accepted,
            "accepted",
            "successfully pushed into the next component in the pipeline",
            batch.signal())
        .increment(batch.items());
    return next.accept(batch);
  }

  /// @param written what the user asked for
  private void announce(MemoryLimiterConfig.Limits written) {
    context
        .log()
        .info(
            "Memory limiter configured",
            "limit_mib",
            limits.hard() / MIB,
            "soft_limit_mib",
            limits.soft() / MIB,
            "check_interval",
            config.checkInterval().toMillis() + "ms");
    if (config.limitMib() > 0 && written.hard() > limits.hard()) {
      context
          .log()
          .warn(
              "The limit is more than the heap can hold; the heap is the limit.",
              "configured_mib",
              written.hard() / MIB,
              "heap_mib",
              limits.hard() / MIB);
    }
  }

  private void check() {
    long bytes = use.bytes();
    if (bytes > limits.soft() && use.sinceCollection().compareTo(collectEvery(bytes)) >= 0) {
      use.collect();
      long after = use.bytes();
      ineffective = after > bytes - bytes / LITTLE ? Math.min(ineffective + 1, DOUBLINGS_MAX) : 0;
      bytes = after;
    }
    if (bytes > limits.soft() && !refusing) {
      refusing = true;
      context
          .log()
          .warn("Memory usage is above soft limit. Refusing data.", "cur_mem_mib", bytes / MIB);
      context.status().recoverable("data refused due to high memory usage");
    } else if (bytes <= limits.soft() && refusing) {
      refusing = false;
      context
          .log()
          .info(
              "Memory usage back within limits. Resuming normal operation.",
              "cur_mem_mib",
              bytes / MIB);
      context.status().ok();
    }
    timer = context.loop().schedule(config.checkInterval(), this::check);
  }

  /// The interval doubles with each collection that frees less than a twentieth.
  private Duration collectEvery(long bytes) {
    boolean hard = bytes > limits.hard();
    var least =
        hard ? config.minGcIntervalWhenHardLimited() : config.minGcIntervalWhenSoftLimited();
    var most = hard ? config.maxGcIntervalWhenHardLimited() : config.maxGcIntervalWhenSoftLimited();
    if (ineffective == 0) {
      return least;
    }
    var first = least.compareTo(config.checkInterval()) > 0 ? least : config.checkInterval();
    var grown = first.multipliedBy(1L << ineffective);
    return grown.compareTo(most) < 0 ? grown : most.compareTo(least) > 0 ? most : least;
  }

  private Counter counter(Map<Signal, Counter> counters, String what, String did, Signal signal) {
    var known = counters.get(signal);
    if (known == null) {
      known =
          context
              .telemetry()
              .counter(
                  "otelcol_processor_memory_limiter_" + what + "_" + signal.items(),
                  "Number of %s %s. [Development]".formatted(signal.items().replace('_', ' '), did),
                  "processor",
                  context.id().toString());
      counters.put(signal, known);
    }
    return known;
  }
}

package io.sluice.processors.memorylimiter;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Kind;
import io.sluice.component.Processor;
import io.sluice.component.ProcessorFactory;
import io.sluice.pipeline.Outcome;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.Payloads;
import io.sluice.testkit.ProcessorContract;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryLimiterProcessorTest extends ProcessorContract<MemoryLimiterConfig> {
  private static final long MIB = 1 << 20;

  private final Use use = new Use();

  private static final class Use implements MemoryUse {
    private long mib;
    private long maxMib = 10_000;
    private long garbageMib;
    private long sinceSeconds = 1000;
    private int collections;

    @Override
    public long bytes() {
      return (mib + garbageMib) * MIB;
    }

    @Override
    public Duration sinceCollection() {
      return Duration.ofSeconds(sinceSeconds);
    }

    @Override
    public void collect() {
      garbageMib = 0;
      collections++;
    }

    @Override
    public long totalBytes() {
      return 1000 * MIB;
    }

    @Override
    public long bytesMax() {
      return maxMib * MIB;
    }
  }

  @Override
  protected ProcessorFactory<MemoryLimiterConfig> factory() {
    return new MemoryLimiterFactory();
  }

  @Override
  protected MemoryLimiterConfig config() {
    return limits(4000, 0, 0, 0);
  }

  private static MemoryLimiterConfig limits(int mib, int spikeMib, int percent, int spikePercent) {
    var d = MemoryLimiterConfig.defaults();
    return new MemoryLimiterConfig(
        Duration.ofSeconds(1),
        mib,
        spikeMib,
        percent,
        spikePercent,
        d.minGcIntervalWhenSoftLimited(),
        d.minGcIntervalWhenHardLimited(),
        d.maxGcIntervalWhenSoftLimited(),
        d.maxGcIntervalWhenHardLimited());
  }

  private Processor started(MemoryLimiterConfig config) {
    var context = Contexts.of(Kind.PROCESSOR, "memory_limiter", telemetry, loop);
    var processor = new MemoryLimiterProcessor(config, context, use, next);
    processor.start();
    return processor;
  }

  @ParameterizedTest
  @CsvSource({
    // limit, spike, limit %, spike %, soft limit in MiB (of 1000)
    "100, 0, 0, 0, 80",
    "100, 30, 0, 0, 70",
    "0, 0, 50, 0, 400",
    "0, 0, 50, 10, 400",
    "100, 10, 50, 10, 90",
  })
  void refusesAboveTheSoftLimit(int mib, int spike, int percent, int spikePercent, int softMib) {
    use.mib = softMib;
    var processor = started(limits(mib, spike, percent, spikePercent));
    assertThat(processor.accept(Payloads.spans("a", 1)).result().taken()).isTrue();
    use.mib = softMib + 1L;
    loop.advance(Duration.ofSeconds(1));

    assertThat(processor.accept(Payloads.spans("a", 1)).result())
        .isInstanceOf(Outcome.Refused.class);
    processor.stop();
  }

  @Test
  void acceptsAgainWhenMemoryIsBelowTheLimitAtTheNextCheck() {
    use.mib = 90;
    var processor = started(limits(100, 0, 0, 0));
    assertThat(processor.accept(Payloads.spans("a", 2)).result().taken()).isFalse();
    use.mib = 10;
    assertThat(processor.accept(Payloads.spans("a", 2)).result().taken()).isFalse();
    loop.advance(Duration.ofSeconds(1));
    assertThat(processor.accept(Payloads.spans("a", 3)).result().taken()).isTrue();

    var registry = telemetry.registry();
    assertThat(registry.get("otelcol_processor_memory_limiter_refused_spans").counter().count())
        .isEqualTo(4);
    assertThat(registry.get("otelcol_processor_memory_limiter_accepted_spans").counter().count())
        .isEqualTo(3);
    processor.stop();
  }

  @Test
  void aLimitAboveTheHeapIsTheHeapWithTheSameProportions() {
    use.maxMib = 200;
    use.mib = 161; // soft: 80 % of 200
    var processor = started(limits(1000, 0, 0, 0));

    assertThat(processor.accept(Payloads.spans("a", 1)).result().taken()).isFalse();
    processor.stop();
  }

  @Test
  void collectsBeforeItRefusesButNoMoreOftenThanAsked() {
    use.garbageMib = 90;
    var processor = started(limits(100, 0, 0, 0));
    assertThat(processor.accept(Payloads.spans("a", 1)).result().taken()).isTrue();
    assertThat(use.collections).isEqualTo(1);

    use.garbageMib = 90;
    use.sinceSeconds = 5; // min_gc_interval_when_soft_limited is 10 s
    loop.advance(Duration.ofSeconds(1));
    assertThat(processor.accept(Payloads.spans("a", 1)).result().taken()).isFalse();
    assertThat(use.collections).isEqualTo(1);

    use.sinceSeconds = 10;
    loop.advance(Duration.ofSeconds(1));
    assertThat(processor.accept(Payloads.spans("a", 1)).result().taken()).isTrue();
    assertThat(use.collections).isEqualTo(2);
    processor.stop();
  }

  @Test
  void collectionsThatFreeLittleBecomeRarer() {
    use.mib = 90;
    use.sinceSeconds = 10;
    var processor = started(limits(100, 0, 0, 0));
    assertThat(use.collections).isEqualTo(1);
    loop.advance(Duration.ofSeconds(1));
    assertThat(use.collections).as("10 s have passed, but 20 s are asked for now").isEqualTo(1);
    use.sinceSeconds = 20;
    loop.advance(Duration.ofSeconds(1));
    assertThat(use.collections).isEqualTo(2);
    processor.stop();
  }
}

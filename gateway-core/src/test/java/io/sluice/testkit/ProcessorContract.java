package io.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Kind;
import io.sluice.component.Processor;
import io.sluice.component.ProcessorFactory;
import io.sluice.data.Batch;
import io.sluice.pipeline.Outcome;
import io.sluice.telemetry.Telemetry;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every processor keeps to, whatever it does. A processor's first test is to extend this.
///
/// @param <C> its configuration
public abstract class ProcessorContract<C extends Record> {
  protected final TestLoop loop = new TestLoop();
  protected final Recorder next = new Recorder();
  protected final Telemetry telemetry = Telemetry.silent();

  protected abstract ProcessorFactory<C> factory();

  /// A configuration that lets at least some data through.
  protected abstract C config();

  protected Processor processor(C config) {
    return factory()
        .create(config, Contexts.of(Kind.PROCESSOR, factory().type(), telemetry, loop), next);
  }

  @AfterEach
  void booksBalance() {
    BooksBalance.assertBalanced(telemetry.books());
  }

  @Test
  void stopsWithoutHavingStarted() {
    assertThat(processor(config()).stop().succeeded()).isTrue();
    assertThat(loop.timers()).isZero();
  }

  @Test
  void leavesNoTimerBehind() {
    var processor = processor(config());
    processor.start();
    processor.accept(Payloads.spans("a", 3));
    loop.run();
    assertThat(processor.stop().succeeded()).isTrue();

    assertThat(loop.timers()).isZero();
  }

  @ParameterizedTest
  @MethodSource("batches")
  void carriesEverySignalItDeclares(Batch batch) {
    if (!factory().signals().containsKey(batch.signal())) {
      return;
    }
    var processor = processor(config());
    processor.start();
    var answer = processor.accept(batch);
    processor.stop();

    assertThat(answer.result()).isEqualTo(new Outcome.Accepted());
    assertThat(next.batches).isNotEmpty().allMatch(b -> b.signal() == batch.signal());
  }

  static Stream<Batch> batches() {
    return Stream.of(Payloads.spans("a", 3), Payloads.logs("a", 3), Payloads.points("a", 3));
  }

  /// One that answers early keeps what it was given and tries again; any other hands the answer on.
  @Test
  void aRefusalIsHandedOnOrHandledButNeverLostSilently() {
    var refused = Outcome.refused("down");
    next.answer(refused);
    var processor = processor(config());
    processor.start();
    var answer = processor.accept(Payloads.spans("a", 3));
    loop.advance(Duration.ofSeconds(1));

    if (factory().answersEarly()) {
      next.answer(new Outcome.Accepted());
      loop.advance(Duration.ofSeconds(10));
      assertThat(Payloads.spanNames(next.batches)).endsWith("a-0", "a-1", "a-2");
    } else {
      assertThat(answer.result()).isEqualTo(refused);
    }
    processor.stop();
  }
}

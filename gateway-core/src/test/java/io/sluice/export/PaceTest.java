package io.sluice.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.RetryConfig;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Pressure;
import io.sluice.telemetry.Log;
import io.sluice.testkit.Payloads;
import io.sluice.testkit.Recorder;
import io.sluice.testkit.TestLoop;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// How many attempts a destination gets, by way of those who make them.
final class PaceTest {
  private static final int MOST = 10;
  private static final Outcome ACCEPTED = new Outcome.Accepted();
  private static final Outcome DOWN = Outcome.refused("connection refused");
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TestLoop loop = new TestLoop();
  private final Recorder destination = new Recorder().hold();
  private final List<Future<Outcome>> answers = new ArrayList<>();
  private int answered;
  private Retrier retrier = retrier(Duration.ZERO, MOST);

  private Retrier retrier(Duration giveUpAfter, int most) {
    var config =
        new RetryConfig(true, SECOND, 0, 2, Duration.ofSeconds(30), Optional.of(giveUpAfter));
    return new Retrier(
        config, giveUpAfter, most, true, loop, Log.NONE, new SplittableRandom(1), destination);
  }

  private void send(int batches) {
    for (int i = 0; i < batches; i++) {
      answers.add(retrier.accept(Payloads.spans("b" + answers.size(), 1)));
    }
  }

  private int underWay() {
    return destination.waiting.size() - answered;
  }

  /// To the one that has waited longest.
  private void answer(Outcome outcome) {
    destination.waiting.get(answered++).complete(outcome);
  }

  private void answerAll(Outcome outcome) {
    for (int now = underWay(); now > 0; now--) {
      answer(outcome);
    }
  }

  /// Most of a batch is taken, and some of it is not.
  private static Outcome partly(Pressure why) {
    var outcome = new Outcome.Partial(1, "given up").now();
    return new Outcome.Refused(why, Duration.ZERO, "some items")
        .with(new Outcome.Partly(true, () -> outcome));
  }

  private long done() {
    return answers.stream().filter(Future::isComplete).count();
  }

  private void down() {
    send(MOST);
    assertThat(underWay()).isEqualTo(MOST);
    answerAll(DOWN);
    assertThat(underWay()).isZero();
  }

  @Test
  void aDeadDestinationGetsOneProbeAtATimeAtThePaceOfTheBackoff() {
    down();
    send(20);
    for (int pause = 1; pause <= 16; pause *= 2) {
      loop.advance(Duration.ofSeconds(pause).minusMillis(1));
      assertThat(underWay()).as("before %d s", pause).isZero();
      loop.advance(Duration.ofMillis(1));
      assertThat(underWay()).as("after %d s", pause).isOne();
      loop.advance(Duration.ofMinutes(1));
      assertThat(underWay()).as("a probe that hangs is alone").isOne();
      answer(DOWN);
    }
    assertThat(destination.batches).hasSize(MOST + 5);
    assertThat(done()).isZero();
  }

  @Test
  void theProbeIsNotAlwaysTheSameBatch() {
    down();
    loop.advance(SECOND);
    answer(DOWN);
    loop.advance(SECOND.multipliedBy(2));
    answer(DOWN);
    var probes = Payloads.spanNames(destination.batches.subList(MOST, MOST + 2));
    assertThat(probes).doesNotHaveDuplicates();
  }

  @Test
  void thoseWhoWaitedDoNotComeAllAtOnce() {
    down();
    send(100);
    loop.advance(SECOND);
    int before = 0;
    int most = 0;
    while (done() < answers.size()) {
      assertThat(underWay()).isBetween(1, before + 1);
      before = underWay();
      most = Math.max(most, before);
      answerAll(ACCEPTED);
      loop.run();
    }
    assertThat(most).as("as many as ever").isEqualTo(MOST);
  }

  @Test
  void aRefusalHalvesAndSuccessesAddOneAnother() {
    send(MOST);
    for (int i = 0; i < 4; i++) {
      answer(ACCEPTED);
    }
    answer(DOWN);
    answer(DOWN); // of the same round
    answerAll(ACCEPTED);
    send(100);
    assertThat(underWay()).as("half of six, and one for those taken since").isEqualTo(4);
    int most = 0;
    for (int i = 0; i < 60; i++) {
      answer(ACCEPTED);
      most = Math.max(most, underWay());
    }
    assertThat(most).isEqualTo(MOST);
  }

  @Test
  void aDestinationThatRefusesSomeAndTakesOthersIsNotDown() {
    send(MOST);
    for (int i = 0; i < 40; i++) {
      answer(i % 2 == 0 ? DOWN : ACCEPTED);
      send(1);
      assertThat(underWay()).isPositive();
    }
  }

  /// Each batch has an item that fails for now.
  @Test
  void aDestinationThatTakesMostOfEachBatchIsNotSlowedDown() {
    send(MOST);
    answer(DOWN);
    answerAll(partly(Pressure.UNAVAILABLE));
    for (int i = 0; i < 60; i++) {
      send(1);
      answer(partly(Pressure.UNAVAILABLE));
    }
    loop.advance(SECOND);
    assertThat(underWay()).isEqualTo(MOST);
  }

  @Test
  void aDestinationThatThrottlesAPartOfEachBatchStaysAsFast() {
    send(MOST);
    answerAll(DOWN);
    loop.advance(SECOND);
    answer(partly(Pressure.THROTTLED));
    send(MOST);
    for (int i = 0; i < MOST; i++) {
      assertThat(underWay()).as("up again, and no faster").isOne();
      answer(partly(Pressure.THROTTLED));
    }
  }

  @Test
  void timeRunsInTheLineToo() {
    retrier = retrier(Duration.ofMinutes(5), MOST);
    down();
    loop.advance(SECOND); // a probe, that hangs
    send(1);
    loop.advance(Duration.ofMinutes(4).plusSeconds(58));
    assertThat(done()).isZero();
    loop.advance(SECOND);
    assertThat(done()).as("all but the probe and the last").isEqualTo(MOST - 1);
    loop.advance(SECOND);
    assertThat(answers.getLast().result()).as("it had no attempt").isEqualTo(DOWN);
    answer(DOWN);
    assertThat(answers).allMatch(Future::isComplete);
    loop.advance(Duration.ofMinutes(5));
    assertThat(underWay()).isZero();
    assertThat(loop.timers()).isZero();
  }

  @Test
  void aStopGivesEachOneAttemptMoreAtOnce() {
    down();
    retrier.stop();
    assertThat(underWay()).isEqualTo(MOST);
    answerAll(DOWN);
    assertThat(done()).isEqualTo(MOST);
    assertThat(loop.timers()).isZero();
  }

  @Test
  void whatIsAbandonedIsAnsweredWithoutAnAttempt() {
    down();
    send(5);
    retrier.abandon();
    assertThat(underWay()).isZero();
    assertThat(answers)
        .allSatisfy(answer ->
            assertThat(answer.result())
                .isEqualTo(Outcome.refused("interrupted due to shutdown: connection refused")));
    assertThat(loop.timers()).isZero();
  }

  @Test
  void withoutABoundOfTheirOwnNobodyWaitsForAnother() {
    retrier = retrier(Duration.ZERO, Pace.UNBOUNDED);
    send(1000);
    assertThat(underWay()).isEqualTo(1000);
    answerAll(DOWN);
    loop.advance(Duration.ofMinutes(1));
    assertThat(underWay()).isOne();
    for (int rounds = 0; done() < answers.size(); rounds++) {
      assertThat(rounds).as("doubles").isLessThan(12);
      answerAll(ACCEPTED);
    }
  }
}

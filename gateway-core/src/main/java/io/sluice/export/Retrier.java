package io.sluice.export;

import io.sluice.component.Loop;
import io.sluice.component.RetryConfig;
import io.sluice.data.Batch;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Pressure;
import io.sluice.telemetry.Log;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Sends a batch again until it is taken, rejected, or time is up. Confined to one loop.
///
/// How many attempts are made at the same time is for the destination's [Pace] to say; time runs from
/// when a batch first asks for its turn.
///
/// What is given up, and sent again by nobody, ends as what became of it: the part that was delivered is not
/// lost with the rest. Whoever waits for the answer is refused: who sends it again sends all of it.
///
/// When it stops, whoever waits gets one more attempt at once and no wait after it, so that a shutdown
/// ends in time and loses nothing that the destination would take. What is on disk need not have it
/// ([#abandon]).
final class Retrier implements BatchSink {
  private final RetryConfig config;
  private final Duration giveUpAfter;
  private final boolean last;
  private final Loop loop;
  private final Log log;
  private final RandomGenerator random;
  private final Pace pace;
  private final BatchSink next;
  private final Set<Attempts> waiting = new HashSet<>();
  private boolean stopping;
  private boolean abandoning;

  /// @param most attempts at the same time
  /// @param last whether nobody else would send a batch again
  Retrier(
      RetryConfig config,
      Duration giveUpAfter,
      int most,
      boolean last,
      Loop loop,
      Log log,
      RandomGenerator random,
      BatchSink next) {
    this.config = config;
    this.giveUpAfter = giveUpAfter;
    this.last = last;
    this.loop = loop;
    this.log = log;
    this.random = random;
    this.next = next;
    pace = new Pace(most, config, loop, random);
  }

  /// Without retries a failure is final: nothing is held back then.
  @Override
  public Future<Outcome> accept(Batch batch) {
    if (!config.enabled()) {
      return next.accept(batch).compose(this::ended);
    }
    if (!pace.free()) {
      var attempts = new Attempts(batch);
      attempts.standInLine();
      return attempts.done.future();
    }
    long round = pace.begin();
    var answer = next.accept(batch);
    if (answer.isComplete() && answer.succeeded() && answer.result().taken()) {
      pace.answered();
      return answer;
    }
    var attempts = new Attempts(batch);
    answer.onComplete(result -> attempts.judge(round, Outcomes.of(result)));
    return attempts.done.future();
  }

  void stop() {
    stopping = true;
    Set.copyOf(waiting).forEach(Attempts::standInLine);
    pace.end();
  }

  /// Whoever waits is answered now, without another attempt: for batches that are on disk.
  void abandon() {
    stopping = true;
    abandoning = true;
    Set.copyOf(waiting).forEach(attempts -> attempts.giveUp(interrupted(attempts.refused())));
    pace.end();
  }

  /// Whether what it refuses comes again by nobody.
  boolean endsHere() {
    return last && !abandoning;
  }

  private static Outcome interrupted(Outcome.Refused refused) {
    return refused.because("interrupted due to shutdown: " + refused.reason());
  }

  private Future<Outcome> ended(Outcome outcome) {
    if (!(outcome instanceof Outcome.Refused refused)) {
      return outcome.now();
    }
    var partly = refused.partly();
    if (partly == null || !endsHere()) {
      return refused.whole().now();
    }
    try {
      return partly.givenUp().get();
    } catch (RuntimeException bug) { // somebody waits for an answer
      return Future.failedFuture(bug);
    }
  }

  private final class Attempts implements Pace.Attempt {
    private final Batch batch;
    private final long start = loop.nanoTime();
    private final Backoff backoff = new Backoff(config, random);
    private final Promise<Outcome> done = Promise.promise();
    private Loop.@Nullable Timer timer;
    private Outcome.@Nullable Refused refused;

    Attempts(Batch batch) {
      this.batch = batch;
    }

    /// Its own, or that of another batch if it had no attempt yet.
    Outcome.Refused refused() {
      return refused == null ? pace.last() : refused;
    }

    void judge(long round, Outcome outcome) {
      if (!(outcome instanceof Outcome.Refused again)) {
        pace.answered();
        done.complete(outcome);
        return;
      }
      refused = again;
      tellPace(round, again);
      if (stopping) {
        end(interrupted(again));
        return;
      }
      var delay = backoff.next(again.retryAfter());
      if (!inTime(delay)) {
        end(again);
      } else if (pace.down()) {
        say(again, pace.pause());
        standInLine();
      } else {
        say(again, delay);
        wait(delay, this::standInLine);
      }
    }

    private void tellPace(long round, Outcome.Refused again) {
      var partly = again.partly();
      if (partly == null || !partly.works()) {
        pace.refused(round, again);
      } else if (again.pressure() == Pressure.THROTTLED) {
        pace.throttled();
      } else {
        pace.answered();
      }
    }

    private void end(Outcome outcome) {
      ended(outcome).onComplete(done);
    }

    private boolean inTime(Duration delay) {
      return giveUpAfter.isZero() || spent().plus(delay).compareTo(giveUpAfter) <= 0;
    }

    private Duration spent() {
      return Duration.ofNanos(loop.nanoTime() - start);
    }

    private void say(Outcome.Refused refused, Duration interval) {
      log.info(
          "Exporting failed. Will retry the request after interval.",
          "error",
          refused.reason(),
          "interval",
          interval.toMillis() + "ms");
    }

    private void wait(Duration delay, Runnable then) {
      waiting.add(this);
      timer = loop.schedule(delay, then);
    }

    /// It does so no longer than it would wait.
    void standInLine() {
      endWait();
      if (giveUpAfter.isZero()) {
        waiting.add(this);
      } else {
        var left = giveUpAfter.minus(spent());
        wait(left.isNegative() ? Duration.ZERO : left, () -> giveUp(refused()));
      }
      pace.enter(this);
    }

    private void endWait() {
      waiting.remove(this);
      if (timer != null) {
        timer.cancel();
        timer = null;
      }
    }

    void giveUp(Outcome outcome) {
      endWait();
      pace.leave(this);
      end(outcome);
    }

    @Override
    public void begin(long round) {
      endWait();
      next.accept(batch).onComplete(result -> judge(round, Outcomes.of(result)));
    }
  }
}

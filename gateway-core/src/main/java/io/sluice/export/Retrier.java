package io.sluice.export;

import io.sluice.component.Loop;
import io.sluice.component.RetryConfig;
import io.sluice.data.Batch;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
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
/// When it stops, whoever waits gets one more attempt at once and no wait after it, so that a shutdown
/// ends in time and loses nothing that the destination would take. What is on disk need not have it
/// ([#abandon]).
final class Retrier implements BatchSink {
  private final RetryConfig config;
  private final Duration giveUpAfter;
  private final Loop loop;
  private final Log log;
  private final RandomGenerator random;
  private final Pace pace;
  private final BatchSink next;
  private final Set<Attempts> waiting = new HashSet<>();
  private boolean stopping;

  /// @param most attempts at the same time
  Retrier(
      RetryConfig config,
      Duration giveUpAfter,
      int most,
      Loop loop,
      Log log,
      RandomGenerator random,
      BatchSink next) {
    this.config = config;
    this.giveUpAfter = giveUpAfter;
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
      return next.accept(batch);
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
    Set.copyOf(waiting).forEach(attempts -> attempts.giveUp(ended(attempts.last())));
    pace.end();
  }

  private static Outcome ended(Outcome.Refused refused) {
    return new Outcome.Refused(
        refused.pressure(),
        refused.retryAfter(),
        "interrupted due to shutdown: " + refused.reason());
  }

  private final class Attempts implements Pace.Attempt {
    private final Batch batch;
    private final long start = loop.nanoTime();
    private final Backoff backoff = new Backoff(config, random);
    private final Promise<Outcome> done = Promise.promise();
    private Loop.@Nullable Timer timer;
    private Outcome.@Nullable Refused last;

    Attempts(Batch batch) {
      this.batch = batch;
    }

    /// Its own, or that of another batch if it had no attempt yet.
    Outcome.Refused last() {
      return last == null ? pace.last() : last;
    }

    void judge(long round, Outcome outcome) {
      if (!(outcome instanceof Outcome.Refused refused)) {
        pace.answered();
        done.complete(outcome);
        return;
      }
      last = refused;
      pace.refused(round, refused);
      if (stopping) {
        done.complete(ended(refused));
        return;
      }
      var delay = backoff.next(refused.retryAfter());
      if (!inTime(delay)) {
        done.complete(outcome);
      } else if (pace.down()) {
        say(refused, pace.pause());
        standInLine();
      } else {
        say(refused, delay);
        wait(delay, this::standInLine);
      }
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
        wait(left.isNegative() ? Duration.ZERO : left, () -> giveUp(last()));
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
      done.complete(outcome);
    }

    @Override
    public void begin(long round) {
      endWait();
      next.accept(batch).onComplete(result -> judge(round, Outcomes.of(result)));
    }
  }
}

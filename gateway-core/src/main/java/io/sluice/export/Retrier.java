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
/// When it stops, whoever waits gets one more attempt at once and no wait after it, so that a shutdown
/// ends in time and loses nothing that the destination would take. What is on disk need not have it
/// ([#abandon]).
final class Retrier implements BatchSink {
  private final RetryConfig config;
  private final Duration giveUpAfter;
  private final Loop loop;
  private final Log log;
  private final RandomGenerator random;
  private final BatchSink next;
  private final Set<Attempts> waiting = new HashSet<>();
  private boolean stopping;

  Retrier(
      RetryConfig config,
      Duration giveUpAfter,
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
  }

  @Override
  public Future<Outcome> accept(Batch batch) {
    if (!config.enabled()) {
      return next.accept(batch);
    }
    var answer = next.accept(batch);
    if (answer.isComplete() && answer.succeeded() && answer.result().taken()) {
      return answer;
    }
    var attempts = new Attempts(batch);
    answer.onComplete(result -> attempts.judge(Outcomes.of(result)));
    return attempts.done.future();
  }

  void stop() {
    stopping = true;
    Set.copyOf(waiting).forEach(Attempts::again);
  }

  /// Whoever waits is answered now, without another attempt: for batches that are on disk.
  void abandon() {
    stopping = true;
    Set.copyOf(waiting).forEach(Attempts::giveUp);
  }

  private final class Attempts {
    private final Batch batch;
    private final long start = loop.nanoTime();
    private final Backoff backoff = new Backoff(config, random);
    private final Promise<Outcome> done = Promise.promise();
    private Loop.@Nullable Timer timer;
    private Outcome.@Nullable Refused last;

    Attempts(Batch batch) {
      this.batch = batch;
    }

    void judge(Outcome outcome) {
      if (outcome instanceof Outcome.Refused refused && !stopping) {
        var delay = backoff.next(refused.retryAfter());
        if (inTime(delay)) {
          wait(delay, refused);
          return;
        }
      }
      done.complete(
          outcome instanceof Outcome.Refused refused && stopping ? ended(refused) : outcome);
    }

    private static Outcome ended(Outcome.Refused refused) {
      return new Outcome.Refused(
          refused.pressure(),
          refused.retryAfter(),
          "interrupted due to shutdown: " + refused.reason());
    }

    private boolean inTime(Duration delay) {
      return giveUpAfter.isZero()
          || loop.nanoTime() - start + delay.toNanos() <= giveUpAfter.toNanos();
    }

    private void wait(Duration delay, Outcome.Refused refused) {
      last = refused;
      log.info(
          "Exporting failed. Will retry the request after interval.",
          "error",
          refused.reason(),
          "interval",
          delay.toMillis() + "ms");
      waiting.add(this);
      timer = loop.schedule(delay, this::again);
    }

    private void giveUp() {
      waiting.remove(this);
      if (timer != null) {
        timer.cancel();
      }
      if (last != null) {
        done.complete(ended(last));
      }
    }

    private void again() {
      waiting.remove(this);
      if (timer != null) {
        timer.cancel();
      }
      next.accept(batch).onComplete(result -> judge(Outcomes.of(result)));
    }
  }
}

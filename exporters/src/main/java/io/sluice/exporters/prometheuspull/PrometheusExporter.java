package io.sluice.exporters.prometheuspull;

import io.sluice.component.ComponentContext;
import io.sluice.component.Exporter;
import io.sluice.component.Loop;
import io.sluice.data.Batch;
import io.sluice.data.Lease;
import io.sluice.data.Split;
import io.sluice.exporters.prometheus.Translation;
import io.sluice.exporters.prometheus.Troubles;
import io.sluice.pipeline.Outcome;
import io.sluice.transport.http.SoleListener;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/// Keeps what comes for those who scrape. One batch at a time is translated, in steps, on the loop it lives on;
/// the next waits, by its caller's patience.
final class PrometheusExporter implements Exporter {
  /// Points translated before others have a turn.
  private static final int STEP_POINTS = 2_000;

  private static final Duration SWEEP_MAX = Duration.ofMinutes(1);

  private final PrometheusConfig config;
  private final ComponentContext context;
  private final Translation translation;
  private final PullMeters meters;
  private final Store store;
  private final SoleListener listener = new SoleListener();
  private final Deque<Work> waiting = new ArrayDeque<>();

  /// Series, for whoever asks on another thread.
  private final AtomicInteger shown = new AtomicInteger();

  private boolean busy;
  private boolean stopped;
  private Loop.Timer sweep = () -> {};
  private Runnable figure = () -> {};

  private record Work(Batch batch, Lease lease, Promise<Outcome> done) {}

  PrometheusExporter(PrometheusConfig config, ComponentContext context, RandomGenerator random) {
    this.config = config;
    this.context = context;
    translation = new Translation(config.rules(), random.nextLong());
    meters = new PullMeters(context);
    store = new Store(config, context.budget(), this::otherHelp);
  }

  @Override
  public Future<Void> start() {
    figure = meters.series(shown::get);
    sweepLater();
    return listener.start(config.server(), context, new Scrapes(config, context, store, meters));
  }

  @Override
  public Future<Void> stop() {
    stopped = true;
    sweep.cancel();
    figure.run();
    return listener.stop().onComplete(_ -> store.close());
  }

  @Override
  public boolean handOver() {
    return listener.handOver();
  }

  @Override
  public void stay() {
    listener.stay();
  }

  List<InetSocketAddress> addresses() {
    return listener.addresses();
  }

  private void sweepLater() {
    var every = config.metricExpiration();
    sweep =
        context
            .loop()
            .schedule(
                every.compareTo(SWEEP_MAX) < 0 ? every : SWEEP_MAX,
                () -> {
                  store.sweep(context.loop().nanoTime());
                  shown.set(store.series());
                  sweepLater();
                });
  }

  @Override
  public Future<Outcome> accept(Batch batch) {
    if (stopped) {
      return Outcome.refused("shutting down").now();
    }
    Promise<Outcome> done = Promise.promise();
    waiting.add(new Work(batch, batch.lease().share(), done));
    if (!busy) {
      busy = true;
      next();
    }
    return done.future();
  }

  private void next() {
    var work = waiting.poll();
    if (work == null) {
      busy = false;
      return;
    }
    guarded(
        work,
        () -> {
          translation.begin(work.batch);
          step(work);
        });
  }

  private void step(Work work) {
    if (translation.step(STEP_POINTS)) {
      var outcome = translation.tooLarge() ? inHalves(work.batch) : taken();
      ended(work);
      work.done.tryComplete(outcome);
    } else {
      context.loop().execute(() -> guarded(work, () -> step(work)));
    }
  }

  /// Whoever waits for an answer waits for this one, and so do those behind.
  private void guarded(Work work, Runnable turn) {
    try {
      turn.run();
    } catch (RuntimeException | Error bug) {
      if (!work.done.future().isComplete()) {
        ended(work);
        work.done.tryFail(bug);
      }
    }
  }

  private void ended(Work work) {
    work.lease.close();
    if (waiting.isEmpty()) {
      busy = false;
    } else {
      context.loop().execute(this::next);
    }
  }

  /// Too many labels for one table.
  private Outcome inHalves(Batch batch) {
    if (batch.items() < 2) {
      return new Outcome.Partial(batch.items(), "more labels than a point may have");
    }
    Outcome all = new Outcome.Accepted();
    for (var half : Split.byItems(batch, (batch.items() + 1) / 2)) {
      translation.begin(half);
      while (!translation.step(STEP_POINTS)) {
        // until all of it is there
      }
      all = both(all, translation.tooLarge() ? inHalves(half) : taken());
    }
    return all;
  }

  /// Of two parts of a batch.
  private static Outcome both(Outcome one, Outcome other) {
    return one instanceof Outcome.Partial(var items, var reason, _)
            && other instanceof Outcome.Partial(var more, var another, _)
        ? new Outcome.Partial(
            items + more, reason.contains(another) ? reason : reason + "; " + another)
        : one.and(other);
  }

  private Outcome taken() {
    var troubles = translation.troubles();
    var refusals = new Refusals();
    store.take(translation.table(), refusals, context.loop().nanoTime());
    shown.set(store.series());
    if (troubles.none() && refusals.total() == 0) {
      return new Outcome.Accepted();
    }
    meters.refused(troubles, refusals);
    say(troubles, refusals);
    var text = troubles.text();
    return new Outcome.Partial(
        troubles.total() + refusals.total(),
        text + (text.isEmpty() || refusals.total() == 0 ? "" : "; ") + refusals.text());
  }

  private void say(Troubles troubles, Refusals refusals) {
    troubles
        .points()
        .forEach((reason, points) -> say(reason.words(), troubles.metrics(reason), points));
    refusals
        .reasons()
        .forEach(reason -> say(reason.words(), refusals.metrics(reason), refusals.points(reason)));
  }

  private void say(String reason, String metrics, long points) {
    context
        .log()
        .warn(
            "Metrics that have no place on the page. Dropping data.",
            "error",
            reason,
            "metrics",
            metrics,
            "dropped_items",
            points);
  }

  private void otherHelp(String metric) {
    meters.otherHelp();
    context.log().debug("Another help than before is not shown", "metric", metric);
  }
}

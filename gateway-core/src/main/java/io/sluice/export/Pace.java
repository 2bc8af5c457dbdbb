package io.sluice.export;

import static io.sluice.pipeline.Outcome.Pressure.UNAVAILABLE;

import io.sluice.component.Loop;
import io.sluice.component.RetryConfig;
import io.sluice.pipeline.Outcome;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// How many attempts one destination gets at the same time. Confined to one loop.
///
///   - While it answers, up to `most`; after a refusal half as many, after successes slowly more again.
///     Where it takes most of a batch and throttles the rest, they stay as many.
///   - When it has done nothing but refuse for a while it is *down*: one attempt at a time is a probe, at
///     the pace of the backoff. Everybody else stands in line, which costs nothing. Who was refused goes
///     to the end of it, so that the probe is not always the same batch.
///   - The first answer that is no refusal ends that, and attempts begin one at a time: all who waited do
///     not come at once.
final class Pace {
  /// So many refusals in a row, and nothing else, mean that a destination is down.
  static final int REFUSALS_MAX = 3;

  /// For those without a bound of their own.
  static final int UNBOUNDED = Integer.MAX_VALUE;

  /// Who wants to make an attempt.
  interface Attempt {
    /// Its turn has come; [Pace#answered], [Pace#throttled] or [Pace#refused] must follow.
    ///
    /// @param round to be told at the end
    void begin(long round);
  }

  private final int most;
  private final Loop loop;
  private final Supplier<Backoff> backoffs;
  private final Set<Attempt> line = new LinkedHashSet<>();
  private Backoff backoff;
  private Duration pause = Duration.ZERO;
  private Outcome.Refused last = new Outcome.Refused(UNAVAILABLE, Duration.ZERO, "no answer yet");
  private double allowed;
  private int underWay;

  /// Attempts of one round that are refused count as one refusal: they saw the same state.
  private long round;

  private int refusals;
  private boolean down;
  private boolean serving;
  private boolean ending;
  private Loop.@Nullable Timer resting;

  /// @param most attempts at the same time
  Pace(int most, RetryConfig config, Loop loop, RandomGenerator random) {
    this.most = most;
    this.loop = loop;
    backoffs = () -> new Backoff(config, random);
    backoff = backoffs.get();
    allowed = most;
  }

  /// Whether an attempt may begin now, without standing in line.
  boolean free() {
    return line.isEmpty() && open();
  }

  private boolean open() {
    return ending || (resting == null && underWay < (down ? 1 : (int) allowed));
  }

  /// @return the round of an attempt that begins now; [#answered], [#throttled] or [#refused] must follow
  long begin() {
    underWay++;
    return round;
  }

  /// Begins when its turn comes, perhaps at once.
  void enter(Attempt attempt) {
    line.add(attempt);
    serve();
  }

  /// It does not want to any more.
  void leave(Attempt attempt) {
    line.remove(attempt);
  }

  /// Whether the destination is down: then there is no sense in a wait of one's own before [#enter].
  boolean down() {
    return down;
  }

  /// The wait before the next probe.
  Duration pause() {
    return pause;
  }

  /// What the destination said last when it refused.
  Outcome.Refused last() {
    return last;
  }

  /// The destination took a batch, or found fault with it or with some of its items.
  void answered() {
    answered(true);
  }

  /// It took most of a batch, and asked to slow down.
  void throttled() {
    answered(false);
  }

  private void answered(boolean more) {
    underWay--;
    if (refusals > 0) {
      refusals = 0;
      backoff = backoffs.get();
    }
    if (down) {
      down = false;
      allowed = 1;
    } else if (more && allowed < most) {
      allowed = Math.min(most, allowed + (most == UNBOUNDED ? 1 : 1 / allowed));
    }
    serve();
  }

  /// @param began the round in which the attempt began
  void refused(long began, Outcome.Refused refused) {
    underWay--;
    refusals++;
    last = refused.whole(); // for others too
    if (began == round) {
      round++;
      allowed = Math.max(1, Math.min(allowed, underWay + 1.0) / 2);
      pause = backoff.next(refused.retryAfter());
      if (down) {
        rest();
      }
    }
    if (!down && refusals >= REFUSALS_MAX) {
      down = true;
      round++; // what is still under way is no probe
      rest();
    }
    serve();
  }

  private void rest() {
    if (resting == null && !ending) {
      resting = loop.schedule(pause, this::rested);
    }
  }

  private void rested() {
    resting = null;
    serve();
  }

  /// From now on everybody may begin at once.
  void end() {
    ending = true;
    if (resting != null) {
      resting.cancel();
    }
    rested();
  }

  private void serve() {
    if (serving) {
      return;
    }
    serving = true;
    try {
      while (!line.isEmpty() && open()) {
        var first = line.iterator().next();
        line.remove(first);
        first.begin(begin());
      }
    } finally {
      serving = false;
    }
  }
}

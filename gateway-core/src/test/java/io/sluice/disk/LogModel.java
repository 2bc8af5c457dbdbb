package io.sluice.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.telemetry.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One run of a log on a simulated disk, all of it out of one seed, and what must hold at its end:
///
///   - what was acknowledged has been delivered, or was in a record that was damaged, or was reported as
///     dropped because the limits or an operator say so;
///   - what was delivered had been sent, to that destination, with those bytes;
///   - what is on its way is not dropped, and what was settled for good does not come again;
///   - when all is delivered, nothing is counted as waiting; in between, exactly what is;
///   - damage costs the records it is in, keeps no log from opening, and what a crash tore is not called
///     damage.
///
/// On one thread; for several there is [LogThreadsTest].
final class LogModel {
  private static final List<String> NAMES = List.of("otlp/a:traces", "otlp/b:traces", "c:logs");
  private static final int STEPS = 120;

  /// What is done wrong on purpose.
  enum Sabotage {
    NONE,
    ACKNOWLEDGE_BEFORE_FORCE,
    NO_DIRECTORY_FORCE,
    SETTLE_BEFORE_DELIVERY
  }

  /// What happened in a run, to see that runs are worth something.
  static final class Tally {
    long crashes;
    long failedForces;
    long failedWrites;
    long full;
    long unreadable;
    long refused;
    long duplicates;
    long delivered;
    long damaged;
    long quarantined;
    long dropped;
    long withdrawn;
    long givenUp;
    long shared;
    long framed;
  }

  private final SplittableRandom random;
  private final Sabotage sabotage;
  private final Tally tally;
  private final SimulatedFiles.Faults faults = new SimulatedFiles.Faults();
  private final SimulatedFiles files;
  private final Limits limits;
  private final ModelBatches batches;
  private final Mischief mischief;
  private final List<ModelQueue> queues = new ArrayList<>();
  private final Deque<Runnable> aside = new ArrayDeque<>();
  private int quarantined;
  private long nowMs = 1_700_000_000_000L;
  private @Nullable SegmentLog log;

  LogModel(long seed, Sabotage sabotage, Tally tally) {
    random = new SplittableRandom(seed);
    this.sabotage = sabotage;
    this.tally = tally;
    files = new SimulatedFiles(faults, random);
    batches = new ModelBatches(random, tally);
    mischief = new Mischief(random, files, faults, tally, sabotage == Sabotage.NONE);
    faults.forceLies = sabotage == Sabotage.ACKNOWLEDGE_BEFORE_FORCE;
    faults.directoryForceLies = sabotage == Sabotage.NO_DIRECTORY_FORCE;
    limits = limits();
    var first = make();
    int count = 1 + random.nextInt(NAMES.size());
    for (var name : NAMES.subList(0, count)) {
      queues.add(new ModelQueue(name, random, sabotage, tally, batches, first));
    }
  }

  private Limits limits() {
    long segment = 40 << 10;
    return switch (random.nextInt(4)) {
      case 0 -> new Limits(6 * segment, Duration.ZERO, random.nextInt(4) > 0, segment);
      case 1 -> new Limits(0, Duration.ofSeconds(2), false, segment);
      default -> new Limits(0, Duration.ZERO, random.nextBoolean(), segment);
    };
  }

  void run() {
    restart();
    for (int i = 0; i < STEPS; i++) {
      try {
        step();
        queues.forEach(ModelQueue::assertBooksBalance);
      } catch (SimulatedFiles.Crash _) {
        powerCut();
      }
    }
    mischief.calm();
    powerCut();
    finish();
    judge();
  }

  private void step() {
    mischief.brew();
    nowMs += random.nextInt(120);
    switch (random.nextInt(26)) {
      case 0, 1, 2, 3, 4, 5 -> append();
      case 6, 7, 8, 9 -> log().work();
      case 10, 11, 12, 13 -> queue().read();
      case 14, 15, 16, 17 -> queue().take();
      case 18, 19, 20, 21 -> queue().deliver();
      case 22 -> queue().reclaim();
      case 23 -> operate();
      case 24 -> {
        if (random.nextInt(3) == 0) {
          restartSomehow();
        }
      }
      default -> {
        if (random.nextInt(3) == 0) {
          faults.crashAfterCalls = random.nextInt(40);
        }
      }
    }
  }

  /// What others ask of a log, and what it does beside.
  private void operate() {
    switch (random.nextInt(8)) {
      case 0, 1 -> queue().giveUp(log());
      case 2, 3, 4 -> {
        if (log().mark()) {
          queues.forEach(ModelQueue::marked);
        }
      }
      case 5 -> {
        if (random.nextInt(4) == 0) {
          log().drop(queue().name);
        }
      }
      default -> {
        if (!aside.isEmpty()) {
          aside.remove().run();
        }
      }
    }
  }

  private void append() {
    int many = 1 + random.nextInt(4);
    for (int i = 0; i < many; i++) {
      var batch = batches.next();
      var to = new ArrayList<>(queues);
      while (to.size() > 1 && random.nextBoolean()) {
        to.remove(random.nextInt(to.size()));
      }
      tally.shared += to.size() > 1 ? 1 : 0;
      to.forEach(queue -> queue.append(batch));
    }
  }

  private ModelQueue queue() {
    return queues.get(random.nextInt(queues.size()));
  }

  private void restartSomehow() {
    switch (random.nextInt(3)) {
      case 0 -> {
        log().close();
        files.kill();
      }
      case 1 -> files.kill();
      default -> files.crash();
    }
    tally.crashes++;
    damage();
    restart();
  }

  private void powerCut() {
    files.crash();
    tally.crashes++;
    faults.crashAfterCalls = -1;
    damage();
    restart();
  }

  private void damage() {
    if (sabotage == Sabotage.NONE) {
      mischief.damage();
      if (mischief.marksDamaged()) {
        queues.forEach(ModelQueue::marksDamaged);
      }
    }
  }

  private SegmentLog log() {
    if (log == null) {
      throw new IllegalStateException("no log");
    }
    return log;
  }

  /// Until it opens; it may be crashed while it recovers, as often as there are faults.
  private void restart() {
    for (int i = 0; ; i++) {
      if (i > 20) {
        mischief.calm();
      }
      try {
        open();
        return;
      } catch (SimulatedFiles.Crash _) {
        files.crash();
        tally.crashes++;
      }
    }
  }

  private void open() {
    var next = make();
    log = next;
    for (var queue : queues) {
      queue.assertDamageAtMost(mischief.lostMost());
      queue.restart(next);
    }
    assertThat(next.open()).isInstanceOf(Opened.Ready.class);
    queues.forEach(ModelQueue::opened);
  }

  private SegmentLog make() {
    aside.clear();
    var meter =
        new LogMeter() {
          @Override
          public void quarantined(long records, long bytes) {
            tally.quarantined++;
            quarantined++;
          }
        };
    var around =
        new SegmentLog.Surroundings(
            batches, () -> Instant.ofEpochMilli(nowMs), () -> 0, random, meter, Log.NONE);
    return new SegmentLog(files, limits, around, () -> {}, aside::add);
  }

  /// All faults are over: everything that is there is delivered.
  private void finish() {
    for (var queue : queues) {
      queue.drain();
      queue.reclaim();
      queue.drain();
    }
    queues.forEach(ModelQueue::assertBooksBalance);
    nowMs += Marking.EVERY_MS;
    log().work();
    tally.failedForces += faults.failedForces;
    tally.failedWrites += faults.failedWrites;
    tally.full += faults.full;
    tally.unreadable += faults.unreadable;
  }

  private void judge() {
    if (!mischief.any()) {
      assertThat(quarantined).as("called damaged though nothing was").isZero();
    }
    queues.forEach(queue -> queue.judge(mischief.victims()));
    queues.forEach(queue -> queue.assertDamageAtMost(mischief.lostMost()));
    assertThat(files.list().stream().filter(name -> name.endsWith(Segment.SUFFIX)))
        .as("segments when all is settled")
        .allMatch(mischief.gone()::contains);
    log().close();
  }
}

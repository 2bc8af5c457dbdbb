package io.sluice.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
import io.sluice.data.Lease;
import io.sluice.disk.LogModel.Sabotage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// A destination of a [LogModel], who sends to it, who delivers for it, and the ledgers of all of them.
///
/// Besides what must hold at the end, its books balance at each step: what was found, and stored since, is
/// settled, lost with a reason, or counted as waiting; each exactly once.
final class ModelQueue {
  final String name;
  private final SplittableRandom random;
  private final Sabotage sabotage;
  private final LogModel.Tally tally;
  private final ModelBatches batches;

  private final Set<Long> sent = new HashSet<>();
  private final Set<Long> acknowledged = new HashSet<>();
  private final Set<Long> delivered = new HashSet<>();

  /// In this life.
  private final Set<Long> settled = new HashSet<>();

  /// Of which the log has said that this is on stable storage.
  private final Set<Long> settledForGood = new HashSet<>();

  private final List<Entry> ahead = new ArrayList<>();
  private final List<Entry> onItsWay = new ArrayList<>();
  private Counts waiting = Counts.NONE;
  private int unanswered;
  private long dropped;
  private long damaged;
  private Destination destination;
  private Claim claim;

  ModelQueue(
      String name,
      SplittableRandom random,
      Sabotage sabotage,
      LogModel.Tally tally,
      ModelBatches batches,
      SegmentLog log) {
    this.name = name;
    this.random = random;
    this.sabotage = sabotage;
    this.tally = tally;
    this.batches = batches;
    destination = log.destination(name);
    claim = claimed();
  }

  /// The process is gone; another one has come.
  void restart(SegmentLog log) {
    destination = log.destination(name);
    ahead.clear();
    onItsWay.clear();
    unanswered = 0;
    settled.clear();
    damaged = 0; // may be found again
    waiting = Counts.NONE;
    claim = claimed();
  }

  void opened() {
    waiting = destination.unsettled();
  }

  private Claim claimed() {
    var next = destination.claim(() -> {}, this::lost);
    next.begin();
    return next;
  }

  private void lost(Loss reason, Counts counts) {
    waiting = waiting.minus(counts);
    if (reason == Loss.DAMAGED) {
      damaged += counts.records();
    } else {
      dropped += counts.records();
      tally.dropped += counts.records();
    }
  }

  void append(Batch batch) {
    long id = ModelBatches.id(batch);
    sent.add(id);
    destination.append(
        batch,
        appended -> {
          if (appended instanceof Appended.Stored) {
            acknowledged.add(id);
            waiting = waiting.plus(new Counts(1, batch.items(), batch.sizeInBytes()));
          } else {
            tally.refused++;
          }
        });
  }

  /// Reads one ahead.
  ///
  /// @return whether there may be more
  boolean read() {
    return switch (claim.next(_ -> random.nextInt(10) == 0 ? null : Lease.NONE)) {
      case Read.Next(var entry) -> {
        ahead.add(entry);
        if (sabotage == Sabotage.SETTLE_BEFORE_DELIVERY) {
          claim.settle(entry);
        }
        yield true;
      }
      case Read.NoRoom _, Read.Failed _ -> true;
      case Read.Nothing() -> false;
    };
  }

  /// Begins to deliver one that was read ahead, unless it has been given up.
  void take() {
    if (!ahead.isEmpty()) {
      var entry = ahead.remove(random.nextInt(ahead.size()));
      if (claim.take(entry) || sabotage == Sabotage.SETTLE_BEFORE_DELIVERY) {
        onItsWay.add(entry);
      } else {
        tally.withdrawn++;
      }
    }
  }

  /// One that is on its way arrives, and mostly that is known here.
  void deliver() {
    if (onItsWay.isEmpty()) {
      return;
    }
    var entry = onItsWay.remove(random.nextInt(onItsWay.size()));
    arrive(entry);
    if (random.nextInt(12) > 0) {
      settle(entry);
    } else {
      unanswered++; // it failed, or the answer was lost: it stays
    }
  }

  private void arrive(Entry entry) {
    long id = ModelBatches.id(entry.batch());
    assertThat(sent).as("delivered is what was sent").contains(id);
    batches.check(entry.batch());
    assertThat(settledForGood).as("settled for good").doesNotContain(id);
    tally.delivered++;
    tally.duplicates += delivered.add(id) ? 0 : 1;
  }

  private void settle(Entry entry) {
    if (sabotage != Sabotage.SETTLE_BEFORE_DELIVERY) {
      assertThat(claim.settle(entry)).as("what is on its way is not dropped").isTrue();
      waiting = waiting.minus(entry.counts());
      settled.add(ModelBatches.id(entry.batch()));
    }
  }

  void marked() {
    settledForGood.addAll(settled);
  }

  /// After that anything may come again.
  void marksDamaged() {
    settledForGood.clear();
  }

  /// Another reader takes over.
  void reclaim() {
    var next = claimed();
    claim.release();
    claim.next(_ -> Lease.NONE);
    claim = next;
    ahead.clear();
    onItsWay.clear();
    unanswered = 0;
  }

  /// An operator drops some.
  void giveUp(SegmentLog log) {
    int latest = settled.size() + delivered.size();
    var selection =
        random.nextBoolean()
            ? new Selection(-1, Set.of(), 0, Long.MAX_VALUE, 1 + random.nextInt(5))
            : new Selection(random.nextInt(latest + 1), Set.of(), 0, Long.MAX_VALUE, 20);
    try {
      var given = log.giveUp(destination, selection);
      assertThat(given.left()).isLessThanOrEqualTo(onItsWay.size() + unanswered);
      tally.givenUp += given.counts().records();
    } catch (IOException e) {
      throw new AssertionError("a disk that cannot be read keeps nobody from dropping", e);
    }
  }

  /// All faults are over: everything that is there is delivered.
  void drain() {
    for (boolean more = true; more; ) {
      more = read();
      while (!ahead.isEmpty()) {
        take();
      }
      while (!onItsWay.isEmpty()) {
        var entry = onItsWay.removeFirst();
        arrive(entry);
        settle(entry);
      }
    }
  }

  void assertBooksBalance() {
    if (sabotage == Sabotage.NONE) {
      assertThat(destination.unsettled()).as("%s: waiting", name).isEqualTo(waiting);
    }
  }

  void assertDamageAtMost(long records) {
    assertThat(damaged).as("%s: lost by damage", name).isLessThanOrEqualTo(records);
  }

  /// @param lost by damage
  void judge(Set<Long> lost) {
    var missing = new HashSet<>(acknowledged);
    missing.removeAll(delivered);
    missing.removeAll(lost);
    assertThat((long) missing.size())
        .as("%s: acknowledged and not delivered: %s", name, missing)
        .isLessThanOrEqualTo(dropped);
    assertThat(destination.unsettled()).as(name).isEqualTo(Counts.NONE);
  }
}

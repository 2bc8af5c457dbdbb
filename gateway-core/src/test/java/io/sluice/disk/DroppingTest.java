package io.sluice.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
import io.sluice.data.Lease;
import io.sluice.data.Origin;
import io.sluice.telemetry.Log;
import io.sluice.testkit.Payloads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// `on_full: drop_oldest` and `age_max`, while there is a reader: what is on its way stays, all else may go,
/// and each is counted once.
final class DroppingTest {
  private static final int SEGMENT_BYTES = 64 << 10;
  private static final int SEGMENTS = 3;

  private final SimulatedFiles.Faults faults = new SimulatedFiles.Faults();
  private final SimulatedFiles files = new SimulatedFiles(faults, new SplittableRandom(1));
  private final List<String> losses = new ArrayList<>();
  private long lost;
  private int told;
  private long nowMs = 1_700_000_000_000L;
  private long stored;

  private SegmentLog log(Limits limits) {
    var around =
        new SegmentLog.Surroundings(
            Frames.NONE,
            () -> Instant.ofEpochMilli(nowMs),
            () -> 0,
            new SplittableRandom(2),
            LogMeter.NONE,
            Log.NONE);
    var log = new SegmentLog(files, limits, around, () -> {});
    log.destination("a");
    assertThat(log.open()).isInstanceOf(Opened.Ready.class);
    return log;
  }

  private SegmentLog small() {
    return log(new Limits(SEGMENTS * SEGMENT_BYTES, Duration.ZERO, true, SEGMENT_BYTES));
  }

  private SegmentLog aging(Duration age) {
    return log(new Limits(0, age, false, SEGMENT_BYTES));
  }

  private static Batch batch(long i) {
    return Payloads.spans("x".repeat(2000), 1).with(new Origin("", "", Long.toString(i), Map.of()));
  }

  private Appended append(SegmentLog log) {
    var answers = new ArrayList<Appended>();
    log.destination("a").append(batch(stored), answers::add);
    log.work();
    if (answers.getFirst() instanceof Appended.Stored) {
      stored++;
    }
    return answers.getFirst();
  }

  private Claim claim(SegmentLog log) {
    var claim =
        log.destination("a")
            .claim(
                () -> told++,
                (loss, counts) -> {
                  losses.add(loss.toString());
                  lost += counts.records();
                });
    claim.begin();
    return claim;
  }

  private static List<Entry> ahead(Claim claim, int most) {
    var entries = new ArrayList<Entry>();
    while (entries.size() < most && claim.next(_ -> Lease.NONE) instanceof Read.Next(var entry)) {
      entries.add(entry);
    }
    return entries;
  }

  /// Until it would not fit any more without something going.
  private void fill(SegmentLog log) {
    while (log.bytes() < SEGMENTS * SEGMENT_BYTES) {
      assertThat(append(log)).isInstanceOf(Appended.Stored.class);
    }
    for (long before = lost; lost == before; ) {
      assertThat(append(log)).isInstanceOf(Appended.Stored.class);
    }
  }

  private void assertBooksBalance(SegmentLog log, long settled) {
    assertThat(log.destination("a").unsettled().records()).isEqualTo(stored - settled - lost);
  }

  @Test
  void whatIsOnlyReadAheadMakesRoom() {
    var log = small();
    var claim = claim(log);
    assertThat(append(log)).isInstanceOf(Appended.Stored.class);
    var ahead = ahead(claim, 1);
    while (log.bytes() < SEGMENTS * SEGMENT_BYTES) {
      assertThat(append(log)).isInstanceOf(Appended.Stored.class);
      ahead.addAll(ahead(claim, 100));
    }
    fill(log);
    assertThat(losses).containsOnly("DISPLACED");
    assertThat(claim.take(ahead.getFirst())).as("given back").isFalse();
    assertBooksBalance(log, 0);
    long settled = 0;
    ahead.addAll(ahead(claim, 1000));
    for (var entry : ahead) {
      if (claim.take(entry)) {
        assertThat(claim.settle(entry)).isTrue();
        settled++;
      }
    }
    assertThat(settled).isEqualTo(stored - lost);
    assertBooksBalance(log, settled);
    log.close();
  }

  @Test
  void whatIsOnItsWayStaysAndIsCountedAsDelivered() {
    var log = small();
    var claim = claim(log);
    assertThat(append(log)).isInstanceOf(Appended.Stored.class);
    var first = ahead(claim, 1).getFirst();
    assertThat(claim.take(first)).isTrue();
    fill(log);
    for (int i = 0; i < 200; i++) {
      assertThat(append(log)).isInstanceOf(Appended.Stored.class);
    }
    assertThat(log.bytes()).isLessThanOrEqualTo(SEGMENTS * SEGMENT_BYTES);
    assertThat(claim.settle(first)).isTrue();
    assertBooksBalance(log, 1);
    log.close();
  }

  @Test
  void whenSomethingOfEachIsOnItsWaySendersAreToldSoAndTakenAgainLater() {
    var log = small();
    var claim = claim(log);
    var taken = new ArrayList<Entry>();
    Appended answer = append(log);
    while (answer instanceof Appended.Stored) {
      var ahead = ahead(claim, 100);
      if (log.bytes() / SEGMENT_BYTES > taken.size()) {
        assertThat(claim.take(ahead.getLast())).isTrue();
        taken.add(ahead.getLast());
      }
      answer = append(log);
    }
    assertThat(answer)
        .isInstanceOfSatisfying(
            Appended.Refused.class,
            refused ->
                assertThat(refused.reason()).contains("bytes_max", "each segment is on its way"));
    assertThat(taken).hasSizeGreaterThanOrEqualTo(SEGMENTS);
    assertBooksBalance(log, 0);
    assertThat(lost).as("only the oldest loses what is beside").isLessThan(stored / 2);
    nowMs += State.RETRY_AFTER.toMillis();
    assertThat(claim.settle(taken.getFirst())).isTrue();
    assertThat(append(log)).as("the oldest has gone").isInstanceOf(Appended.Stored.class);
    for (var entry : taken.subList(1, taken.size())) {
      assertThat(claim.settle(entry)).as("none of them was dropped").isTrue();
    }
    assertBooksBalance(log, taken.size());
    log.close();
  }

  /// Who finds what was there when the log was opened is told the rest as lost.
  @Test
  void whatIsDroppedBeforeAnybodyReadsIsNotFoundToo() {
    var log = aging(Duration.ofSeconds(10));
    append(log);
    append(log);
    log.close();

    nowMs += 9_000;
    var again = aging(Duration.ofSeconds(10));
    nowMs += 2_000;
    again.work();
    claim(again);
    assertThat(lost).isEqualTo(2);
    assertThat(again.destination("a").takeBacklog()).hasValue(Counts.NONE);
    again.close();
  }

  @Test
  void nothingIsTakenFromAClosedLog() {
    var log = small();
    var claim = claim(log);
    append(log);
    var ahead = ahead(claim, 1).getFirst();
    log.close();
    assertThat(claim.take(ahead)).isFalse();
  }

  /// Of a segment some of which is on its way the rest does not come back.
  @Test
  void whatWasDroppedBesideSomethingOnItsWayIsGoneAfterACrashAndThatIsNot() {
    var log = aging(Duration.ofSeconds(10));
    var claim = claim(log);
    for (int i = 0; i < 5; i++) {
      append(log);
    }
    var ahead = ahead(claim, 3);
    assertThat(claim.take(ahead.get(1))).isTrue();
    nowMs += 11_000;
    log.work();
    assertThat(lost).isEqualTo(4);
    assertThat(losses).containsOnly("EXPIRED");
    assertBooksBalance(log, 0);
    assertThat(log.mark()).isTrue();
    files.kill();

    var again = aging(Duration.ZERO);
    assertThat(again.destination("a").unsettled().records()).isEqualTo(1);
    assertThat(ahead(claim(again), 10))
        .singleElement()
        .satisfies(entry -> assertThat(entry.batch().origin().peer()).isEqualTo("1"));
    again.close();
  }

  @Test
  void whatIsTooOldGoesThoughItIsReadAheadAndItsSegmentIsStillWrittenTo() {
    var log = aging(Duration.ofSeconds(10));
    var claim = claim(log);
    append(log);
    append(log);
    var ahead = ahead(claim, 2);
    nowMs += 11_000;
    int before = told;
    log.work();
    assertThat(lost).isEqualTo(2);
    assertThat(told).as("there is room, for whoever waits").isGreaterThan(before);
    assertThat(claim.take(ahead.getFirst())).isFalse();
    assertThat(append(log)).isInstanceOf(Appended.Stored.class);
    assertThat(ahead(claim, 10))
        .singleElement()
        .satisfies(entry -> assertThat(entry.batch().origin().peer()).isEqualTo("2"));
    assertBooksBalance(log, 0);
    log.close();
  }

  @Test
  void whatAnOrphanHasOnItsWayIsNotForgotten() {
    var log = aging(Duration.ZERO);
    var claim = claim(log);
    append(log);
    append(log);
    var first = ahead(claim, 1).getFirst();
    assertThat(claim.take(first)).isTrue();
    assertThat(log.drop("a")).isTrue();
    assertThat(lost).isEqualTo(1);
    files.kill();
    var again = aging(Duration.ZERO);
    assertThat(again.destination("a").unsettled().records()).isEqualTo(1);
    again.close();
  }

  @Test
  void itIsSaidWhetherWhatIsSettledIsOnStableStorage() {
    var log = aging(Duration.ZERO);
    append(log);
    faults.renameFails = 1;
    assertThat(log.mark()).isFalse();
    assertThat(log.drop("a")).isFalse();
    faults.renameFails = 0;
    assertThat(log.mark()).isTrue();
    log.close();
  }
}

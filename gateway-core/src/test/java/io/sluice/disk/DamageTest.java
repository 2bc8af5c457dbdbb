package io.sluice.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
import io.sluice.data.Lease;
import io.sluice.data.Origin;
import io.sluice.telemetry.Log;
import io.sluice.testkit.Payloads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a start makes of files that are damaged, cut short, or cannot be read: what is lost is what was hit,
/// it is counted, and it is said where it was.
final class DamageTest {
  private static final int SEGMENT_BYTES = 64 << 10;
  private static final int RECORDS = 12;
  private static final int ITEMS = 4;
  private static final String FIRST = Segment.fileOf(1);

  /// A disk, and the process that has it.
  private static final class Machine {
    final SimulatedFiles.Faults faults = new SimulatedFiles.Faults();
    final SimulatedFiles files = new SimulatedFiles(faults, new SplittableRandom(1));
    final List<String> lines = new ArrayList<>();
    final List<String> destinations;
    Counts lost = Counts.NONE;
    long quarantined;
    SegmentLog log;
    Counts found = Counts.NONE;

    Machine(String... destinations) {
      this.destinations = List.of(destinations);
      log = started();
    }

    private SegmentLog started() {
      lines.clear();
      lost = Counts.NONE;
      quarantined = 0;
      var meter =
          new LogMeter() {
            @Override
            public void quarantined(long records, long bytes) {
              quarantined += records;
            }
          };
      Log told = (level, message, fields) -> lines.add(message + " " + Arrays.toString(fields));
      var around =
          new SegmentLog.Surroundings(
              Frames.NONE,
              () -> Instant.ofEpochMilli(1_700_000_000_000L),
              () -> 0,
              new SplittableRandom(2),
              meter,
              told);
      var next =
          new SegmentLog(
              files, new Limits(0, Duration.ZERO, false, SEGMENT_BYTES), around, () -> {});
      destinations.forEach(next::destination);
      assertThat(next.open()).isInstanceOf(Opened.Ready.class);
      found = next.destination(destinations.getFirst()).unsettled();
      return next;
    }

    void restart() {
      log = started();
    }

    /// @return whether it is stored
    boolean append(String to, int i) {
      var answers = new ArrayList<Appended>();
      log.destination(to).append(batch(i), answers::add);
      log.work();
      return answers.getFirst() instanceof Appended.Stored;
    }

    void fill(int records) {
      for (int i = 0; i < records; i++) {
        assertThat(append(destinations.getFirst(), i)).isTrue();
      }
    }

    /// @return how many records there are, all but the last in the first segment
    int intoTheSecondSegment() {
      int records = 0;
      while (log.bytes() <= SEGMENT_BYTES) {
        assertThat(append(destinations.getFirst(), records++)).isTrue();
      }
      return records;
    }

    /// What can still be delivered.
    List<Integer> drained() {
      var there = new ArrayList<Integer>();
      var claim =
          log.destination(destinations.getFirst())
              .claim(() -> {}, (_, counts) -> lost = lost.plus(counts));
      claim.begin();
      for (int failures = 0; failures < 100; ) {
        switch (claim.next(_ -> Lease.NONE)) {
          case Read.Next(var entry) -> {
            there.add(Integer.valueOf(entry.batch().origin().peer()));
            claim.settle(entry);
          }
          case Read.Nothing() -> {
            return there;
          }
          case Read.NoRoom _, Read.Failed _ -> failures++;
        }
      }
      throw new AssertionError("reading stands still");
    }

    Inspection.Report inspected() throws IOException {
      return new Inspection(files, "", Frames.NONE).run();
    }

    int length(String name) {
      var content = files.content(name);
      return content == null ? 0 : content.length;
    }
  }

  private static Batch batch(int i) {
    return Payloads.spans("s", ITEMS).with(new Origin("", "", Integer.toString(i), Map.of()));
  }

  private static List<Integer> all(int records) {
    var all = new ArrayList<Integer>();
    for (int i = 0; i < records; i++) {
      all.add(i);
    }
    return all;
  }

  /// @param closed whether the log was closed before, so that its segment has a footer
  private static Machine filled(boolean closed) {
    var machine = new Machine("a");
    machine.fill(RECORDS);
    if (closed) {
      machine.log.close();
    } else {
      assertThat(machine.log.mark()).isTrue();
    }
    machine.files.kill();
    return machine;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSectorThatCannotBeReadCostsTheRecordsInIt(boolean closed) throws IOException {
    int end = end(filled(closed));
    int worst = 0;
    for (int at = 0; at < end + Footer.BYTES; at += SimulatedFiles.SECTOR) {
      var machine = filled(closed);
      machine.files.spoil(FIRST, at, at + 1);
      machine.restart();
      assertThat(machine.append("a", RECORDS)).isTrue();
      var there = machine.drained();
      int missing = RECORDS + 1 - there.size();
      worst = Math.max(worst, missing);
      boolean hit = at >= SegmentHeader.BYTES && at < end;
      assertThat(missing).as("lost by the sector at %d", at).isBetween(hit ? 1 : 0, hit ? 3 : 0);
      assertThat(machine.log.destination("a").unsettled()).isEqualTo(Counts.NONE);
      assertThat(machine.lost.records() * ITEMS)
          .as("counted: all that was found is delivered or lost")
          .isEqualTo(machine.lost.items());
      assertThat(machine.found.records() + 1 - there.size()).isEqualTo(machine.lost.records());
      if (hit) {
        assertThat(machine.quarantined).as("sector at %d", at).isEqualTo(missing);
        assertThat(machine.lines).anySatisfy(line -> assertThat(line).contains(FIRST, "from"));
      }
    }
    assertThat(worst).isGreaterThan(1);
  }

  private static int end(Machine machine) {
    machine.restart();
    int end = SegmentHeader.BYTES;
    try (var scan = new Scan(machine.files.open(FIRST), header(machine))) {
      for (var next = scan.next(machine.length(FIRST));
          next instanceof Scan.Found.Head(var header, var at);
          next = scan.next(machine.length(FIRST))) {
        end = Math.toIntExact(at + header.length());
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return end;
  }

  private static SegmentHeader header(Machine machine) throws IOException {
    try (var file = machine.files.open(FIRST)) {
      if (Block.read(SegmentHeader.MAGIC, file, 0, SegmentHeader.BLOCK_BYTES)
          instanceof Block.Content.Body(var body)) {
        return SegmentHeader.decode(body);
      }
    }
    throw new AssertionError("no header");
  }

  @Test
  void marksThatCannotBeReadKeepNothingFromBeingDelivered() {
    var machine = filled(true);
    machine.files.spoil(Marks.FILE, 0, 1);
    machine.restart();
    assertThat(machine.drained()).isEqualTo(all(RECORDS));
    assertThat(machine.lines)
        .anySatisfy(line -> assertThat(line).contains("[file, marks, from, 0", "error"));
    machine.log.work();
    machine.log.close();
    machine.restart();
    assertThat(machine.drained()).as("written anew").isEmpty();
  }

  /// The one behind it tells how much there was; and another day it may be read again.
  @Test
  void aSegmentThatCannotBeReadAtAllIsCountedAndLeft() {
    var machine = new Machine("a");
    int records = machine.intoTheSecondSegment();
    int inFirst = records - 1;
    machine.files.kill();
    machine.files.spoil(FIRST, 0, machine.length(FIRST));
    machine.restart();
    assertThat(machine.quarantined).isEqualTo(inFirst);
    assertThat(machine.lines)
        .anySatisfy(
            line -> assertThat(line).contains(FIRST, "from, 0", "batches, " + inFirst + "]"));
    for (int i = 0; i < inFirst; i++) {
      assertThat(machine.append("a", records + i)).isTrue();
    }
    assertThat(machine.drained())
        .hasSize(1 + inFirst)
        .allSatisfy(i -> assertThat(i).isGreaterThanOrEqualTo(inFirst));
    machine.log.close();
    machine.files.heal(FIRST);
    machine.restart();
    assertThat(machine.drained()).isEqualTo(all(inFirst));
  }

  @Test
  void aSegmentThatIsNoneAnyMoreIsSetAsideAndCounted() {
    var machine = new Machine("a");
    int inFirst = machine.intoTheSecondSegment() - 1;
    machine.files.kill();
    machine.files.damage(FIRST, 24, 1);
    machine.files.damage(FIRST, SegmentHeader.BLOCK_BYTES + 24, 1);
    machine.files.damage(FIRST, machine.length(FIRST) - Footer.BYTES + 24, 1);
    machine.restart();
    assertThat(machine.quarantined).isEqualTo(inFirst);
    assertThat(machine.files.content(FIRST)).isNull();
    assertThat(machine.drained()).containsExactly(inFirst);
  }

  /// At each length: what is behind the cut is lost, and counted with its items.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFileThatIsCutShortLosesWhatIsBehindTheCutAndSaysHowMuch(boolean marked) throws IOException {
    int end = end(filled(true));
    for (int at = SegmentHeader.BYTES; at < end; at += 101) {
      var machine = new Machine("a");
      machine.fill(RECORDS);
      if (marked) {
        assertThat(machine.log.mark()).isTrue();
      } else {
        machine.log.close();
      }
      machine.files.kill();
      machine.files.cut(FIRST, at);
      var report = machine.inspected();
      machine.restart();
      var there = machine.drained();
      int missing = RECORDS - there.size();
      assertThat(missing).isPositive();
      assertThat(there).isEqualTo(all(there.size()));
      assertThat(machine.quarantined).as("cut at %d", at).isEqualTo(missing);
      assertThat(machine.lost.records()).isEqualTo(missing);
      assertThat(machine.lost.items()).isEqualTo((long) missing * ITEMS);
      assertThat(machine.lines).anySatisfy(line -> assertThat(line).contains(FIRST, "from"));
      assertThat(report.damage())
          .as("check, cut at %d", at)
          .singleElement()
          .satisfies(finding ->
              assertThat(finding.what())
                  .containsAnyOf("one to " + missing + " should", ": " + missing + " records"));
      machine.log.close();
      machine.restart();
      assertThat(machine.drained()).isEmpty();
      assertThat(machine.quarantined + machine.lost.records()).as("counted once").isZero();
    }
  }

  /// The marks only know of the newest; the first record of the next one knows too.
  @Test
  void ofAnOlderSegmentThatIsCutItIsKnownHowManyWereInIt() throws IOException {
    var machine = new Machine("a", "b");
    int inFirst = machine.intoTheSecondSegment() - 1;
    machine.log.close();
    machine.files.kill();
    machine.files.cut(FIRST, SegmentHeader.BYTES + 2000);
    var report = machine.inspected();
    machine.restart();
    int there = machine.drained().size() - 1;
    assertThat(there).isBetween(1, inFirst - 1);
    assertThat(machine.quarantined).isEqualTo(inFirst - there);
    assertThat(report.damage())
        .singleElement()
        .satisfies(
            finding -> assertThat(finding.what()).contains("to " + (inFirst - there) + " should"));
  }

  @Test
  void theLastRecordAndTheFooterDamagedAtOnceAreCounted() throws IOException {
    int end = end(filled(true));
    var machine = filled(true);
    machine.files.damage(FIRST, machine.length(FIRST) - Footer.BYTES + 24, 1);
    machine.files.damage(FIRST, end - 8, 1);
    assertThat(machine.inspected().damage()).hasSize(1);
    machine.restart();
    assertThat(machine.drained()).isEqualTo(all(RECORDS - 1));
    assertThat(machine.quarantined).isOne();
    assertThat(machine.lost.items()).isEqualTo(ITEMS);
  }

  /// A header that is damaged after its record was delivered costs nothing, and is not called a loss.
  @Test
  void whatWasDeliveredIsNotLostByDamage() throws IOException {
    var machine = filled(true);
    machine.restart();
    var claim = machine.log.destination("a").claim(() -> {}, (_, _) -> {});
    claim.begin();
    for (int i = 0; i < 3; i++) {
      if (claim.next(_ -> Lease.NONE) instanceof Read.Next(var entry)) {
        claim.settle(entry);
      }
    }
    machine.log.close();
    machine.files.kill();
    machine.files.damage(FIRST, SegmentHeader.BYTES + 10, 1);
    machine.restart();
    assertThat(machine.found.records()).isEqualTo(RECORDS - 3);
    assertThat(machine.drained()).isEqualTo(all(RECORDS).subList(3, RECORDS));
    assertThat(machine.lost).isEqualTo(Counts.NONE);
    assertThat(machine.quarantined).isZero();
  }

  @Test
  void segmentsThatHaveEachOthersNameAreFoundWhateverStopsThat() throws IOException {
    boolean stopped = true;
    for (int calls = 0; stopped; calls++) {
      var machine = new Machine("a");
      int records = machine.intoTheSecondSegment();
      machine.log.close();
      machine.files.kill();
      var second = last(machine);
      swap(machine.files, FIRST, second);
      machine.faults.crashAfterCalls = calls;
      stopped = false;
      try {
        machine.restart();
      } catch (SimulatedFiles.Crash _) {
        stopped = true;
        machine.files.crash();
        machine.restart();
      }
      machine.faults.crashAfterCalls = -1;
      assertThat(machine.drained()).containsExactlyInAnyOrderElementsOf(all(records));
      assertThat(machine.quarantined).isZero();
    }
  }

  @Test
  void aSegmentWithoutAnyRightToItsNameIsSetAside() throws IOException {
    var machine = new Machine("a");
    int records = machine.intoTheSecondSegment();
    machine.log.close();
    machine.files.kill();
    var once = machine.files.content(FIRST);
    assertThat(once).isNotNull();
    var never = Segment.fileOf(2);
    try (var file = machine.files.create(never)) {
      file.write(ByteBuffer.wrap(once), 0);
      file.force();
    }
    machine.restart();
    assertThat(machine.drained()).containsExactlyInAnyOrderElementsOf(all(records));
    assertThat(machine.lines).anySatisfy(line -> assertThat(line).contains(never));
  }

  /// The footer may be of what the file was used for before.
  @Test
  void aFooterAloneGivesNoNameAway() throws IOException {
    var machine = filled(true);
    var other = Segment.fileOf(100);
    machine.files.rename(FIRST, other);
    machine.files.forceDirectory();
    machine.files.spoil(other, 0, SegmentHeader.BYTES);
    machine.restart();
    assertThat(machine.drained()).isEmpty();
    assertThat(machine.files.list()).contains(other).doesNotContain(FIRST);
  }

  @Test
  void whatOneStartCannotReadTheNextDelivers() {
    var machine = filled(false);
    machine.files.spoil(
        FIRST,
        SegmentHeader.BYTES + SimulatedFiles.SECTOR,
        SegmentHeader.BYTES + SimulatedFiles.SECTOR + 1);
    machine.restart();
    assertThat(machine.quarantined).isPositive();
    machine.log.close();
    machine.files.kill();
    machine.files.heal(FIRST);
    machine.restart();
    assertThat(machine.found.records()).isEqualTo(RECORDS);
    assertThat(machine.drained()).containsExactlyInAnyOrderElementsOf(all(RECORDS));
    assertThat(machine.log.destination("a").unsettled()).isEqualTo(Counts.NONE);
  }

  private static String last(Machine machine) {
    return machine.files.list().stream()
        .filter(name -> name.endsWith(Segment.SUFFIX))
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  private static void swap(SimulatedFiles files, String one, String other) throws IOException {
    files.rename(one, "x");
    files.rename(other, one);
    files.rename("x", other);
    files.forceDirectory();
  }
}

package io.sluice.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
import io.sluice.data.Lease;
import io.sluice.data.Origin;
import io.sluice.telemetry.Log;
import io.sluice.testkit.Payloads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The log on the disk of this machine. What disks may do to it is in [LogModelTest].
final class SegmentLogTest {
  private static final Limits SMALL = new Limits(0, Duration.ZERO, false, 64 << 10);

  @TempDir Path folder;

  private static SegmentLog log(Path folder, Limits limits) {
    return log(DiskFiles.in(folder), limits);
  }

  private static SegmentLog log(Files files, Limits limits) {
    return log(files, limits, Runnable::run);
  }

  private static SegmentLog log(Files files, Limits limits, Executor aside) {
    return new SegmentLog(
        files,
        limits,
        new SegmentLog.Surroundings(
            Frames.NONE,
            InstantSource.system(),
            System::nanoTime,
            new SplittableRandom(),
            LogMeter.NONE,
            Log.NONE),
        () -> {},
        aside);
  }

  private static SegmentLog opened(Path folder, String... destinations) {
    var log = log(folder, SMALL);
    for (var name : destinations) {
      log.destination(name);
    }
    assertThat(log.open()).isInstanceOf(Opened.Ready.class);
    return log;
  }

  private static Appended append(SegmentLog log, String destination, Batch batch) {
    var answers = new ArrayList<Appended>();
    log.destination(destination).append(batch, answers::add);
    log.work();
    assertThat(answers).hasSize(1);
    return answers.getFirst();
  }

  private static List<Entry> entries(Claim claim) {
    var entries = new ArrayList<Entry>();
    while (claim.next(_ -> Lease.NONE) instanceof Read.Next(var entry)) {
      entries.add(entry);
    }
    return entries;
  }

  private static Claim claim(SegmentLog log, String destination) {
    var claim = log.destination(destination).claim(() -> {}, (_, _) -> {});
    claim.begin();
    return claim;
  }

  private static Batch spans(int i) {
    return Payloads.spans("s" + i + "-", 10);
  }

  @Test
  void whatIsNotSettledIsThereAgainAfterARestart() {
    var log = opened(folder, "a");
    for (int i = 0; i < 200; i++) {
      assertThat(append(log, "a", spans(i))).isInstanceOf(Appended.Stored.class);
    }
    var claim = claim(log, "a");
    var entries = entries(claim);
    assertThat(entries).hasSize(200);
    entries.stream().filter(entry -> entry.sequence() % 2 == 0).forEach(claim::settle);
    log.close();

    var again = opened(folder, "a");
    assertThat(again.destination("a").unsettled().records()).isEqualTo(100);
    assertThat(again.destination("a").unsettled().items()).isEqualTo(1000);
    assertThat(entries(claim(again, "a")))
        .extracting(entry -> entry.batch().otlp().flatten())
        .containsExactlyElementsOf(
            entries.stream()
                .filter(entry -> entry.sequence() % 2 != 0)
                .map(entry -> entry.batch().otlp().flatten())
                .toList());
    again.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBacklogGoesOutBeforeWhatIsNewIfOrderCounts(boolean inOrder) {
    var log = opened(folder, "a");
    for (int i = 0; i < 2000; i++) {
      assertThat(append(log, "a", spans(i))).isInstanceOf(Appended.Stored.class);
    }
    assertThat(log.destination("a").unsettled().bytes()).isGreaterThan(2 * SMALL.segmentBytes());
    var destination = log.destination("a");
    var claim =
        inOrder
            ? destination.claimInOrder(() -> {}, (_, _) -> {})
            : destination.claim(() -> {}, (_, _) -> {});
    claim.begin();
    var sequences = entries(claim).stream().map(Entry::sequence).toList();
    assertThat(sequences).hasSize(2000);
    assertThat(sequences.equals(sequences.stream().sorted().toList())).isEqualTo(inOrder);
    log.close();
  }

  @Test
  void aFileThatWasCutLosesWhatIsBehindTheCutAndNothingElse() throws IOException {
    var log = opened(folder, "a");
    for (int i = 0; i < 20; i++) {
      assertThat(append(log, "a", spans(i))).isInstanceOf(Appended.Stored.class);
    }
    log.close();
    long record = RecordHeader.lengthOf(0, spans(0).sizeInBytes());
    try (var file = DiskFiles.in(folder).open(Segment.fileOf(1))) {
      file.truncate(SegmentHeader.BYTES + 15 * record);
    }
    for (int start = 0; start < 2; start++) {
      var again = opened(folder, "a");
      assertThat(entries(claim(again, "a"))).hasSizeBetween(12, 15);
      again.close();
    }
  }

  @Test
  void aBatchForTwoIsStoredOnceAndSettledTwice() {
    var log = opened(folder, "a", "b");
    var batch = Payloads.spans("s", 200);
    var answers = new ArrayList<Appended>();
    log.destination("a").append(batch, answers::add);
    log.destination("b").append(batch, answers::add);
    log.work();
    assertThat(answers).hasSize(2).containsOnly(answers.getFirst());
    var a = claim(log, "a");
    a.settle(entries(a).getFirst());
    assertThat(log.destination("a").unsettled()).isEqualTo(Counts.NONE);
    assertThat(log.destination("b").unsettled().records()).isOne();
    log.close();

    var again = opened(folder, "a", "b");
    assertThat(entries(claim(again, "a"))).isEmpty();
    assertThat(entries(claim(again, "b"))).hasSize(1);
    again.close();
  }

  @Test
  void aSecondLogOnTheDirectoryIsRefused() {
    var log = opened(folder);
    assertThat(log(folder, SMALL).open()).isInstanceOf(Opened.InUse.class);
    log.close();
    var next = log(folder, SMALL);
    assertThat(next.open()).isInstanceOf(Opened.Ready.class);
    next.close();
  }

  @Test
  void filesAreForTheirOwnerAlone() throws IOException {
    var directory = folder.resolve("queue");
    var log = opened(directory, "a");
    append(log, "a", spans(0));
    log.close();
    assertThat(permissions(directory)).isEqualTo("rwx------");
    try (var files = java.nio.file.Files.list(directory)) {
      assertThat(files).isNotEmpty().allMatch(file -> permissions(file).equals("rw-------"));
    }
  }

  private static String permissions(Path path) {
    try {
      return PosixFilePermissions.toString(java.nio.file.Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void credentialsAreNotWritten() throws IOException {
    var log = opened(folder, "a");
    var metadata =
        Map.of(
            "authorization", List.of("Bearer hunter2"),
            "cookie", List.of("hunter2"),
            "x-api-key", List.of("hunter2"),
            "x-tenant", List.of("blue"));
    var origin = new Origin("otlp", "http", "10.0.0.1", metadata);
    append(log, "a", spans(0).with(origin));
    var read = entries(claim(log, "a")).getFirst().batch().origin();
    assertThat(read)
        .isEqualTo(new Origin("otlp", "http", "10.0.0.1", Map.of("x-tenant", List.of("blue"))));
    log.close();
    try (var files = java.nio.file.Files.list(folder)) {
      for (var file : files.toList()) {
        var text = new String(java.nio.file.Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertThat(text).doesNotContain("hunter2");
      }
    }
  }

  @Test
  void aDeadLetterKeepsItsReason() {
    var log = opened(folder, "a");
    var letter = new DeadLetter("otlp_grpc:traces", "INVALID", "span 7 has no name");
    log.destination("a").append(spans(0), letter, _ -> {});
    log.work();
    log.close();
    var again = opened(folder, "a");
    assertThat(entries(claim(again, "a"))).extracting(Entry::letter).containsExactly(letter);
    again.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0000000000000000001.seg", "marks"})
  void aNewerFormatIsRefusedAndNotTouched(String name) throws IOException {
    var log = opened(folder, "a");
    append(log, "a", spans(0));
    log.close();
    var file = folder.resolve(name);
    var bytes = java.nio.file.Files.readAllBytes(file);
    newer(bytes, 0);
    if (name.endsWith(Segment.SUFFIX)) {
      newer(bytes, SegmentHeader.BLOCK_BYTES);
    }
    java.nio.file.Files.write(file, bytes);

    var next = log(folder, SMALL);
    next.destination("a");
    assertThat(next.open())
        .isInstanceOfSatisfying(
            Opened.Newer.class,
            newer -> assertThat(newer.reason()).contains(name, "version 2", "expected: at most 1"));
    assertThat(java.nio.file.Files.readAllBytes(file)).isEqualTo(bytes);
  }

  private static void newer(byte[] bytes, int at) {
    var file = java.nio.ByteBuffer.wrap(bytes);
    file.putInt(at + 8, 2);
    int length = file.getInt(at + 12);
    var crc = new java.util.zip.CRC32C();
    crc.update(bytes, at, 16);
    crc.update(bytes, at + Block.OVERHEAD_BYTES, length);
    file.putInt(at + 16, (int) crc.getValue());
  }

  @Test
  void aBatchLargerThanASegmentGetsOneOfItsOwn() {
    var log = opened(folder, "a");
    var large = Payloads.spans("large", 5000);
    assertThat((long) large.sizeInBytes()).isGreaterThan(SMALL.segmentBytes());
    assertThat(append(log, "a", large)).isInstanceOf(Appended.Stored.class);
    assertThat(append(log, "a", spans(1))).isInstanceOf(Appended.Stored.class);
    assertThat(entries(claim(log, "a"))).hasSize(2);
    log.close();
  }

  @Test
  void aFullLogRefusesUntilSomethingIsSettled() {
    var limits = new Limits(3 * (64 << 10), Duration.ZERO, false, 64 << 10);
    var log = log(folder, limits);
    log.destination("a");
    assertThat(log.open()).isInstanceOf(Opened.Ready.class);
    int stored = 0;
    while (append(log, "a", Payloads.spans("s", 100)) instanceof Appended.Stored) {
      stored++;
    }
    assertThat(stored).isPositive();
    assertThat(log.bytes()).isLessThanOrEqualTo(limits.bytesMax());
    var claim = claim(log, "a");
    entries(claim).forEach(claim::settle);
    log.work();
    assertThat(log.bytes()).isLessThan(limits.bytesMax());
    log.close();
  }

  @Test
  void theRoomOfTheNextSegmentIsTakenAside() {
    var aside = new ArrayDeque<Runnable>();
    var log = log(DiskFiles.in(folder), SMALL, aside::add);
    log.destination("a");
    assertThat(log.open()).isInstanceOf(Opened.Ready.class);
    var spare = folder.resolve(Segments.SPARE);
    append(log, "a", large());
    assertThat(aside).hasSize(1);
    assertThat(spare).doesNotExist();
    aside.remove().run();
    append(log, "a", large());
    assertThat(spare).hasSize(SMALL.segmentBytes());
    assertThat(aside).isEmpty();
    while (log.bytes() == SMALL.segmentBytes()) {
      append(log, "a", large());
    }
    assertThat(spare).doesNotExist();
    assertThat(aside).as("the one behind it").hasSize(1);
    log.close();
  }

  @Test
  void nobodyWaitsForTheRoomOfTheNextSegment() {
    var log = log(DiskFiles.in(folder), SMALL, _ -> {});
    log.destination("a");
    assertThat(log.open()).isInstanceOf(Opened.Ready.class);
    for (int i = 0; i < 100; i++) {
      assertThat(append(log, "a", large())).isInstanceOf(Appended.Stored.class);
    }
    assertThat(log.bytes()).isGreaterThan(4 * SMALL.segmentBytes());
    log.close();
  }

  /// Here the one who reads what is new leaves something out, which the other one finds.
  @Test
  void whatIsReadAtTwoPlacesIsReadOnce() {
    var log = opened(folder, "a");
    var claim = claim(log, "a");
    fill(log, 3);
    var sequences = new ArrayList<Long>();
    for (int i = 0; i < 6; i++) {
      sequences.add(next(claim));
    }
    assertThat(sequences).isNotEqualTo(sequences.stream().sorted().toList());
    fill(log, 15);
    entries(claim).forEach(entry -> sequences.add(entry.sequence()));
    assertThat(sequences).doesNotHaveDuplicates();
    assertThat((long) sequences.size()).isEqualTo(log.destination("a").unsettled().records());
    log.close();
  }

  private static void fill(SegmentLog log, int segments) {
    while (log.bytes() < segments * SMALL.segmentBytes()) {
      append(log, "a", large());
    }
  }

  private static long next(Claim claim) {
    return claim.next(_ -> Lease.NONE) instanceof Read.Next(var entry) ? entry.sequence() : -1;
  }

  private static Batch large() {
    return Payloads.spans("x".repeat(4000), 1);
  }

  @Test
  void aDiskThatIsNearlyFullIsFilledWithSmallerSegments() {
    var faults = new SimulatedFiles.Faults();
    faults.capacity = 4 << 20;
    var files = new SimulatedFiles(faults, new SplittableRandom(1));
    var log = log(files, Limits.of(0, Duration.ZERO, false));
    log.destination("a");
    assertThat(log.open()).isInstanceOf(Opened.Ready.class);
    while (append(log, "a", Payloads.spans("s", 100)) instanceof Appended.Stored) {}
    assertThat(log.bytes()).isBetween(faults.capacity / 2, faults.capacity);
    var claim = claim(log, "a");
    entries(claim).forEach(claim::settle);
    log.work();
    assertThat(log.bytes()).as("settling works on a full disk").isLessThan(faults.capacity / 2);
    log.close();
  }

  @Test
  void whatNobodyAskedForIsSaid() {
    var log = opened(folder, "a", "b");
    append(log, "a", spans(0));
    append(log, "b", spans(0));
    log.close();
    var next = log(folder, SMALL);
    next.destination("a");
    assertThat(next.open())
        .isInstanceOfSatisfying(
            Opened.Ready.class, ready -> assertThat(ready.unwanted()).containsOnlyKeys("b"));
    next.drop("b");
    assertThat(next.destination("b").unsettled()).isEqualTo(Counts.NONE);
    next.close();
    assertThat(opened(folder, "a").destination("b").unsettled()).isEqualTo(Counts.NONE);
  }

  @Test
  void whoeverClaimsNextGetsWhatWasNotSettled() {
    var log = opened(folder, "a");
    append(log, "a", spans(0));
    append(log, "a", spans(1));
    var first = claim(log, "a");
    var entries = entries(first);
    var second = claim(log, "a");
    assertThat(entries(second)).isEmpty();
    first.settle(entries.getFirst());
    first.release();
    first.settle(entries.getLast());
    assertThat(entries(second)).extracting(Entry::sequence).containsExactly(2L);
    log.close();
  }

  /// Each failure would cost a whole segment of what the storage may take.
  @Test
  void whatCouldNotBeWrittenTakesNoRoom() {
    var faults = new SimulatedFiles.Faults();
    var log =
        log(
            new SimulatedFiles(faults, new SplittableRandom(1)),
            new Limits(512 << 10, Duration.ZERO, false, 64 << 10));
    log.destination("a");
    assertThat(log.open()).isInstanceOf(Opened.Ready.class);
    for (int i = 0; i < 15; i++) {
      assertThat(append(log, "a", spans(i))).isInstanceOf(Appended.Stored.class);
      faults.forceFails = 1;
      assertThat(append(log, "a", spans(i))).isInstanceOf(Appended.Refused.class);
      faults.forceFails = 0;
    }
    assertThat(entries(claim(log, "a"))).hasSize(15);
  }
}

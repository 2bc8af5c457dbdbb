package io.sluice.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
import io.sluice.data.Frame;
import io.sluice.data.Lease;
import io.sluice.data.Origin;
import io.sluice.data.Signal;
import io.sluice.telemetry.Log;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// One run of a log on a simulated disk, all of it out of one seed, and what must hold at its end:
///
///   - what was acknowledged has been delivered, or was in a record that was damaged, or was reported as
///     dropped because the limits say so;
///   - what was delivered had been sent, to that destination, with those bytes;
///   - when all is delivered, nothing is counted as waiting;
///   - damage costs the records it is in, and what a crash tore is not called damage.
final class LogModel {
  private static final List<String> NAMES = List.of("otlp/a:traces", "otlp/b:traces", "c:logs");
  private static final int STEPS = 120;
  private static final String ENCODING = "seeded";

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
    long refused;
    long duplicates;
    long delivered;
    long damaged;
    long quarantined;
    long dropped;
    long shared;
    long framed;
  }

  private final SplittableRandom random;
  private final Sabotage sabotage;
  private final Tally tally;
  private final SimulatedFiles.Faults faults = new SimulatedFiles.Faults();
  private final SimulatedFiles files;
  private final Limits limits;
  private final List<Queue> queues = new ArrayList<>();
  private final Map<Long, Batch> sent = new HashMap<>();
  private final Set<Long> damaged = new HashSet<>();
  private final String trouble;
  private boolean headersDamaged;
  private int flips;
  private int quarantined;
  private long nowMs = 1_700_000_000_000L;
  private long ids;
  private @Nullable SegmentLog log;

  /// A destination and the ledgers of both ends.
  private static final class Queue {
    final String name;
    final Set<Long> sent = new HashSet<>();
    final Set<Long> acknowledged = new HashSet<>();
    final Set<Long> delivered = new HashSet<>();
    final List<Entry> inFlight = new ArrayList<>();
    long dropped;
    long damaged;
    @Nullable Destination destination;
    @Nullable Claim claim;

    Queue(String name) {
      this.name = name;
    }
  }

  LogModel(long seed, Sabotage sabotage, Tally tally) {
    random = new SplittableRandom(seed);
    this.sabotage = sabotage;
    this.tally = tally;
    files = new SimulatedFiles(faults, random);
    faults.forceLies = sabotage == Sabotage.ACKNOWLEDGE_BEFORE_FORCE;
    faults.directoryForceLies = sabotage == Sabotage.NO_DIRECTORY_FORCE;
    limits = limits();
    int count = 1 + random.nextInt(NAMES.size());
    for (int i = 0; i < count; i++) {
      queues.add(new Queue(NAMES.get(i)));
    }
    trouble =
        sabotage == Sabotage.NONE ? List.of("none", "some", "much").get(random.nextInt(3)) : "none";
  }

  private Limits limits() {
    long segment = 40 << 10;
    return switch (random.nextInt(4)) {
      case 0 -> new Limits(6 * segment, Duration.ZERO, random.nextBoolean(), segment);
      case 1 -> new Limits(0, Duration.ofSeconds(2), false, segment);
      default -> new Limits(0, Duration.ZERO, random.nextBoolean(), segment);
    };
  }

  void run() {
    restart();
    for (int i = 0; i < STEPS; i++) {
      try {
        step();
      } catch (SimulatedFiles.Crash _) {
        powerCut();
      }
    }
    calm();
    powerCut();
    finish();
    judge();
  }

  private void step() {
    brew();
    nowMs += random.nextInt(120);
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5 -> append();
      case 6, 7, 8, 9 -> log().work();
      case 10, 11, 12 -> read(queue());
      case 13, 14, 15, 16 -> deliver(queue());
      case 17 -> reclaim(queue());
      case 18 -> {
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

  /// Faults come and go.
  private void brew() {
    if (trouble.equals("none") || random.nextInt(10) > 0) {
      return;
    }
    int often = trouble.equals("much") ? 6 : 30;
    faults.forceFails = maybe(often);
    faults.directoryForceFails = maybe(often);
    faults.renameFails = maybe(often);
    faults.writeFails = maybe(often);
    faults.readFails = maybe(often);
    faults.shortWrites = maybe(3);
    faults.othersFillIt = 2;
    faults.capacity = random.nextInt(4) == 0 ? (100 + random.nextInt(900)) << 10 : Long.MAX_VALUE;
  }

  private int maybe(int often) {
    return random.nextBoolean() ? 0 : 1 + random.nextInt(often);
  }

  private void calm() {
    faults.crashAfterCalls = -1;
    faults.forceFails = 0;
    faults.directoryForceFails = 0;
    faults.renameFails = 0;
    faults.writeFails = 0;
    faults.readFails = 0;
    faults.capacity = Long.MAX_VALUE;
  }

  private void powerCut() {
    files.crash();
    tally.crashes++;
    faults.crashAfterCalls = -1;
    damage();
    restart();
  }

  private SegmentLog log() {
    if (log == null) {
      throw new IllegalStateException("no log");
    }
    return log;
  }

  private Queue queue() {
    return queues.get(random.nextInt(queues.size()));
  }

  /// Until it opens; it may be crashed and refused while it recovers, as often as there are faults.
  private void restart() {
    for (int i = 0; ; i++) {
      if (i > 20) {
        calm();
      }
      try {
        if (open()) {
          return;
        }
        files.kill();
      } catch (SimulatedFiles.Crash _) {
        files.crash();
        tally.crashes++;
      }
    }
  }

  private boolean open() {
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
            new Seeded(), () -> Instant.ofEpochMilli(nowMs), () -> 0, random, meter, Log.NONE);
    var opened = new SegmentLog(files, limits, around, () -> {});
    log = opened;
    for (var queue : queues) {
      queue.destination = opened.destination(queue.name);
      queue.inFlight.clear();
      assertDamage(queue);
      queue.damaged = 0; // may be found again
      queue.claim = claim(queue, queue.destination);
    }
    return switch (opened.open()) {
      case Opened.Ready _ -> true;
      case Opened.Failed _ -> false;
      case Opened.InUse(var why) -> throw new AssertionError(why);
      case Opened.Newer(var why) -> throw new AssertionError(why);
    };
  }

  private Claim claim(Queue queue, Destination destination) {
    BiConsumer<Loss, Counts> lost =
        (reason, counts) -> {
          if (reason == Loss.DAMAGED) {
            queue.damaged += counts.records();
          } else {
            queue.dropped += counts.records();
            tally.dropped += counts.records();
          }
        };
    var claim = destination.claim(() -> {}, lost);
    claim.begin();
    return claim;
  }

  private void append() {
    int many = 1 + random.nextInt(4);
    for (int i = 0; i < many; i++) {
      var batch = batch();
      var to = new ArrayList<>(queues);
      while (to.size() > 1 && random.nextBoolean()) {
        to.remove(random.nextInt(to.size()));
      }
      tally.shared += to.size() > 1 ? 1 : 0;
      for (var queue : to) {
        append(queue, batch, ids);
      }
    }
  }

  private void append(Queue queue, Batch batch, long id) {
    queue.sent.add(id);
    if (queue.destination != null) {
      queue.destination.append(
          batch,
          appended -> {
            if (appended instanceof Appended.Stored) {
              queue.acknowledged.add(id);
            } else {
              tally.refused++;
            }
          });
    }
  }

  private Batch batch() {
    long id = ++ids;
    int length =
        random.nextInt(20) == 0 ? 20_000 + random.nextInt(20_000) : 16 + random.nextInt(3000);
    var origin = new Origin("otlp", "grpc", "127.0.0.1", Map.of("tenant", List.of("t" + id)));
    var payload = payload(id, length);
    var frame = ByteBuffer.allocate(12).putLong(id).putInt(length).array();
    boolean framed = random.nextInt(3) == 0;
    tally.framed += framed ? 1 : 0;
    var batch =
        new Batch(
            Signal.TRACES,
            Rope.of(List.of(payload.slice(0, length / 2), payload.slice(length / 2, length))),
            1 + random.nextInt(100),
            origin,
            Lease.NONE,
            framed ? new Frame(ENCODING, Bytes.wrap(frame)) : null);
    sent.put(id, batch);
    return batch;
  }

  private static Bytes payload(long id, int length) {
    var bytes = new byte[length];
    new SplittableRandom(id).nextBytes(bytes);
    ByteBuffer.wrap(bytes).putLong(id);
    return Bytes.wrap(bytes);
  }

  /// The content follows from the twelve bytes of the frame.
  private static final class Seeded implements Frames {
    @Override
    public boolean opens(String encoding) {
      return encoding.equals(ENCODING);
    }

    @Override
    public @Nullable Bytes open(String encoding, Bytes frame, int length) {
      return payload(frame.buffer().getLong(), length);
    }
  }

  private boolean read(Queue queue) {
    if (queue.claim == null) {
      return false;
    }
    var read = queue.claim.next(_ -> random.nextInt(10) == 0 ? null : Lease.NONE);
    return switch (read) {
      case Read.Next(var entry) -> {
        queue.inFlight.add(entry);
        if (sabotage == Sabotage.SETTLE_BEFORE_DELIVERY) {
          queue.claim.settle(entry);
        }
        yield true;
      }
      case Read.NoRoom _, Read.Failed _ -> true;
      case Read.Nothing() -> false;
    };
  }

  private void deliver(Queue queue) {
    if (queue.inFlight.isEmpty() || queue.claim == null) {
      return;
    }
    var entry = queue.inFlight.remove(random.nextInt(queue.inFlight.size()));
    var bytes = entry.batch().otlp().flatten();
    long id = bytes.buffer().getLong();
    var original = sent.get(id);
    assertThat(queue.sent).as("delivered is what was sent").contains(id);
    if (original == null) {
      throw new AssertionError("never sent: " + id);
    }
    assertThat(bytes).isEqualTo(original.otlp().flatten());
    assertThat(entry.batch().items()).isEqualTo(original.items());
    assertThat(entry.batch().origin()).isEqualTo(original.origin());
    tally.delivered++;
    tally.duplicates += queue.delivered.add(id) ? 0 : 1;
    if (random.nextInt(12) > 0) {
      queue.claim.settle(entry);
    } // else it failed, or the answer was lost: it stays
  }

  private void reclaim(Queue queue) {
    if (queue.claim != null && queue.destination != null) {
      var next = claim(queue, queue.destination);
      queue.claim.release();
      queue.claim.next(_ -> Lease.NONE);
      queue.claim = next;
      queue.inFlight.clear();
    }
  }

  /// Flips a bit of some file while nobody has it open.
  private void damage() {
    if (sabotage != Sabotage.NONE || random.nextInt(12) > 0) {
      return;
    }
    var names = files.list().stream().filter(name -> name.endsWith(Segment.SUFFIX)).toList();
    if (random.nextInt(6) == 0) {
      var marks = files.content(Marks.FILE);
      if (marks != null && marks.length > 0) {
        files.damage(Marks.FILE, random.nextInt(marks.length), 1 << random.nextInt(8));
      }
      return;
    }
    if (names.isEmpty()) {
      return;
    }
    var name = names.get(random.nextInt(names.size()));
    var content = files.content(name);
    if (content != null && content.length > SegmentHeader.BYTES) {
      damage(name, content);
    }
  }

  private void damage(String name, byte[] content) {
    boolean inHeader = random.nextInt(8) == 0 && !headersDamaged;
    headersDamaged |= inHeader;
    int from = inHeader ? 0 : SegmentHeader.BYTES;
    int at = from + random.nextInt(content.length - from);
    tally.damaged++;
    flips++;
    try {
      markDamaged(name, at);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    files.damage(name, at, 1 << random.nextInt(8));
  }

  /// Which batch is in the record that holds this byte.
  private void markDamaged(String name, int at) throws IOException {
    var calls = faults.crashAfterCalls;
    var reads = faults.readFails;
    faults.crashAfterCalls = -1;
    faults.readFails = 0;
    try (var file = files.open(name)) {
      var block = new byte[SegmentHeader.BLOCK_BYTES];
      for (long copy : new long[] {0, SegmentHeader.BLOCK_BYTES}) {
        int length = Scan.read(file, ByteBuffer.wrap(block), copy);
        if (Block.read(SegmentHeader.MAGIC, block, length)
            instanceof Block.Content.Body(var body)) {
          markDamaged(new Scan(file, SegmentHeader.decode(body)), file.size(), at);
          return;
        }
      }
    } finally {
      faults.crashAfterCalls = calls;
      faults.readFails = reads;
    }
  }

  private void markDamaged(Scan scan, long size, int at) throws IOException {
    for (var found = scan.next(size); !(found instanceof Scan.Found.End); found = scan.next(size)) {
      if (found instanceof Scan.Found.Head head
          && head.at() <= at
          && at < head.at() + head.header().length()
          && scan.content(head) instanceof Scan.Content.Whole(_, var payload)) {
        damaged.add(payload.buffer().getLong());
      }
    }
  }

  /// All faults are over: everything that is there is delivered.
  private void finish() {
    for (var queue : queues) {
      for (int i = 0; i < 100_000; i++) {
        boolean read = read(queue);
        while (!queue.inFlight.isEmpty()) {
          deliver(queue);
        }
        if (!read) {
          break;
        }
      }
      reclaim(queue);
      for (boolean more = true; more; ) {
        more = read(queue);
        while (!queue.inFlight.isEmpty()) {
          var entry = queue.inFlight.getFirst();
          deliver(queue);
          if (queue.claim != null) {
            queue.claim.settle(entry);
          }
        }
      }
    }
    nowMs += Marking.EVERY_MS;
    log().work();
    tally.failedForces += faults.failedForces;
    tally.failedWrites += faults.failedWrites;
    tally.full += faults.full;
  }

  private void assertDamage(Queue queue) {
    assertThat(queue.damaged)
        .as("%s: lost by damage", queue.name)
        .isLessThanOrEqualTo(damaged.size());
  }

  private void judge() {
    if (flips == 0) {
      assertThat(quarantined).as("called damaged though no bit was flipped").isZero();
    }
    for (var queue : queues) {
      var missing = new HashSet<>(queue.acknowledged);
      missing.removeAll(queue.delivered);
      missing.removeAll(damaged);
      assertThat((long) missing.size())
          .as("%s: acknowledged and not delivered: %s", queue.name, missing)
          .isLessThanOrEqualTo(queue.dropped);
      assertDamage(queue);
      if (queue.destination != null) {
        assertThat(queue.destination.unsettled()).as(queue.name).isEqualTo(Counts.NONE);
      }
    }
    assertThat(files.list().stream().filter(name -> name.endsWith(Segment.SUFFIX)))
        .as("segments when all is settled")
        .isEmpty();
    log().close();
  }
}

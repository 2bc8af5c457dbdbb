package io.sluice.disk;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// What goes wrong with the disk of a [LogModel], and what that may cost: faults that come and go with calls,
/// and, while no process has the files open, flipped bits, sectors that cannot be read any more, and files
/// that are cut short.
final class Mischief {
  private static final List<String> AMOUNTS = List.of("none", "some", "much");

  private final SplittableRandom random;
  private final SimulatedFiles files;
  private final SimulatedFiles.Faults faults;
  private final LogModel.Tally tally;
  private final String amount;

  /// Numbers of batches whose records were damaged.
  private final Set<Long> victims = new HashSet<>();

  /// Files that cannot be read at all.
  private final Set<String> gone = new HashSet<>();

  private boolean headersDamaged;
  private boolean marksDamaged;
  private boolean any;
  private int others;

  Mischief(
      SplittableRandom random,
      SimulatedFiles files,
      SimulatedFiles.Faults faults,
      LogModel.Tally tally,
      boolean wanted) {
    this.random = random;
    this.files = files;
    this.faults = faults;
    this.tally = tally;
    amount = wanted ? AMOUNTS.get(random.nextInt(AMOUNTS.size())) : AMOUNTS.getFirst();
  }

  Set<Long> victims() {
    return victims;
  }

  /// So many records may have been lost; one that a crash had torn before is taken for lost if it cannot be
  /// read.
  int lostMost() {
    return victims.size() + others;
  }

  Set<String> gone() {
    return gone;
  }

  /// Whether anything was damaged.
  boolean any() {
    return any;
  }

  boolean marksDamaged() {
    return marksDamaged;
  }

  /// Faults come and go.
  void brew() {
    if (amount.equals("none") || random.nextInt(10) > 0) {
      return;
    }
    int often = amount.equals("much") ? 6 : 30;
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

  void calm() {
    faults.crashAfterCalls = -1;
    faults.forceFails = 0;
    faults.directoryForceFails = 0;
    faults.renameFails = 0;
    faults.writeFails = 0;
    faults.readFails = 0;
    faults.capacity = Long.MAX_VALUE;
  }

  /// Now and then, to some file.
  void damage() {
    if (random.nextInt(12) > 0) {
      return;
    }
    var names = files.list().stream().filter(name -> name.endsWith(Segment.SUFFIX)).toList();
    if (random.nextInt(6) == 0) {
      damageMarks();
    } else if (!names.isEmpty()) {
      var name = names.get(random.nextInt(names.size()));
      var content = files.content(name);
      if (content != null && content.length > SegmentHeader.BYTES) {
        any = true;
        tally.damaged++;
        damage(name, content.length);
      }
    }
  }

  private void damageMarks() {
    var marks = files.content(Marks.FILE);
    if (marks == null || marks.length == 0) {
      return;
    }
    marksDamaged = true;
    int at = random.nextInt(marks.length);
    if (random.nextBoolean()) {
      files.damage(Marks.FILE, at, 1 << random.nextInt(8));
    } else {
      files.spoil(Marks.FILE, at, at + 1);
    }
  }

  private void damage(String name, int length) {
    switch (random.nextInt(8)) {
      case 0 -> cut(name, random.nextInt(length));
      case 1 -> {
        gone.add(name);
        hit(name, 0, length);
        files.spoil(name, 0, length);
      }
      case 2, 3, 4 -> {
        int at = place(length) / SimulatedFiles.SECTOR * SimulatedFiles.SECTOR;
        int most = at < SegmentHeader.BLOCK_BYTES ? SegmentHeader.BLOCK_BYTES : length;
        int to = Math.min(most, at + SimulatedFiles.SECTOR * (1 + random.nextInt(4)));
        hit(name, at, to);
        files.spoil(name, at, to);
        others +=
            (to - at) / SimulatedFiles.SECTOR + 1; // what is torn there, and not found just now
      }
      default -> {
        int at = place(length);
        hit(name, at, at + 1);
        files.damage(name, at, 1 << random.nextInt(8));
      }
    }
  }

  /// There are two copies of the header, so once it may be hit.
  private int place(int length) {
    boolean inHeader = random.nextInt(8) == 0 && !headersDamaged;
    headersDamaged |= inHeader;
    int from = inHeader ? 0 : SegmentHeader.BYTES;
    int to = inHeader ? SegmentHeader.BLOCK_BYTES : length;
    return from + random.nextInt(to - from);
  }

  private void cut(String name, int at) {
    hit(name, at < SegmentHeader.BYTES ? 0 : at, Integer.MAX_VALUE);
    files.cut(name, at);
  }

  /// Which batches are in the records that hold these bytes.
  private void hit(String name, int from, int to) {
    var calls = faults.crashAfterCalls;
    var reads = faults.readFails;
    faults.crashAfterCalls = -1;
    faults.readFails = 0;
    try (var file = files.open(name)) {
      var scan = scan(file);
      if (scan != null) {
        hit(scan, file.size(), from, to);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } finally {
      faults.crashAfterCalls = calls;
      faults.readFails = reads;
    }
  }

  private static @Nullable Scan scan(Files.Handle file) {
    for (long copy : new long[] {0, SegmentHeader.BLOCK_BYTES}) {
      if (Block.read(SegmentHeader.MAGIC, file, copy, SegmentHeader.BLOCK_BYTES)
          instanceof Block.Content.Body(var body)) {
        var scan = new Scan(file, SegmentHeader.decode(body));
        scan.tolerate();
        return scan;
      }
    }
    return null;
  }

  private void hit(Scan scan, long size, int from, int to) throws IOException {
    for (var found = scan.next(size); !(found instanceof Scan.Found.End); found = scan.next(size)) {
      if (found instanceof Scan.Found.Head head
          && head.at() < to
          && from < head.at() + head.header().length()) {
        switch (scan.content(head)) {
          case Scan.Content.Whole(_, var payload) -> victims.add(ModelBatches.id(payload));
          case Scan.Content.Damaged(), Scan.Content.Unreadable() -> others++;
        }
      }
    }
  }
}

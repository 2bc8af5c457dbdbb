package io.sluice.disk;

import io.sluice.telemetry.Log;
import io.sluice.telemetry.Why;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/// Puts on stable storage what is settled, and then deletes what is not needed any more. Confined to the
/// log's own thread.
///
/// Settled marks are a whole picture in a small file rather than records in the log: they can be lost
/// without losing data, they need no room in a log that is full, and a start reads them at one place.
/// On a full disk the reserve gives them the room they need.
final class Marking {
  static final String RESERVE = "reserve";
  static final long RESERVE_BYTES = 256 << 10;

  /// Less often than that only a segment that can go is a reason to write marks.
  static final long EVERY_MS = 500;

  private static final String ON_ITS_WAY =
      "; something of each segment is on its way, which is not dropped";

  private final Files files;
  private final State state;
  private final Sequence sequence;
  private final Log log;
  private boolean reserve;
  private boolean spare;
  private long markedAtMs;
  private String obstacle = "";

  Marking(Files files, State state, Sequence sequence, Log log, Set<String> entries) {
    this.files = files;
    this.state = state;
    this.sequence = sequence;
    this.log = log;
    reserve = entries.contains(RESERVE);
    spare = entries.contains(Segments.SPARE);
  }

  boolean due() {
    return state.anySettled()
        || (state.unmarked() && Math.abs(state.clock.millis() - markedAtMs) >= EVERY_MS);
  }

  /// @return whether all that is settled is so on stable storage
  boolean markAndDelete() {
    var picture = state.picture(sequence.next());
    markedAtMs = state.clock.millis();
    boolean marked = write(picture.marks());
    if (marked) {
      delete(picture.settled());
    } else {
      state.notMarked();
    }
    return marked;
  }

  private boolean write(Marks marks) {
    try {
      replace(marks);
      return true;
    } catch (IOException e) {
      if (!giveUpReserve()) {
        log.warn("Cannot write which batches are settled", "error", Why.of(e));
        return false;
      }
    }
    try {
      replace(marks);
      return true;
    } catch (IOException e) {
      log.warn("Cannot write which batches are settled", "error", Why.of(e));
      return false;
    }
  }

  private void replace(Marks marks) throws IOException {
    var aside = Marks.FILE + Segments.ASIDE;
    files.delete(aside);
    try (var file = files.create(aside)) {
      Segments.writeFully(file, Block.of(Marks.MAGIC, marks.encoded(), 0), 0);
      file.force();
    }
    files.rename(aside, Marks.FILE);
    files.forceDirectory();
  }

  private void delete(List<Segment> segments) {
    boolean any = false;
    for (var segment : segments) {
      any |= delete(segment);
    }
    if (any) {
      try {
        files.forceDirectory();
      } catch (IOException _) { // they may come back, and are found settled then
      }
    }
  }

  private boolean delete(Segment segment) {
    try {
      if (!spare && !segment.failed && segment.bytes == state.limits.segmentBytes()) {
        files.rename(segment.file, Segments.SPARE);
        spare = true;
      } else {
        files.delete(segment.file);
      }
      state.remove(segment);
      return true;
    } catch (IOException e) {
      log.warn("Cannot delete a segment", "file", segment.file, "error", Why.of(e));
      return false;
    }
  }

  /// Makes a file of the right size the spare one.
  void keepSpare(String name) throws IOException {
    if (spare) {
      files.delete(name);
    } else {
      files.rename(name, Segments.SPARE);
      spare = true;
    }
  }

  boolean hasSpare() {
    return spare;
  }

  /// Renames the spare segment, if there is one. What a crash brings back under its old name is found
  /// settled, or is no segment of that name.
  boolean takeSpare(String name) throws IOException {
    if (!spare) {
      return false;
    }
    spare = false;
    files.rename(Segments.SPARE, name);
    files.forceDirectory();
    return true;
  }

  /// Makes room by dropping all of the oldest segment of which nothing is on its way. If there is none, the
  /// oldest loses all else, and goes when that has come to its end; until then there is no room.
  ///
  /// @return whether there is more room than before
  boolean displaceOldest() {
    obstacle = "";
    if (!state.limits.dropOldest()) {
      return false;
    }
    var finished = state.finished();
    var idle = finished.stream().filter(segment -> !state.onItsWay(segment)).findFirst();
    if (idle.isPresent()) {
      long before = state.bytes();
      drop(idle.get(), Loss.DISPLACED);
      boolean marked = markAndDelete();
      obstacle = marked ? ON_ITS_WAY : "; that something was dropped cannot be written down";
      return state.bytes() < before;
    }
    if (!finished.isEmpty()) {
      obstacle = ON_ITS_WAY;
      drop(finished.getFirst(), Loss.DISPLACED);
    }
    return false;
  }

  /// Why no room was made though the user wants it; empty if he does not.
  String obstacle() {
    return obstacle;
  }

  /// Drops what is older than it may be, and is not on its way.
  void expire() {
    long age = state.limits.ageMax().toMillis();
    if (age == 0) {
      return;
    }
    for (var segment : state.storedUntil(state.clock.millis() - age)) {
      drop(segment, Loss.EXPIRED);
    }
  }

  private void drop(Segment segment, Loss reason) {
    var dropped = new LinkedHashMap<Destination, Counts>();
    synchronized (state) {
      for (var share : segment.shares) {
        dropped.put(share.destination, state.drop(share));
      }
      segment.dropped = segment.finished && segment.settled();
    }
    dropped.forEach((destination, counts) -> tell(destination, reason, counts));
    state.announce(); // whoever waits for room may have some
  }

  /// Drops all that one destination has, but for what is on its way.
  ///
  /// @return whether that is on stable storage
  boolean orphan(Destination destination) {
    var total = Counts.NONE;
    for (var segment : state.segments()) {
      synchronized (state) {
        var share = segment.shareOf(destination);
        if (share != null) {
          total = total.plus(state.drop(share));
        }
      }
    }
    tell(destination, Loss.ORPHANED, total);
    return markAndDelete();
  }

  private void tell(Destination destination, Loss reason, Counts counts) {
    if (counts.records() == 0) {
      return;
    }
    log.error(
        "Stored batches were dropped",
        "queue",
        destination.name,
        "reason",
        reason,
        "batches",
        counts.records(),
        "dropped_items",
        counts.items());
    destination.lost(reason, counts);
  }

  private boolean giveUpReserve() {
    if (!reserve) {
      return false;
    }
    try {
      files.delete(RESERVE);
      files.forceDirectory();
      reserve = false;
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /// Takes the room that settling needs on a full disk, as soon as there is some.
  void keepReserve() {
    if (reserve) {
      return;
    }
    try {
      if (files.freeBytes() < 4 * RESERVE_BYTES) {
        return;
      }
      var aside = RESERVE + Segments.ASIDE;
      files.delete(aside);
      try (var file = files.create(aside)) {
        file.allocate(RESERVE_BYTES);
        file.force();
      }
      files.rename(aside, RESERVE);
      reserve = true;
    } catch (IOException _) { // next time
    }
  }
}

package io.sluice.disk;

import io.sluice.telemetry.Log;
import io.sluice.telemetry.Why;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds out what segments hold, the newest first.
///
/// One with a footer costs the reading of three blocks; one without, the last that was written to, is read
/// through; of one that a destination has settled in part, the headers are.
///
/// Where bytes are damaged or cannot be read, the rest of the segment is found all the same. How many
/// records are lost is told by sequences, as far as they are known to have been stored ([Evidence]). A
/// file that the disk does not give at all stays where it is: the next start may be luckier.
final class SegmentRecovery {
  private static final int REWRITE_BYTES = 1 << 20;
  private static final long RECORD_BYTES_MIN = RecordHeader.lengthOf(0, 0);

  private final Files files;
  private final State state;
  private final Quarantine quarantine;
  private final Evidence evidence;
  private final Log log;
  private long used;

  /// The file behind the present one, and what is in it if that is known.
  private long behindFirst = Long.MAX_VALUE;

  private @Nullable Segment behind;

  SegmentRecovery(Files files, State state, Quarantine quarantine, Evidence evidence, Log log) {
    this.files = files;
    this.state = state;
    this.quarantine = quarantine;
    this.evidence = evidence;
    this.log = log;
  }

  /// No sequence above is in any file, read or not.
  long used() {
    return used;
  }

  /// The segment in a file; null if there is none that could be used.
  @Nullable Segment recover(String name) throws IOException, Recovery.NewerFormat {
    var segment = opened(name);
    behind = segment;
    behindFirst = Math.min(behindFirst, Segment.firstOf(name).orElse(behindFirst));
    return segment;
  }

  private @Nullable Segment opened(String name) throws IOException, Recovery.NewerFormat {
    try (var file = new PatientReads(files.open(name))) {
      return recover(name, file);
    } catch (NoSuchFileException _) { // of a directory that another process has: it was settled
      return null;
    } catch (IOException e) {
      if (!PatientReads.unreadable(e)) {
        throw e;
      }
      leave(name, 0, Why.of(e), Limits.SEGMENT_BYTES_MAX);
      return null;
    }
  }

  private @Nullable Segment recover(String name, Files.Handle file)
      throws IOException, Recovery.NewerFormat {
    long size = file.size();
    var ends = Ends.of(name, file, size);
    for (long at : ends.unreadable()) {
      log.error("A block of a segment cannot be read", "file", name, "from", at);
    }
    var header = ends.header();
    if (header != null && Segment.fileOf(header.first()).equals(name)) {
      used = Math.max(used, header.first()); // an empty one's name is not used again
      var footer = ends.footer();
      return footer == null ? unsealed(header, file, size) : sealed(footer, file, size);
    }
    if (header == null && !ends.unreadable().isEmpty()) {
      leave(name, ends.unreadable().getFirst(), "no header", size);
    } else {
      use(name, size);
      setAside(name, ends, size);
    }
    return null;
  }

  private void leave(String name, long at, String why, long size) {
    use(name, size);
    quarantine.leave(name, at, why, lost(name), size);
    var first = Segment.firstOf(name);
    if (first.isPresent()) {
      state.leave(first.getAsLong());
    }
  }

  private void setAside(String name, Ends ends, long size) {
    var footer = ends.footer();
    if (ends.header() == null) {
      quarantine.setAside(name, "no header", lost(name), size);
    } else {
      long records = footer == null ? 0 : footer.last() - footer.header().first() + 1;
      quarantine.setAside(name, "the header of another segment", records, size);
    }
  }

  /// What is known to be in a file that says nothing itself.
  private long lost(String name) {
    long first = Segment.firstOf(name).orElse(0);
    if (first == 0) {
      return 0;
    }
    return evidence.unsettled(first, evidence.storedUpTo(first, first - 1, behind()));
  }

  /// The sequences that a file of this size may hold are not used again.
  private void use(String name, long bytes) {
    long first = Segment.firstOf(name).orElse(0);
    used = Math.max(used, first + bytes / RECORD_BYTES_MIN);
  }

  private Evidence.Behind behind() {
    var next = behind;
    if (next == null) {
      return Evidence.Behind.nothing(behindFirst);
    }
    try (var file = new PatientReads(files.open(next.file))) {
      return Evidence.Behind.of(next.header, file, next.end);
    } catch (IOException _) { // then it says nothing
      return Evidence.Behind.nothing(behindFirst);
    }
  }

  private Segment begin(SegmentHeader header, long size) {
    var segment = new Segment(header);
    segment.finished = true;
    segment.bytes = size;
    for (var name : header.destinations()) {
      segment.shares.add(new Segment.Share(segment, state.destination(name)));
    }
    return segment;
  }

  private Segment sealed(Footer footer, Files.Handle file, long size) throws IOException {
    var segment = begin(footer.header(), size);
    segment.end = footer.end();
    segment.last = footer.last();
    segment.committed = footer.committed();
    segment.oldestMs = footer.oldestMs();
    segment.newestMs = footer.newestMs();
    for (int i = 0; i < segment.shares.size(); i++) {
      segment.shares.get(i).stored = footer.counts().get(i);
    }
    new Remainder(segment).find(tolerant(file, segment.header));
    return segment;
  }

  private static Scan tolerant(Files.Handle file, SegmentHeader header) {
    var scan = new Scan(file, header);
    scan.tolerate();
    return scan;
  }

  /// Reads a segment that was not sealed and seals it.
  ///
  /// Each record says up to where bytes had been forced when it was written, so it is known which of
  /// those that are bad were answered for: behind the highest of these a bad one is what a crash tore.
  private Segment unsealed(SegmentHeader header, Files.Handle file, long size) throws IOException {
    var segment = begin(header, size);
    var scan = tolerant(file, header);
    var contents = Contents.of(scan, size);
    segment.committed = Math.max(segment.committed, contents.committed());
    segment.committed = evidence.storedUpTo(header.first(), segment.committed, behind());
    var records = contents.records();
    while (!records.isEmpty() && !segment.counts(records.getLast(), scan)) {
      records.removeLast(); // torn
    }
    for (var record : records) {
      segment.end = record.at() + record.header().length();
      segment.last = record.header().sequence();
    }
    var newest = newest(segment);
    long counted = count(segment, records, scan, newest);
    damage(segment, contents.gaps(), scan, newest);
    tail(segment, scan, size);
    new Remainder(segment).find(tolerant(file, header));
    if (scan.unreadableAt() >= 0) {
      segment.failed = true; // the next start may read what this one could not: it scans again
    } else if (!records.isEmpty()) {
      boolean complete = counted == segment.last - header.first() + 1;
      seal(segment, file, uncertain(segment, records), complete);
    }
    return segment;
  }

  private Marks.@Nullable Newest newest(Segment segment) {
    var newest = evidence.newest(segment.header);
    return newest != null && newest.counts().size() == segment.shares.size() ? newest : null;
  }

  /// What was stored is what is there, and what the marks say was.
  ///
  /// @return how many are there
  private long count(
      Segment segment, List<Scan.Found.Head> records, Scan scan, Marks.@Nullable Newest newest)
      throws IOException {
    long counted = 0;
    long from = segment.header.first();
    if (newest != null) {
      from = newest.last() + 1;
      for (int i = 0; i < segment.shares.size(); i++) {
        segment.shares.get(i).stored = newest.counts().get(i);
      }
    }
    for (var record : records) {
      var header = record.header();
      if (segment.counts(record, scan)) {
        counted++;
        if (header.sequence() >= from) {
          for (var share : segment.sharesOf(header)) {
            share.stored = share.stored.plus(Counts.of(header));
          }
        }
        segment.oldestMs = Math.min(segment.oldestMs, header.storedAtMs());
        segment.newestMs = Math.max(segment.newestMs, header.storedAtMs());
      }
    }
    if (segment.newestMs == 0) {
      segment.oldestMs = state.clock.millis();
      segment.newestMs = segment.oldestMs;
    }
    return counted;
  }

  private void damage(
      Segment segment, List<Scan.Found.Damage> gaps, Scan scan, Marks.@Nullable Newest newest) {
    for (var gap : gaps) {
      if (gap.to() > segment.end) {
        continue; // see the tail
      }
      long counted = newest == null ? 0 : newest.last();
      segment.uncounted.add(Math.max(gap.missing(), counted + 1), gap.next() - 1);
      report(segment, scan, gap.from(), gap.to(), gap.missing(), gap.next() - 1);
    }
  }

  /// What was stored behind the last record that is there.
  private void tail(Segment segment, Scan scan, long size) {
    if (segment.committed > segment.last) {
      report(
          segment,
          scan,
          segment.end,
          Math.max(size, segment.end),
          segment.last + 1,
          segment.committed);
      segment.last = segment.committed;
    }
    if (scan.unreadableAt() >= 0) {
      log.error(
          "Some of a segment cannot be read; the rest of it is used",
          "file",
          segment.file,
          "from",
          scan.unreadableAt());
      used = Math.max(used, segment.last + (size - segment.end) / RECORD_BYTES_MIN);
    }
  }

  private void report(Segment segment, Scan scan, long from, long to, long missing, long last) {
    long lost = evidence.unsettled(missing, Math.min(last, segment.committed));
    if (lost > 0) {
      quarantine.keep(segment.file, scan, from, to, lost);
    }
  }

  /// Where the records begin that may not have been forced.
  private static long uncertain(Segment segment, List<Scan.Found.Head> records) {
    long from = segment.end;
    for (var record : records.reversed()) {
      if (segment.committed(record.header().sequence())) {
        break;
      }
      from = record.at();
    }
    return from;
  }

  /// After a sync that failed the system may believe bytes to be on disk that are not. Written once more
  /// they can be forced.
  private static void rewrite(long from, long to, Files.Handle file) throws IOException {
    var bytes = ByteBuffer.allocate((int) Math.min(REWRITE_BYTES, Math.max(0, to - from)));
    for (long at = from; at < to; at += bytes.limit()) {
      bytes.clear().limit((int) Math.min(bytes.capacity(), to - at));
      if (Scan.read(file, bytes, at) < bytes.limit()) {
        throw new IOException("the file has become shorter");
      }
      Segments.writeFully(file, bytes.flip(), at);
    }
    if (from < to) {
      file.force(); // a footer on disk says that they are too
    }
  }

  /// @param complete whether none is missing, and none that a crash tore stands between
  private void seal(Segment segment, Files.Handle file, long from, boolean complete) {
    try {
      rewrite(from, segment.end, file);
      if (complete) {
        segment.committed = segment.last;
      }
      Segments.seal(file, segment, state);
    } catch (IOException e) {
      segment.failed = true; // the next start scans it again
      log.warn("Cannot seal a segment", "file", segment.file, "error", Why.of(e));
    }
  }

  /// What a scan finds.
  private record Contents(List<Scan.Found.Head> records, List<Scan.Found.Damage> gaps) {
    static Contents of(Scan scan, long end) throws IOException {
      var all = new Contents(new ArrayList<>(), new ArrayList<>());
      for (var next = scan.next(end); !(next instanceof Scan.Found.End); next = scan.next(end)) {
        switch (next) {
          case Scan.Found.Head record -> all.records.add(record);
          case Scan.Found.Damage gap -> all.gaps.add(gap);
          case Scan.Found.End() -> {}
        }
      }
      return all;
    }

    long committed() {
      return records.stream().mapToLong(record -> record.header().committed()).max().orElse(-1);
    }
  }
}

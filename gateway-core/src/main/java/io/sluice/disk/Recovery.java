package io.sluice.disk;

import io.sluice.telemetry.Log;
import io.sluice.telemetry.Why;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds out what a directory holds. It may be stopped at any call and begun again: all it writes are
/// footers, which say what another scan would find.
///
/// A segment with a footer costs the reading of three blocks; one without, the last that was written to,
/// is read through; in one that a destination has settled in part, the headers are.
final class Recovery {
  private static final int REWRITE_BYTES = 1 << 20;

  private final Files files;
  private final State state;
  private final Quarantine quarantine;
  private final Log log;
  private Marks marks = Marks.NONE;
  private long last;

  /// A later release wrote this.
  static final class NewerFormat extends Exception {
    private static final long serialVersionUID = 1;

    NewerFormat(String file, int version) {
      super(
          "%s has format version %d (expected: at most %d; it was written by a later release)"
              .formatted(file, version, Block.VERSION));
    }
  }

  Recovery(Files files, State state, Quarantine quarantine, Log log) {
    this.files = files;
    this.state = state;
    this.quarantine = quarantine;
    this.log = log;
  }

  /// Fills the state.
  ///
  /// @return the first sequence that was never used
  long run(Collection<String> entries) throws IOException, NewerFormat {
    marks = entries.contains(Marks.FILE) ? readMarks() : Marks.NONE;
    marks
        .settled()
        .forEach((name, ranges) -> {
          var destination = state.destination(name);
          ranges.forEach(destination.settled::add);
          destination.sent.addAll(marks.sent().getOrDefault(name, Set.of()));
          last = Math.max(last, ranges.highest());
        });
    var names = entries.stream().filter(name -> name.endsWith(Segment.SUFFIX)).sorted().toList();
    var found = new ArrayList<Segment>();
    for (var name : names) {
      var segment = segment(name);
      if (segment != null) {
        found.add(segment);
      }
    }
    for (var segment : found) {
      state.add(segment);
      last = Math.max(last, segment.last);
    }
    for (var name : entries) {
      if (name.endsWith(Segments.ASIDE)) {
        files.delete(name);
      }
    }
    return Math.max(last + 1, marks.next());
  }

  private Marks readMarks() throws IOException, NewerFormat {
    try (var file = files.open(Marks.FILE)) {
      var bytes = new byte[Math.toIntExact(file.size())];
      int length = Scan.read(file, ByteBuffer.wrap(bytes), 0);
      return switch (Block.read(Marks.MAGIC, bytes, length)) {
        case Block.Content.Body(var body) -> Marks.decode(body);
        case Block.Content.Newer(var version) -> throw new NewerFormat(Marks.FILE, version);
        case Block.Content.Damaged() -> {
          log.error("The marks of what is settled are damaged; stored batches may be sent again");
          yield Marks.NONE;
        }
      };
    }
  }

  private @Nullable Segment segment(String name) throws IOException, NewerFormat {
    try (var file = files.open(name)) {
      long size = file.size();
      var own = header(name, file);
      var footer = footer(name, file, size);
      if (own != null && footer != null && footer.header().salt() != own.salt()) {
        footer = null; // of an earlier use of the file
      }
      var header = own == null && footer != null ? footer.header() : own;
      if (header == null || !Segment.fileOf(header.first()).equals(name)) {
        quarantine.keep(name, header == null ? "no header" : "the header of another segment");
        return null;
      }
      return footer != null ? sealed(footer, file, size) : unsealed(header, file, size);
    }
  }

  private static @Nullable SegmentHeader header(String name, Files.Handle file)
      throws IOException, NewerFormat {
    for (long at : new long[] {0, SegmentHeader.BLOCK_BYTES}) {
      var block = new byte[SegmentHeader.BLOCK_BYTES];
      int length = Scan.read(file, ByteBuffer.wrap(block), at);
      switch (Block.read(SegmentHeader.MAGIC, block, length)) {
        case Block.Content.Body(var body) -> {
          return SegmentHeader.decode(body);
        }
        case Block.Content.Newer(var version) -> throw new NewerFormat(name, version);
        case Block.Content.Damaged() -> {}
      }
    }
    return null;
  }

  private static @Nullable Footer footer(String name, Files.Handle file, long size)
      throws IOException, NewerFormat {
    if (size < SegmentHeader.BYTES + Footer.BYTES) {
      return null;
    }
    var block = new byte[Footer.BYTES];
    int length = Scan.read(file, ByteBuffer.wrap(block), size - Footer.BYTES);
    return switch (Block.read(Footer.MAGIC, block, length)) {
      case Block.Content.Body(var body) -> Footer.decode(body);
      case Block.Content.Newer(var version) -> throw new NewerFormat(name, version);
      case Block.Content.Damaged() -> null;
    };
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
    remaining(segment, file);
    return segment;
  }

  /// What is stored less what is settled. Headers are read only if some are and some are not.
  private void remaining(Segment segment, Files.Handle file) throws IOException {
    boolean partly = false;
    for (var share : segment.shares) {
      var settled = share.destination.settled;
      long first = segment.header.first();
      if (settled.containsNone(first, segment.last)) {
        share.remaining = share.stored;
      } else if (!settled.containsAll(first, segment.last)) {
        share.remaining = share.stored;
        partly = true;
      }
    }
    if (partly) {
      subtractSettled(segment, file);
    }
    for (var share : segment.shares) {
      share.destination.unsettled = share.destination.unsettled.plus(share.remaining);
    }
  }

  private void subtractSettled(Segment segment, Files.Handle file) throws IOException {
    var scan = new Scan(file, segment.header);
    for (var found = scan.next(segment.end);
        !(found instanceof Scan.Found.End);
        found = scan.next(segment.end)) {
      if (found instanceof Scan.Found.Head head && counts(segment, head, scan)) {
        for (var share : sharesOf(segment, head.header())) {
          if (share.remaining.records() > 0
              && share.destination.settled.contains(head.header().sequence())) {
            share.remaining = share.remaining.minus(Counts.of(head.header()));
          }
        }
      }
    }
  }

  /// Whether it is in the figures of its segment: all that was answered for is, and what else is whole.
  private static boolean counts(Segment segment, Scan.Found.Head head, Scan scan)
      throws IOException {
    return segment.committed(head.header().sequence())
        || scan.content(head) instanceof Scan.Content.Whole;
  }

  private static List<Segment.Share> sharesOf(Segment segment, RecordHeader header) {
    var shares = new ArrayList<Segment.Share>();
    for (int i = 0; i < segment.shares.size(); i++) {
      if ((header.destinations() >>> i & 1) != 0) {
        shares.add(segment.shares.get(i));
      }
    }
    return shares;
  }

  /// Reads a segment that was not sealed and seals it.
  ///
  /// Each record says up to where bytes had been forced when it was written, so it is known which of
  /// those that are bad were answered for: behind the highest of these a bad one is what a crash tore.
  private Segment unsealed(SegmentHeader header, Files.Handle file, long size) throws IOException {
    var segment = begin(header, size);
    var records = records(segment, file, size);
    for (var record : records) {
      segment.end = record.at() + record.header().length();
      segment.last = record.header().sequence();
    }
    var scan = new Scan(file, header);
    for (var record : records) {
      if (counts(segment, record, scan)) {
        stored(segment, record.header());
      }
    }
    remaining(segment, file);
    if (!records.isEmpty()) {
      seal(segment, file, uncertain(segment, records));
    }
    return segment;
  }

  private List<Scan.Found.Head> records(Segment segment, Files.Handle file, long size)
      throws IOException {
    var records = new ArrayList<Scan.Found.Head>();
    var scan = new Scan(file, segment.header);
    for (var found = scan.next(size); !(found instanceof Scan.Found.End); found = scan.next(size)) {
      if (found instanceof Scan.Found.Head record) {
        records.add(record);
      }
    }
    for (var record : records) {
      segment.committed = Math.max(segment.committed, record.header().committed());
    }
    while (!records.isEmpty() && !counts(segment, records.getLast(), scan)) {
      records.removeLast(); // torn
    }
    return records;
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

  private static void stored(Segment segment, RecordHeader header) {
    for (var share : sharesOf(segment, header)) {
      share.stored = share.stored.plus(Counts.of(header));
    }
    segment.oldestMs = Math.min(segment.oldestMs, header.storedAtMs());
    segment.newestMs = Math.max(segment.newestMs, header.storedAtMs());
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

  private void seal(Segment segment, Files.Handle file, long from) {
    try {
      rewrite(from, segment.end, file);
      Segments.seal(file, segment, state);
    } catch (IOException e) {
      segment.failed = true; // the next start scans it again
      log.warn("Cannot seal a segment", "file", segment.file, "error", Why.of(e));
    }
  }
}

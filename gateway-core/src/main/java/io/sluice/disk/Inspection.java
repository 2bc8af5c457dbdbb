package io.sluice.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads every byte of a log that means something, and says what is not as it was written. It changes
/// nothing, and may be done while another process has the directory: what is being written is no damage,
/// and a segment that goes away meanwhile is none either.
public final class Inspection {
  private final Files files;
  private final String prefix;
  private final Frames frames;
  private final List<Finding> damage = new ArrayList<>();
  private final List<Finding> notes = new ArrayList<>();
  private int segments;
  private long records;
  private long bytes;

  /// @param bytes from the offset on; 0 for the file as a whole
  public record Finding(String file, long offset, long bytes, String what) {}

  /// @param damage what was answered for and is not whole any more, or would not be found
  /// @param notes what is worth knowing and costs nothing
  /// @param records that are whole
  public record Report(
      int segments, long records, long bytes, List<Finding> damage, List<Finding> notes) {}

  /// @param prefix of the names of its files in findings
  public Inspection(Files files, String prefix, Frames frames) {
    this.files = files;
    this.prefix = prefix;
    this.frames = frames;
  }

  public Report run() throws IOException {
    var entries = files.list().stream().sorted().toList();
    if (entries.contains(Marks.FILE)) {
      marks();
    }
    var names = entries.stream().filter(name -> name.endsWith(Segment.SUFFIX)).toList();
    for (var name : names) {
      try (var file = files.open(name)) {
        segment(name, file, name.equals(names.getLast()));
      } catch (NoSuchFileException _) { // all of it has been settled
      }
    }
    for (var kept : files.folder(Quarantine.FOLDER).list()) {
      note(Quarantine.FOLDER + "/" + kept, 0, 0, "was found damaged and set aside earlier");
    }
    return new Report(segments, records, bytes, List.copyOf(damage), List.copyOf(notes));
  }

  private void damage(String file, long offset, long length, String what) {
    damage.add(new Finding(prefix + file, offset, length, what));
  }

  private void note(String file, long offset, long length, String what) {
    notes.add(new Finding(prefix + file, offset, length, what));
  }

  private void marks() throws IOException {
    try (var file = files.open(Marks.FILE)) {
      var content = new byte[Math.toIntExact(file.size())];
      int length = Scan.read(file, ByteBuffer.wrap(content), 0);
      switch (Block.read(Marks.MAGIC, content, length)) {
        case Block.Content.Body _ -> {}
        case Block.Content.Newer(var version) -> newer(Marks.FILE, version);
        case Block.Content.Damaged() ->
            damage(Marks.FILE, 0, length, "damaged: what is settled may be sent again");
      }
    } catch (NoSuchFileException _) { // it is being replaced
    }
  }

  private void newer(String file, int version) {
    damage(
        file,
        0,
        0,
        "format version %d (expected: at most %d; it was written by a later release)"
            .formatted(version, Block.VERSION));
  }

  private void segment(String name, Files.Handle file, boolean newest) throws IOException {
    var found = new ArrayList<Finding>();
    var header = header(name, file, found);
    if (header == null) {
      damage.addAll(found);
      return;
    }
    long size = file.size();
    var footer = footer(name, file, size, newest, header, found);
    var scan = new Scan(file, header);
    long end = footer == null ? size : footer.end();
    var heads = new ArrayList<Scan.Found.Head>();
    var gaps = new ArrayList<Scan.Found.Damage>();
    for (var next = scan.next(end); !(next instanceof Scan.Found.End); next = scan.next(end)) {
      switch (next) {
        case Scan.Found.Head head -> heads.add(head);
        case Scan.Found.Damage gap -> gaps.add(gap);
        case Scan.Found.End() -> {}
      }
    }
    long committed = footer == null ? committed(header, heads) : footer.committed();
    gaps(name, gaps, committed, found);
    long whole = contents(name, scan, heads, committed, found);
    if (found.isEmpty() || stillThere(name, header)) {
      damage.addAll(found);
      segments++;
      records += whole;
      bytes += size;
    }
  }

  private static long committed(SegmentHeader header, List<Scan.Found.Head> heads) {
    return heads.stream()
        .mapToLong(head -> head.header().committed())
        .reduce(header.first() - 1, Math::max);
  }

  /// A settled segment is used again under another name, with the reader's hand still on it.
  private boolean stillThere(String name, SegmentHeader header) throws IOException {
    try (var file = files.open(name)) {
      var now = header(name, file, new ArrayList<>());
      return now == null || now.salt() == header.salt();
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  private @Nullable SegmentHeader header(String name, Files.Handle file, List<Finding> found)
      throws IOException {
    SegmentHeader header = null;
    for (long at : new long[] {0, SegmentHeader.BLOCK_BYTES}) {
      var block = new byte[SegmentHeader.BLOCK_BYTES];
      int length = Scan.read(file, ByteBuffer.wrap(block), at);
      switch (Block.read(SegmentHeader.MAGIC, block, length)) {
        case Block.Content.Body(var body) -> header = SegmentHeader.decode(body);
        case Block.Content.Newer(var version) -> {
          newer(name, version);
          return null;
        }
        case Block.Content.Damaged() ->
            found.add(
                new Finding(
                    prefix + name,
                    at,
                    SegmentHeader.BLOCK_BYTES,
                    "damaged: one of the two copies of the segment's header"));
      }
    }
    if (header != null && !Segment.fileOf(header.first()).equals(name)) {
      found.add(
          new Finding(
              prefix + name, 0, 0, "the header is that of " + Segment.fileOf(header.first())));
      return null;
    }
    return header;
  }

  private @Nullable Footer footer(
      String name,
      Files.Handle file,
      long size,
      boolean newest,
      SegmentHeader header,
      List<Finding> found)
      throws IOException {
    var block = new byte[Footer.BYTES];
    long at = size - Footer.BYTES;
    if (at < SegmentHeader.BYTES || Scan.read(file, ByteBuffer.wrap(block), at) < Footer.BYTES) {
      return null;
    }
    return switch (Block.read(Footer.MAGIC, block, Footer.BYTES)) {
      case Block.Content.Body(var body) -> {
        var footer = Footer.decode(body);
        yield footer.header().salt() == header.salt() ? footer : null;
      }
      case Block.Content.Newer(var version) -> {
        newer(name, version);
        yield null;
      }
      case Block.Content.Damaged() -> {
        if (!newest && ByteBuffer.wrap(block).getLong() == Footer.MAGIC) {
          found.add(new Finding(prefix + name, at, Footer.BYTES, "damaged: the segment's footer"));
        }
        yield null;
      }
    };
  }

  private void gaps(
      String name, List<Scan.Found.Damage> gaps, long committed, List<Finding> found) {
    for (var gap : gaps) {
      long known = Math.min(gap.next() - 1, committed);
      if (known >= gap.missing()) {
        found.add(
            new Finding(
                prefix + name,
                gap.from(),
                gap.to() - gap.from(),
                "damaged: no record where one to %d should be (from sequence %d)"
                    .formatted(known - gap.missing() + 1, gap.missing())));
      }
    }
  }

  /// @return how many are whole
  private long contents(
      String name, Scan scan, List<Scan.Found.Head> heads, long committed, List<Finding> found)
      throws IOException {
    long whole = 0;
    for (var head : heads) {
      var header = head.header();
      if (whole(scan, head)) {
        whole++;
      } else if (header.sequence() <= committed) {
        found.add(
            new Finding(
                prefix + name,
                head.at(),
                header.length(),
                "damaged: record %d (%d items of %s)"
                    .formatted(header.sequence(), header.items(), header.signal())));
      } else {
        note(name, head.at(), header.length(), "unfinished; nobody was answered for it");
      }
    }
    return whole;
  }

  private boolean whole(Scan scan, Scan.Found.Head head) throws IOException {
    return scan.content(head) instanceof Scan.Content.Whole(var envelope, var payload)
        && (!head.header().framed()
            || frames.open(envelope.encoding(), payload, head.header().rawLength()) != null);
  }
}

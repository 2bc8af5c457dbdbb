package io.sluice.disk;

import io.sluice.telemetry.Why;
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
  private Evidence evidence = new Evidence(Marks.NONE, false);
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
    evidence = entries.contains(Marks.FILE) ? marks() : new Evidence(Marks.NONE, true);
    var names = entries.stream().filter(name -> name.endsWith(Segment.SUFFIX)).toList();
    for (int i = 0; i < names.size(); i++) {
      var name = names.get(i);
      boolean newest = i == names.size() - 1;
      try (var file = new PatientReads(files.open(name))) {
        segment(name, file, newest ? Evidence.Behind.NOTHING : behind(names.get(i + 1)));
      } catch (NoSuchFileException _) { // all of it has been settled
      } catch (IOException e) {
        damage(name, 0, 0, "cannot be read: " + Why.of(e));
      }
    }
    for (var kept : files.folder(Quarantine.FOLDER).list()) {
      note(Quarantine.FOLDER + "/" + kept, 0, 0, "was found damaged and set aside earlier");
    }
    return new Report(segments, records, bytes, List.copyOf(damage), List.copyOf(notes));
  }

  /// What the next file says of the one in front of it.
  private Evidence.Behind behind(String name) {
    long first = Segment.firstOf(name).orElse(Long.MAX_VALUE);
    try (var file = new PatientReads(files.open(name))) {
      var header = header(name, file, new ArrayList<>());
      if (header != null) {
        return Evidence.Behind.of(header, file, file.size());
      }
    } catch (IOException _) { // then it says nothing
    }
    return Evidence.Behind.nothing(first);
  }

  private void damage(String file, long offset, long length, String what) {
    damage.add(new Finding(prefix + file, offset, length, what));
  }

  private void note(String file, long offset, long length, String what) {
    notes.add(new Finding(prefix + file, offset, length, what));
  }

  private Evidence marks() throws IOException {
    try (var file = new PatientReads(files.open(Marks.FILE))) {
      int length = Math.toIntExact(file.size());
      switch (Block.read(Marks.MAGIC, file, 0, length)) {
        case Block.Content.Body(var body) -> {
          return new Evidence(Marks.decode(body), true);
        }
        case Block.Content.Newer(var version) -> newer(Marks.FILE, version);
        case Block.Content.Damaged() ->
            damage(Marks.FILE, 0, length, "damaged: what is settled may be sent again");
        case Block.Content.Unreadable(var why) ->
            damage(
                Marks.FILE,
                0,
                length,
                "cannot be read: what is settled may be sent again (" + why + ")");
      }
    } catch (NoSuchFileException _) { // it is being replaced
    }
    return new Evidence(Marks.NONE, false);
  }

  private void newer(String file, int version) {
    damage(
        file,
        0,
        0,
        "format version %d (expected: at most %d; it was written by a later release)"
            .formatted(version, Block.VERSION));
  }

  private void segment(String name, Files.Handle file, Evidence.Behind behind) throws IOException {
    var found = new ArrayList<Finding>();
    var header = header(name, file, found);
    if (header == null) {
      damage.addAll(found);
      withoutHeader(name, file, behind);
      return;
    }
    long size = file.size();
    var footer = footer(name, file, size, behind.first() == Long.MAX_VALUE, header, found);
    var scan = new Scan(file, header);
    scan.tolerate();
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
    long committed =
        footer == null
            ? evidence.storedUpTo(header.first(), committed(header, heads), behind)
            : footer.committed();
    gaps(name, gaps, committed, found);
    if (gaps.isEmpty() || gaps.getLast().to() < end) {
      cut(name, end, scan.previous() + 1, committed, found);
    }
    long whole = contents(name, scan, heads, committed, found);
    if (found.isEmpty() || stillThere(name, header)) {
      damage.addAll(found);
      segments++;
      records += whole;
      bytes += size;
    }
  }

  private void withoutHeader(String name, Files.Handle file, Evidence.Behind behind)
      throws IOException {
    long first = Segment.firstOf(name).orElse(0);
    long lost =
        first == 0 ? 0 : evidence.unsettled(first, evidence.storedUpTo(first, first - 1, behind));
    if (lost > 0) {
      damage(name, 0, file.size(), lost(lost, first));
    }
  }

  /// The file ends where a record ends, and there were more.
  private void cut(String name, long end, long missing, long committed, List<Finding> found) {
    long lost = evidence.unsettled(missing, committed);
    if (lost > 0) {
      found.add(new Finding(prefix + name, end, 0, "cut short: " + lost(lost, missing)));
    }
  }

  private static String lost(long records, long from) {
    return "%d records that were stored are missing (from sequence %d)".formatted(records, from);
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
      switch (Block.read(SegmentHeader.MAGIC, file, at, SegmentHeader.BLOCK_BYTES)) {
        case Block.Content.Body(var body) -> header = SegmentHeader.decode(body);
        case Block.Content.Newer(var version) -> {
          newer(name, version);
          return null;
        }
        case Block.Content.Damaged() ->
            found.add(block(name, at, "damaged: one of the two copies of the segment's header"));
        case Block.Content.Unreadable(var why) ->
            found.add(
                block(
                    name,
                    at,
                    "cannot be read: one of the two copies of the segment's header (" + why + ")"));
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
    long at = size - Footer.BYTES;
    if (at < SegmentHeader.BYTES) {
      return null;
    }
    return switch (Block.read(Footer.MAGIC, file, at, Footer.BYTES)) {
      case Block.Content.Body(var body) -> {
        var footer = Footer.decode(body);
        yield footer.header().salt() == header.salt() ? footer : null;
      }
      case Block.Content.Newer(var version) -> {
        newer(name, version);
        yield null;
      }
      case Block.Content.Damaged() -> {
        if (!newest && looksLikeFooter(file, at)) {
          found.add(block(name, at, "damaged: the segment's footer"));
        }
        yield null;
      }
      case Block.Content.Unreadable(var why) -> {
        found.add(block(name, at, "cannot be read: the segment's footer (" + why + ")"));
        yield null;
      }
    };
  }

  private static boolean looksLikeFooter(Files.Handle file, long at) throws IOException {
    var magic = ByteBuffer.allocate(Long.BYTES);
    return Scan.read(file, magic, at) == Long.BYTES && magic.getLong(0) == Footer.MAGIC;
  }

  private Finding block(String name, long at, String what) {
    return new Finding(prefix + name, at, Footer.BYTES, what);
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
      var content = scan.content(head);
      if (whole(header, content)) {
        whole++;
      } else if (header.sequence() <= committed || content instanceof Scan.Content.Unreadable) {
        found.add(
            new Finding(
                prefix + name,
                head.at(),
                header.length(),
                "%s: record %d (%d items of %s)"
                    .formatted(
                        content instanceof Scan.Content.Unreadable ? "cannot be read" : "damaged",
                        header.sequence(),
                        header.items(),
                        header.signal())));
      } else {
        note(name, head.at(), header.length(), "unfinished; nobody was answered for it");
      }
    }
    return whole;
  }

  private boolean whole(RecordHeader header, Scan.Content content) {
    return content instanceof Scan.Content.Whole(var envelope, var payload)
        && (!header.framed()
            || frames.open(envelope.encoding(), payload, header.rawLength()) != null);
  }
}

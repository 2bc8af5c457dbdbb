package io.sluice.disk;

import io.sluice.telemetry.Why;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/// Makes, seals and deletes the files of segments. Confined to the log's own thread.
///
/// A new segment is written aside with all the room it will need, forced, renamed, and its directory
/// forced: only then is it used. A segment that is settled becomes the spare one, whose room and blocks
/// are used again, or goes; if there is none, one is made ahead ([Preparation]). Order of deletion: marks on stable storage, then the file.
final class Segments {
  static final String SPARE = "spare";
  static final String ASIDE = ".tmp";

  /// Of its size: if more than that is unused when a segment is sealed, it is cut off.
  private static final int SLACK_OF_SEGMENT = 8;

  /// For marks, which settling needs.
  private static final long LEFT_FREE_BYTES = 2 * Marking.RESERVE_BYTES;

  private static final int SHRINKING = 4;

  /// The next segment is prepared when this part of the present one is filled.
  private static final int PREPARED_AT = 32;

  /// So many segments must fit on the disk for one to be prepared.
  private static final int PLENTY = 4;

  private final Files files;
  private final State state;
  private final RandomGenerator random;
  private final Marking marking;
  private final Sequence sequence;
  private final Preparation next;

  /// The segment that was made last.
  private long front;

  /// The segment behind which one was prepared last.
  private long preparedBehind = -1;

  /// What came of making a segment.
  sealed interface Made {
    record Segment(io.sluice.disk.Segment segment, Files.Handle file) implements Made {}

    /// The limits, or the disk, leave no room.
    record Full(String reason) implements Made {}

    record Failed(String reason) implements Made {}
  }

  Segments(
      Files files,
      State state,
      RandomGenerator random,
      Marking marking,
      Sequence sequence,
      Executor aside) {
    next = new Preparation(files, aside);
    this.files = files;
    this.state = state;
    this.random = random;
    this.marking = marking;
    this.sequence = sequence;
    var there = state.segments();
    front = there.isEmpty() ? 0 : there.getLast().header.first();
  }

  /// When a segment has begun to be filled, room is taken for the next one if there is plenty.
  void prepare(Segment active) {
    takePrepared();
    try {
      long size = state.limits.segmentBytes();
      long limit = state.limits.bytesMax();
      if (!marking.hasSpare()
          && next.idle()
          && active.header.first() != preparedBehind
          && active.end >= active.bytes / PREPARED_AT
          && (limit == 0 || state.bytes() + size <= limit)
          && files.freeBytes() >= PLENTY * size + LEFT_FREE_BYTES) {
        preparedBehind = active.header.first();
        next.begin(size);
      }
    } catch (IOException _) { // it will be made when it is needed
    }
  }

  private void takePrepared() {
    try {
      if (next.taken()) {
        marking.keepSpare(Preparation.FILE);
      }
    } catch (IOException _) { // it will be made when it is needed
    }
  }

  void end() {
    next.hurry();
  }

  Made create(Append append) {
    next.hurry();
    takePrepared();
    long first = sequence.next();
    var names = names(append);
    if (!SegmentHeader.holds(names)) {
      return new Made.Full(
          names.size()
              + " queues in one storage (expected: at most "
              + SegmentHeader.DESTINATIONS_MAX
              + ", with names that make "
              + SegmentHeader.NAMES_BYTES_MAX
              + " bytes)");
    }
    long size = state.limits.segmentFor(append.length());
    long needed =
        Math.max(
            Math.min(size, Limits.SEGMENT_BYTES_MIN),
            SegmentHeader.BYTES + append.length() + Footer.BYTES);
    while (tooMuch(size)) {
      if (!marking.displaceOldest()) {
        return new Made.Full(
            "the storage is full (bytes_max: "
                + state.limits.bytesMax()
                + ")"
                + marking.obstacle());
      }
    }
    while (true) {
      var made = makeFitting(first, names, size, needed);
      if (!(made instanceof Made.Full) || !marking.displaceOldest()) {
        return made;
      }
    }
  }

  /// On a disk that is nearly full a smaller segment than usual is better than none.
  private Made makeFitting(long first, List<String> names, long size, long needed) {
    boolean reused = size == state.limits.segmentBytes() && marking.hasSpare();
    long free = freeBytes();
    long fitting = size;
    while (!reused && fitting > needed && fitting + LEFT_FREE_BYTES > free) {
      fitting = Math.max(needed, fitting / SHRINKING);
    }
    if (!reused && fitting + LEFT_FREE_BYTES > free) {
      return new Made.Full("the disk is full: " + free + " bytes are free");
    }
    try {
      return make(new SegmentHeader(random.nextLong(), first, front, names), fitting);
    } catch (IOException e) {
      abandon(first);
      return noSpace(e)
          ? new Made.Full("the disk is full: " + Why.of(e))
          : new Made.Failed(Why.of(e));
    }
  }

  /// As much as there can be if the disk does not say.
  private long freeBytes() {
    try {
      return files.freeBytes();
    } catch (IOException _) {
      return Long.MAX_VALUE;
    }
  }

  private boolean tooMuch(long size) {
    long limit = state.limits.bytesMax();
    if (limit == 0 || state.bytes() + size <= limit) {
      return false;
    }
    marking.markAndDelete();
    return state.bytes() + size > limit;
  }

  private static boolean noSpace(IOException e) {
    var words = Why.of(e).toLowerCase(Locale.ROOT);
    return words.contains("space") || words.contains("quota") || words.contains("too large");
  }

  /// Those that wait and those that still have something here; all of them if they fit.
  private List<String> names(Append append) {
    var all = state.names();
    if (SegmentHeader.holds(all)) {
      return all;
    }
    return append.to.stream().map(Destination::name).toList();
  }

  private Made make(SegmentHeader header, long size) throws IOException {
    var segment = new Segment(header);
    var aside = segment.file + ASIDE;
    var file = spareOrNew(aside, size);
    try {
      file.allocate(size);
      var block = Block.of(SegmentHeader.MAGIC, header.encoded(), SegmentHeader.BLOCK_BYTES);
      writeFully(file, block, 0);
      writeFully(file, block.rewind(), SegmentHeader.BLOCK_BYTES);
      file.force();
      files.rename(aside, segment.file);
      files.forceDirectory();
    } catch (IOException e) {
      file.close();
      throw e;
    }
    segment.bytes = size;
    synchronized (state) {
      for (var name : header.destinations()) {
        segment.shares.add(new Segment.Share(segment, state.destination(name)));
      }
      state.add(segment);
    }
    front = header.first();
    return new Made.Segment(segment, file);
  }

  private Files.Handle spareOrNew(String aside, long size) throws IOException {
    if (size == state.limits.segmentBytes() && marking.takeSpare(aside)) {
      return files.open(aside);
    }
    return files.create(aside);
  }

  private void abandon(long first) {
    var file = Segment.fileOf(first);
    try {
      files.delete(file + ASIDE);
      files.delete(file);
    } catch (IOException _) { // removed at the next start
    }
  }

  void seal(Segment segment) throws IOException {
    if (segment.shares.stream().allMatch(share -> share.stored.records() == 0)) {
      return; // it will be deleted
    }
    try (var file = files.open(segment.file)) {
      seal(file, segment, state);
    }
  }

  static void seal(Files.Handle file, Segment segment, State state) throws IOException {
    long size = file.size();
    long needed = segment.end + Footer.BYTES;
    if (size - needed > size / SLACK_OF_SEGMENT) {
      file.truncate(needed);
      size = needed;
    }
    size = Math.max(size, needed); // somebody may have cut it: records are not written over
    var footer = segment.footer();
    var block = Block.of(Footer.MAGIC, footer.encoded(), Footer.BYTES);
    writeFully(file, block, size - Footer.BYTES);
    file.force();
    state.resized(segment, size);
  }

  static void writeFully(Files.Handle file, ByteBuffer bytes, long at) throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      int written = file.write(bytes, position);
      if (written <= 0) {
        throw new IOException("nothing was written");
      }
      position += written;
    }
  }
}

package io.sluice.disk;

import io.sluice.telemetry.Why;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Writes what waits: one write and one sync for all of it, then all of them are answered. Confined to the
/// log's own thread.
///
/// After a write or a sync that failed the segment is left alone for good, whoever waited is refused and
/// the next append gets a new segment; if that fails too, appends are refused for a while, and then it is
/// tried again.
final class LogWriter {
  private static final long GROUP_BYTES_MAX = 8 << 20;

  /// Direct: what lies on the heap the JDK would copy once more.
  private static final int BUFFER_BYTES = 256 << 10;

  private static final int GROUPS_MAX = 16;
  private static final int FAILURES_MAX = 2;

  /// Of file systems.
  private static final int BLOCK_BYTES = 4096;

  private final State state;
  private final Segments segments;
  private final LogMeter meter;
  private final LongSupplier nanoTime;
  private final ByteBuffer buffer;
  private final Deque<Segment> finished = new ArrayDeque<>();
  private @Nullable Segment active;
  private Files.@Nullable Handle file;
  private final Sequence sequence;
  private long committed;
  private int failures;
  private long blockedUntilMs;
  private String blockedFor = "";

  LogWriter(
      Files files,
      State state,
      RandomGenerator random,
      LogMeter meter,
      LongSupplier nanoTime,
      Marking marking,
      Sequence sequence,
      Executor aside) {
    this.state = state;
    this.meter = meter;
    this.nanoTime = nanoTime;
    this.sequence = sequence;
    segments = new Segments(files, state, random, marking, sequence, aside);
    committed = sequence.stored();
    buffer = ByteBuffer.allocateDirect((int) Math.min(BUFFER_BYTES, state.limits.segmentBytes()));
  }

  /// Empty if appends are taken.
  String blocked() {
    return state.clock.millis() < blockedUntilMs ? blockedFor : "";
  }

  /// What waits, or a good deal of it.
  void commitAll() {
    boolean more = true;
    for (int i = 0; more && i < GROUPS_MAX; i++) {
      var group = state.take(GROUP_BYTES_MAX);
      more = !group.isEmpty();
      commit(group);
    }
    if (more) {
      state.wake.run(); // marks, and the other log, must have their turn too
    }
    sealFinished();
    if (active != null) {
      segments.prepare(active);
    }
  }

  /// Nothing more will be written.
  void end() {
    finish(false);
    sealFinished();
    segments.end();
  }

  private void commit(List<Append> group) {
    int from = 0;
    while (from < group.size()) {
      var reason = makeReady(group.get(from));
      if (reason != null) {
        refuse(group.subList(from, group.size()), reason);
        return;
      }
      int to = from + 1;
      long length = group.get(from).length();
      while (to < group.size() && fits(group.get(to), length)) {
        length += group.get(to).length();
        to++;
      }
      write(group.subList(from, to));
      from = to;
    }
  }

  private static void refuse(List<Append> group, String reason) {
    var refused = new Appended.Refused(reason, State.RETRY_AFTER);
    group.forEach(append -> append.answer(refused));
  }

  /// Whether it can go into the active segment behind so many other bytes.
  private boolean fits(Append append, long behind) {
    var segment = active;
    return segment != null
        && segment.end + behind + append.length() + Footer.BYTES <= segment.bytes
        && append.to.stream().allMatch(destination -> segment.shareOf(destination) != null);
  }

  /// There is a segment that takes the batch, or a reason why not.
  private @Nullable String makeReady(Append append) {
    if (!blocked().isEmpty()) {
      return blocked();
    }
    if (fits(append, 0)) {
      return null;
    }
    finish(false);
    sealFinished();
    var made = segments.create(append);
    switch (made) {
      case Segments.Made.Segment(var segment, var handle) -> {
        active = segment;
        file = handle;
        return null;
      }
      case Segments.Made.Full(var reason) -> {
        return block(reason);
      }
      case Segments.Made.Failed(var reason) -> {
        return block("the storage cannot be written to: " + reason);
      }
    }
  }

  private String block(String reason) {
    blockedUntilMs = state.clock.millis() + State.RETRY_AFTER.toMillis();
    blockedFor = reason;
    return reason;
  }

  private void write(List<Append> group) {
    var segment = active;
    var handle = file;
    if (segment == null || handle == null) {
      throw new IllegalStateException("no segment to write to");
    }
    long start = nanoTime.getAsLong();
    var headers = new ArrayList<RecordHeader>(group.size());
    long end = segment.end;
    try {
      var out = new Output(handle, end);
      for (var append : group) {
        headers.add(put(append, segment, out));
      }
      out.flush();
      end = out.at;
      handle.force();
    } catch (IOException | RuntimeException e) { // a bug must not leave senders waiting
      failed(group, e);
      return;
    }
    failures = 0;
    committed = sequence.next() - 1;
    state.committed(segment, headers, end, group);
    meter.committed(group.size(), end - segment.end, nanoTime.getAsLong() - start);
    for (int i = 0; i < group.size(); i++) {
      group.get(i).answer(new Appended.Stored(headers.get(i).sequence()));
    }
  }

  private void failed(List<Append> group, Exception e) {
    meter.commitFailed();
    finish(true);
    failures++;
    var reason = "the storage cannot be written to: " + Why.of(e);
    if (failures >= FAILURES_MAX) {
      block(reason);
    }
    refuse(group, reason);
  }

  private RecordHeader put(Append append, Segment segment, Output out) throws IOException {
    long destinations = 0;
    for (int i = 0; i < segment.shares.size(); i++) {
      if (append.to.contains(segment.shares.get(i).destination)) {
        destinations |= 1L << i;
      }
    }
    var batch = append.batch;
    var header =
        new RecordHeader(
            append.type,
            sequence.take(),
            committed,
            destinations,
            state.clock.millis(),
            batch.items(),
            append.envelope.length(),
            append.payloadLength,
            batch.sizeInBytes(),
            batch.signal(),
            append.framed);
    var head = ByteBuffer.allocate(RecordHeader.BYTES);
    header.write(head, segment.header.salt());
    var crc = new CRC32C();
    out.put(head.array(), 0, RecordHeader.BYTES, crc);
    out.put(append.envelope.sharedArray(), append.envelope.offset(), append.envelope.length(), crc);
    for (var part : append.payload) {
      out.put(part.sharedArray(), part.offset(), part.length(), crc);
    }
    var trailer = ByteBuffer.allocate(RecordHeader.TRAILER_BYTES).putInt((int) crc.getValue());
    out.put(trailer.array(), 0, RecordHeader.TRAILER_BYTES, crc);
    return header;
  }

  /// Gathers small pieces to large writes.
  private final class Output {
    private final Files.Handle handle;
    private long at;

    Output(Files.Handle handle, long at) {
      this.handle = handle;
      this.at = at;
      buffer.clear();
    }

    void put(byte[] array, int from, int length, CRC32C crc) throws IOException {
      crc.update(array, from, length);
      int done = 0;
      while (done < length) {
        if (!buffer.hasRemaining()) {
          flush();
        }
        int some = Math.min(length - done, buffer.remaining());
        buffer.put(array, from + done, some);
        done += some;
      }
    }

    void flush() throws IOException {
      buffer.flip();
      at += buffer.remaining();
      Segments.writeFully(handle, buffer, at - buffer.remaining());
      buffer.clear();
    }
  }

  /// Nothing more goes into the active segment.
  void finish(boolean failed) {
    var segment = active;
    if (segment != null && file != null) {
      if (failed) {
        cut(segment, file);
      }
      file.close();
      state.finish(segment, failed);
      if (segment.last < segment.header.first()) {
        sequence.take(); // the name of a segment that stayed empty is not used again
      }
      if (!failed) {
        finished.add(segment);
      }
    }
    active = null;
    file = null;
  }

  /// What stands behind the last group was refused, and the room is needed: each failure would cost a whole
  /// segment. Cut in whole blocks, so that none is written again that is on the disk. If that fails too,
  /// the room comes back with the segment.
  private void cut(Segment segment, Files.Handle handle) {
    long size = (segment.end + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    try {
      if (size < segment.bytes) {
        handle.truncate(size);
        state.resized(segment, size);
      }
    } catch (IOException _) { // as said
    }
  }

  @Nullable Segment active() {
    return active;
  }

  /// A segment that cannot be sealed is read through at the next start, that is all.
  void sealFinished() {
    for (var segment = finished.poll(); segment != null; segment = finished.poll()) {
      try {
        segments.seal(segment);
      } catch (IOException _) {
        state.finish(segment, true);
      }
    }
  }
}

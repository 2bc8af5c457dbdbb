package io.sluice.disk;

import io.sluice.data.Batch;
import io.sluice.data.Frame;
import io.sluice.data.Lease;
import io.sluice.telemetry.Why;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Where a [Claim] reads: it goes from segment to segment, and in each from record to record, and gives
/// those that are for the claim's destination and that nobody has yet.
///
/// Confined to the reader. Memory: one window of the file.
final class Cursor {
  /// After so many failures at one place the bytes there are given up as damaged.
  private static final int READ_ATTEMPTS_MAX = 10;

  private final Claim claim;
  private final Destination destination;
  private final State state;
  private @Nullable Segment segment;

  /// The segment before.
  private long after = -1;

  private @Nullable Scan scan;
  private Scan.Found.@Nullable Head waiting;
  private int failures;

  Cursor(Claim claim) {
    this.claim = claim;
    destination = claim.destination;
    state = destination.state;
  }

  /// Where the segment that is being read ends at present.
  private record View(
      Segment segment, Segment.Share share, long end, long committed, boolean finished) {}

  @Nullable Segment segment() {
    return segment;
  }

  /// The first record of the last segment it was in.
  long farthest() {
    return segment == null ? after : segment.header.first();
  }

  boolean hasBegun() {
    return farthest() >= 0;
  }

  /// Goes to this segment, to its begin.
  void begin(Segment at) {
    leave();
    segment = at;
  }

  /// Goes where the other one is, which goes nowhere any more.
  void follow(Cursor other) {
    leave();
    segment = other.segment;
    scan = other.scan;
    waiting = other.waiting;
    failures = other.failures;
    other.segment = null;
    other.scan = null;
    other.waiting = null;
    other.failures = 0;
  }

  /// The present segment is done with.
  void leave() {
    close();
    if (segment != null) {
      after = segment.header.first();
      segment = null;
    }
  }

  /// Where it would go from here.
  @Nullable Segment ahead() {
    return state.next(destination, after);
  }

  /// It stands in a segment that may be read.
  boolean standing() {
    synchronized (state) {
      return segment != null && !segment.dropped;
    }
  }

  void close() {
    waiting = null;
    failures = 0;
    if (scan != null) {
      scan.close();
      scan = null;
    }
  }

  /// The next batch of the present segment; null if it has been left, or another step is needed.
  ///
  /// @param room a lease on so many bytes, or null if there is no room for them now
  @Nullable Read step(LongFunction<@Nullable Lease> room) {
    try {
      var view = view();
      if (view == null) {
        leave();
        return null;
      }
      var read = read(view, room);
      failures = 0;
      return read;
    } catch (IOException e) {
      if (++failures >= READ_ATTEMPTS_MAX) {
        giveUp(e);
      }
      return new Read.Failed("cannot read stored batches: " + Why.of(e));
    }
  }

  private @Nullable View view() {
    synchronized (state) {
      var now = segment;
      var share = now == null || now.dropped ? null : now.shareOf(destination);
      return now == null || share == null
          ? null
          : new View(now, share, now.end, now.committed, now.finished);
    }
  }

  /// What cannot be read for good is damage, so that it does not stop all that is behind it.
  private void giveUp(IOException e) {
    if (scan != null) {
      scan.tolerate();
    } else if (segment != null
        && segment.finished
        && (e instanceof NoSuchFileException || PatientReads.unreadable(e))) {
      var share = segment.shareOf(destination);
      var left = share == null ? Counts.NONE : writeOff(share);
      if (left.records() > 0) {
        state.quarantine.leave(segment.file, 0, Why.of(e), left.records(), segment.bytes);
        claim.lost.accept(Loss.DAMAGED, left);
      }
      leave();
    }
  }

  /// One step; null if it led to nothing to give.
  private @Nullable Read read(View view, LongFunction<@Nullable Lease> room) throws IOException {
    var reader = scan;
    if (reader == null) {
      var file = new PatientReads(state.files.open(view.segment().file));
      reader = new Scan(file, view.segment().header);
      scan = reader;
    }
    var found = waiting;
    if (found != null) {
      return entry(view, reader, found, room);
    }
    return switch (reader.next(view.end())) {
      case Scan.Found.Head record -> entry(view, reader, record, room);
      case Scan.Found.Damage damage -> {
        quarantine(view, reader, damage);
        yield null;
      }
      case Scan.Found.End() -> end(view);
    };
  }

  private @Nullable Read end(View view) {
    if (!view.finished()) {
      return new Read.Nothing();
    }
    var left = writeOff(view.share());
    if (left.records() > 0) {
      claim.lost.accept(Loss.DAMAGED, left);
    }
    leave();
    state.wake.run();
    return null;
  }

  private @Nullable Read entry(
      View view, Scan reader, Scan.Found.Head record, LongFunction<@Nullable Lease> room)
      throws IOException {
    waiting = null;
    var header = record.header();
    if (!claim.wants(view.segment(), view.share(), header)) {
      return null;
    }
    long age = state.limits.ageMax().toMillis();
    if (age > 0 && state.clock.millis() - header.storedAtMs() > age) {
      expire(view, reader, record);
      return null;
    }
    long bytes = header.rawLength() + (header.framed() ? header.payloadLength() : 0L);
    var lease = room.apply(bytes);
    if (lease == null) {
      waiting = record;
      return new Read.NoRoom(bytes);
    }
    try {
      var content = reader.content(record);
      var stored = content instanceof Scan.Content.Whole whole ? stored(header, whole) : null;
      if (stored == null) {
        lease.close();
        damaged(view, reader, record);
        return null;
      }
      return claim.hand(entry(view, header, stored, lease));
    } catch (IOException e) {
      lease.close();
      waiting = record;
      throw e;
    }
  }

  private record Stored(Envelope envelope, Bytes otlp, @Nullable Frame frame) {}

  /// What a crash tore is in no figures.
  private void expire(View view, Scan reader, Scan.Found.Head record) throws IOException {
    try {
      if (view.segment().counts(record, reader)) {
        give(view.share(), record.header(), Loss.EXPIRED);
      }
    } catch (IOException e) {
      waiting = record;
      throw e;
    }
  }

  /// Null if its compressed frame is not what it was.
  private @Nullable Stored stored(RecordHeader header, Scan.Content.Whole whole) {
    var envelope = whole.envelope();
    var payload = whole.payload();
    if (!header.framed()) {
      return new Stored(envelope, payload, null);
    }
    var otlp = state.frames.open(envelope.encoding(), payload, header.rawLength());
    return otlp == null
        ? null
        : new Stored(envelope, otlp, new Frame(envelope.encoding(), payload));
  }

  private static Entry entry(View view, RecordHeader header, Stored stored, Lease lease) {
    var envelope = stored.envelope();
    var batch =
        new Batch(
            header.signal(),
            Rope.of(stored.otlp()),
            header.items(),
            envelope.origin(),
            lease,
            stored.frame());
    return new Entry(
        header.sequence(), header.storedAtMs(), batch, envelope.letter(), view.share());
  }

  /// Once the claim is released others read what is here, and what it had is not its own any more.
  private Counts writeOff(Segment.Share share) {
    synchronized (state) {
      return claim.live() ? state.writeOff(share) : Counts.NONE;
    }
  }

  private void give(Segment.Share share, RecordHeader header, Loss reason) {
    boolean given;
    synchronized (state) {
      given = claim.live() && state.giveUp(share, header);
    }
    if (given) {
      claim.lost.accept(reason, Counts.of(header));
    }
  }

  /// What nobody may have been answered for, as far as the segment tells, is in its figures only if it was
  /// whole when they were made: then it is written off with them at the end.
  private void damaged(View view, Scan reader, Scan.Found.Head record) {
    var header = record.header();
    boolean here;
    synchronized (state) { // the file may have been used again meanwhile
      here = claim.live() && state.holds(view.share(), header);
    }
    if (here && header.sequence() <= view.committed()) {
      keep(view, reader, record.at(), record.at() + header.length(), 1);
      give(view.share(), header, Loss.DAMAGED);
    }
  }

  /// Whoever reads here after another one has found it already.
  private void quarantine(View view, Scan reader, Scan.Found.Damage damage) {
    long known = Math.min(damage.next() - 1, view.committed());
    boolean news;
    synchronized (state) {
      news =
          claim.live()
              && known >= damage.missing()
              && !destination.settled.containsAll(damage.missing(), known);
    }
    if (news) {
      keep(view, reader, damage.from(), damage.to(), known - damage.missing() + 1);
    }
  }

  private void keep(View view, Scan reader, long from, long to, long records) {
    state.quarantine.keep(view.segment().file, reader, from, to, records);
  }
}

package io.sluice.disk;

import io.sluice.data.Batch;
import io.sluice.data.Frame;
import io.sluice.data.Lease;
import io.sluice.telemetry.Why;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Reads the batches of one destination in the order they were stored, each until it is settled.
///
/// [#next] blocks on the disk and is called by one thread at a time, [#settle] and [#release] by any.
/// Memory: one window of the file, and what the reader takes.
public final class Claim {
  /// After so many failures at one place the bytes there are given up as damaged.
  private static final int READ_ATTEMPTS_MAX = 10;

  final Destination destination;
  final Runnable readable;
  final BiConsumer<Loss, Counts> lost;
  private final State state;

  /// Guarded by the state. Those that are read and not settled.
  private final Map<Long, Entry> outstanding = new HashMap<>();

  /// Guarded by the state. Those of them that somebody has begun to deliver.
  private final Set<Long> taken = new HashSet<>();

  /// Guarded by the state. Those of these that had been on their way before.
  private final Set<Long> again = new HashSet<>();

  private boolean released;

  // Confined to the reader.
  private @Nullable Segment segment;

  /// The segment before.
  private long after = -1;

  private @Nullable Scan scan;
  private Scan.Found.@Nullable Head waiting;
  private int failures;

  Claim(Destination destination, Runnable readable, BiConsumer<Loss, Counts> lost) {
    this.destination = destination;
    this.readable = readable;
    this.lost = lost;
    state = destination.state;
  }

  /// Waits for its turn from now on.
  public void begin() {
    state.claim(this);
  }

  /// Where the segment that is being read ends at present.
  private record View(
      Segment segment, Segment.Share share, long end, long committed, boolean finished) {}

  /// The next batch.
  ///
  /// @param room a lease on so many bytes, or null if there is no room for them now
  public Read next(LongFunction<@Nullable Lease> room) {
    try {
      while (true) {
        var view = view();
        if (view == null) {
          return new Read.Nothing();
        }
        var read = read(view, room);
        if (read != null) {
          failures = 0;
          return read;
        }
      }
    } catch (IOException e) {
      if (++failures >= READ_ATTEMPTS_MAX) {
        giveUp(e);
      }
      return new Read.Failed("cannot read stored batches: " + Why.of(e));
    }
  }

  /// What cannot be read for good is damage, so that it does not stop all that is behind it.
  private void giveUp(IOException e) {
    if (scan != null) {
      scan.tolerate();
    } else if (e instanceof NoSuchFileException && segment != null && segment.finished) {
      var share = segment.shareOf(destination);
      var left = share == null ? Counts.NONE : state.writeOff(share);
      if (left.records() > 0) {
        lost.accept(Loss.DAMAGED, left);
      }
      leave();
    }
  }

  /// The present segment is done with.
  private void leave() {
    closeScan();
    if (segment != null) {
      after = segment.header.first();
      segment = null;
    }
  }

  private @Nullable View view() {
    synchronized (state) {
      if (released || !state.isOpen()) {
        closeScan();
        return null;
      }
      if (destination.claims.peekFirst() != this) {
        return null;
      }
      if (segment == null || segment.dropped) {
        leave();
        segment = state.next(destination, after);
      }
      var now = segment;
      var share = now == null ? null : now.shareOf(destination);
      return now == null || share == null
          ? null
          : new View(now, share, now.end, now.committed, now.finished);
    }
  }

  /// One step; null if it led to nothing to give.
  private @Nullable Read read(View view, LongFunction<@Nullable Lease> room) throws IOException {
    var reader = scan;
    if (reader == null) {
      reader = new Scan(state.files.open(view.segment().file), view.segment().header);
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
    var left = state.writeOff(view.share());
    if (left.records() > 0) {
      lost.accept(Loss.DAMAGED, left);
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
    if (!isFor(view, header)) {
      return null;
    }
    long age = state.limits.ageMax().toMillis();
    if (age > 0 && state.clock.millis() - header.storedAtMs() > age) {
      give(view.share(), header, Loss.EXPIRED);
      return null;
    }
    long bytes = header.rawLength() + (header.framed() ? header.payloadLength() : 0L);
    var lease = room.apply(bytes);
    if (lease == null) {
      waiting = record;
      return new Read.NoRoom(bytes);
    }
    try {
      var batch = batch(header, reader, record);
      if (batch == null) {
        lease.close();
        damaged(view, reader, record);
        return null;
      }
      return hand(view, header, batch, lease);
    } catch (IOException e) {
      lease.close();
      waiting = record;
      throw e;
    }
  }

  private boolean isFor(View view, RecordHeader header) {
    int bit = view.segment().shares.indexOf(view.share());
    synchronized (state) {
      if ((header.destinations() >>> bit & 1) == 0) {
        destination.settled.add(header.sequence(), header.sequence());
        return false;
      }
      return !destination.settled.contains(header.sequence());
    }
  }

  private record Stored(Envelope envelope, Bytes otlp, @Nullable Frame frame) {}

  private @Nullable Stored batch(RecordHeader header, Scan reader, Scan.Found.Head record)
      throws IOException {
    if (!(reader.content(record) instanceof Scan.Content.Whole(var envelope, var payload))) {
      return null;
    }
    if (!header.framed()) {
      return new Stored(envelope, payload, null);
    }
    var otlp = state.frames.open(envelope.encoding(), payload, header.rawLength());
    return otlp == null
        ? null
        : new Stored(envelope, otlp, new Frame(envelope.encoding(), payload));
  }

  private @Nullable Read hand(View view, RecordHeader header, Stored stored, Lease lease) {
    var envelope = stored.envelope();
    var batch =
        new Batch(
            header.signal(),
            Rope.of(stored.otlp()),
            header.items(),
            envelope.origin(),
            lease,
            stored.frame());
    var entry =
        new Entry(header.sequence(), header.storedAtMs(), batch, envelope.letter(), view.share());
    synchronized (state) {
      if (released
          || view.segment().dropped
          || destination.settled.contains(entry.sequence())) { // given up meanwhile
        lease.close();
        return null;
      }
      outstanding.put(entry.sequence(), entry);
      var share = view.share();
      share.outstanding = share.outstanding.plus(Counts.of(header));
    }
    return new Read.Next(entry);
  }

  /// It is about to be delivered: from now on nobody gives it up.
  ///
  /// @return false if somebody did before, or it was released: then it is to be forgotten
  public boolean take(Entry entry) {
    synchronized (state) {
      long sequence = entry.sequence();
      if (!outstanding.containsKey(sequence) || !taken.add(sequence)) {
        return false;
      }
      if (sequence <= destination.attempted) {
        again.add(sequence);
      } else {
        state.attempted(destination, sequence);
      }
      return true;
    }
  }

  /// It has been delivered, or is a dead letter on stable storage.
  ///
  /// @return false if it was released, or the log closed, before: then it will be delivered again
  public boolean settle(Entry entry) {
    boolean last;
    boolean redelivered;
    synchronized (state) {
      if (!state.isOpen() || outstanding.remove(entry.sequence()) == null) {
        return false;
      }
      taken.remove(entry.sequence());
      redelivered = again.remove(entry.sequence());
      last = state.settle(entry.from(), entry.sequence(), entry.counts(), true);
    }
    if (redelivered) {
      state.meter.redelivered(destination.name, entry.counts());
    }
    if (last) {
      state.wake.run();
    }
    return true;
  }

  /// Lets go: what is not settled will be read again by the next who claims. One call more of [#next]
  /// closes the file.
  public void release() {
    synchronized (state) {
      if (released) {
        return;
      }
      released = true;
      for (var entry : outstanding.values()) {
        var share = entry.from();
        share.outstanding = share.outstanding.minus(entry.counts());
      }
      outstanding.clear();
      taken.clear();
      again.clear();
      destination.claims.remove(this);
    }
    state.announce();
  }

  /// Whether it has been read and not settled. Guarded by the state.
  boolean has(long sequence) {
    return outstanding.containsKey(sequence);
  }

  /// Takes it back from who has read it, unless it is being delivered. Guarded by the state.
  boolean withdraw(long sequence) {
    return !taken.contains(sequence) && outstanding.remove(sequence) != null;
  }

  private void give(Segment.Share share, RecordHeader header, Loss reason) {
    if (state.giveUp(share, header)) {
      lost.accept(reason, Counts.of(header));
    }
  }

  private void damaged(View view, Scan reader, Scan.Found.Head record) {
    var header = record.header();
    if (header.sequence() <= view.committed()) {
      keep(view, reader, record.at(), record.at() + header.length(), 1);
      give(view.share(), header, Loss.DAMAGED);
    }
  }

  private void quarantine(View view, Scan reader, Scan.Found.Damage damage) {
    long known = Math.min(damage.next() - 1, view.committed());
    if (known >= damage.missing()) {
      keep(view, reader, damage.from(), damage.to(), known - damage.missing() + 1);
      state.pass(destination, damage.missing(), known);
    }
  }

  private void keep(View view, Scan reader, long from, long to, long records) {
    state.quarantine.keep(view.segment().file, reader, from, to, records);
  }

  private void closeScan() {
    waiting = null;
    failures = 0;
    if (scan != null) {
      scan.close();
      scan = null;
    }
  }
}

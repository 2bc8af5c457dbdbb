package io.sluice.disk;

import io.sluice.data.Lease;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Reads the batches of one destination, each until it is settled: in the order they were stored as long as
/// all that is to be read is in one segment. When there is more there are two places to read at, so that
/// what comes now does not wait for a backlog: one [Cursor] goes on from the oldest segment, one from the
/// newest. Each gets half of the bytes, as long as it has any: then neither waits for the other, and a
/// backlog goes away whatever comes in. What the newer one leaves out when it cannot keep up, the older one
/// finds on its way.
///
/// [#next] blocks on the disk and is called by one thread at a time, [#settle] and [#release] by any.
/// A destination that must not get what is new before what is old has only the first of them.
///
/// Memory: one window of a file for each cursor, and what the reader takes.
public final class Claim {
  /// What one of the two has not used is not made up for beyond that.
  private static final long LEAD_BYTES_MAX = 1 << 20;

  /// So far the newer cursor may be behind the newest segment.
  private static final int SEGMENTS_BEHIND_MAX = 8;

  final Destination destination;
  final Runnable readable;
  final BiConsumer<Loss, Counts> lost;
  private final State state;
  private final boolean oldestFirst;

  /// Guarded by the state. Those that are read and not settled.
  private final Map<Long, Entry> outstanding = new HashMap<>();

  /// Guarded by the state. Those of them that somebody has begun to deliver.
  private final Set<Long> taken = new HashSet<>();

  /// Guarded by the state. Those of these that had been on their way before.
  private final Set<Long> again = new HashSet<>();

  private boolean released;

  // Confined to the reader.
  private final Cursor older;

  /// Stands nowhere, or in a segment behind that of the other.
  private final Cursor newer;

  /// What the newer has had more than the older.
  private long lead;

  Claim(
      Destination destination,
      Runnable readable,
      BiConsumer<Loss, Counts> lost,
      boolean oldestFirst) {
    this.oldestFirst = oldestFirst;
    this.destination = destination;
    this.readable = readable;
    this.lost = lost;
    state = destination.state;
    older = new Cursor(this);
    newer = new Cursor(this);
  }

  /// Waits for its turn from now on.
  public void begin() {
    state.claim(this);
  }

  /// The next batch.
  ///
  /// @param room a lease on so many bytes, or null if there is no room for them now
  public Read next(LongFunction<@Nullable Lease> room) {
    while (mayRead() && place()) {
      var read = lead <= 0 && newer.standing() ? ofNewer(room) : ofOlder(room);
      if (read != null) {
        return read;
      }
    }
    return new Read.Nothing();
  }

  private boolean mayRead() {
    synchronized (state) {
      if (!released && state.isOpen()) {
        return destination.claims.peekFirst() == this;
      }
    }
    older.close();
    newer.close();
    return false;
  }

  /// Both cursors stand where there is something to read; false if there is nothing.
  private boolean place() {
    if (!older.standing()) {
      older.leave();
      var ahead = older.ahead();
      if (ahead == null) {
        return false;
      }
      var before = newer.segment();
      if (before != null && before.header.first() == ahead.header.first()) {
        older.follow(newer); // all in front of it has been given
      } else {
        older.begin(ahead);
      }
    }
    var oldest = older.segment();
    var now = newer.segment();
    if (oldest != null && now != null && now.header.first() <= oldest.header.first()) {
      newer.leave();
    }
    if (oldest != null && !oldestFirst) {
      placeNewer(oldest.header.first());
    }
    return true;
  }

  /// It begins in the newest segment, goes on to newer ones, and gives up those between when too many are.
  private void placeNewer(long oldest) {
    var newest = state.newest(destination, 0);
    if (newest == null || newest.header.first() <= Math.max(oldest, newer.farthest())) {
      return;
    }
    var latest = state.newest(destination, SEGMENTS_BEHIND_MAX);
    boolean near = latest == null || latest.header.first() <= newer.farthest();
    if (newer.segment() == null && newer.hasBegun() && near) {
      var ahead = newer.ahead();
      newer.begin(ahead == null || ahead.header.first() <= oldest ? newest : ahead);
    } else if (!newer.standing() || !near) {
      newer.begin(newest);
    }
  }

  private @Nullable Read ofNewer(LongFunction<@Nullable Lease> room) {
    var read = newer.step(room);
    if (read instanceof Read.Next(var entry)) {
      lead = Math.min(lead + entry.batch().sizeInBytes(), LEAD_BYTES_MAX);
    }
    return read instanceof Read.Nothing || read instanceof Read.Failed ? ofOlder(room) : read;
  }

  private @Nullable Read ofOlder(LongFunction<@Nullable Lease> room) {
    var read = older.step(room);
    if (read instanceof Read.Next(var entry)) {
      lead = newer.standing() ? Math.max(lead - entry.batch().sizeInBytes(), -LEAD_BYTES_MAX) : 0;
    }
    return read;
  }

  /// Whether a record is for this destination, and nobody has it.
  boolean wants(Segment segment, Segment.Share share, RecordHeader header) {
    int bit = segment.shares.indexOf(share);
    long sequence = header.sequence();
    synchronized (state) {
      if ((header.destinations() >>> bit & 1) == 0) {
        destination.settled.add(sequence, sequence);
        return false;
      }
      return !segment.uncounted.contains(sequence)
          && !destination.settled.contains(sequence)
          && !outstanding.containsKey(sequence);
    }
  }

  @Nullable Read hand(Entry entry) {
    var share = entry.from();
    synchronized (state) {
      if (released
          || share.segment.dropped
          || destination.settled.contains(entry.sequence())) { // given up meanwhile
        entry.batch().lease().close();
        return null;
      }
      outstanding.put(entry.sequence(), entry);
      share.outstanding = share.outstanding.plus(entry.counts());
    }
    return new Read.Next(entry);
  }

  /// It is about to be delivered: from now on nobody gives it up.
  ///
  /// @return false if somebody did before, or it was released: then it is to be forgotten
  public boolean take(Entry entry) {
    synchronized (state) {
      long sequence = entry.sequence();
      if (!state.isOpen() || !outstanding.containsKey(sequence) || !taken.add(sequence)) {
        return false;
      }
      if (destination.sent.add(sequence)) {
        state.notMarked();
      } else {
        again.add(sequence);
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
  /// closes the files.
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

  /// Whether it is still the one that reads. Guarded by the state.
  boolean live() {
    return !released;
  }

  /// Whether it has been read and not settled. Guarded by the state.
  boolean has(long sequence) {
    return outstanding.containsKey(sequence);
  }

  /// Takes it back from who has read it, unless it is being delivered. Guarded by the state.
  boolean withdraw(long sequence) {
    return !taken.contains(sequence) && outstanding.remove(sequence) != null;
  }

  /// Takes back all of a segment that is not being delivered. Guarded by the state.
  void withdraw(Segment.Share share) {
    outstanding
        .values()
        .removeIf(entry -> {
          boolean idle = entry.from() == share && !taken.contains(entry.sequence());
          if (idle) {
            share.outstanding = share.outstanding.minus(entry.counts());
          }
          return idle;
        });
  }

  /// How many records of a segment are being delivered. Guarded by the state.
  long delivering(Segment.Share share) {
    return taken.stream()
        .map(outstanding::get)
        .filter(entry -> entry != null && entry.from() == share)
        .count();
  }

  /// What of a segment is read and not settled. Guarded by the state.
  void addOutstanding(Segment.Share share, Set<Long> sequences) {
    for (var entry : outstanding.values()) {
      if (entry.from() == share) {
        sequences.add(entry.sequence());
      }
    }
  }
}

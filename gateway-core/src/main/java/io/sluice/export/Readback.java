package io.sluice.export;

import io.sluice.data.Lease;
import io.sluice.disk.Claim;
import io.sluice.disk.Counts;
import io.sluice.disk.Entry;
import io.sluice.disk.Loss;
import io.sluice.disk.Read;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Reads stored batches back, a little ahead of who takes them. It blocks on the readers' threads; all else
/// is confined to the queue's loop.
///
/// Bytes read back are charged to the gateway's budget until they are settled, and only a part of it is
/// used.
final class Readback {
  private static final Duration READ_AGAIN = Duration.ofSeconds(1);
  private static final Duration ROOM_AGAIN = Duration.ofMillis(50);

  /// At most so many are read at one time.
  private static final int ENTRIES_MAX = 32;

  private static final long BYTES_MAX = 4 << 20;

  /// The part of the gateway's bytes that may be read back for one destination.
  private static final int PART_OF_BUDGET = 4;

  private final DiskQueue.Place place;
  private final Runnable changed;
  private final Claim claim;

  /// Rises with each word that there may be more to read; the first comes when the storage is open.
  private final AtomicLong tidings = new AtomicLong();

  /// The loop will look: a busy log does not fill the loop's queue.
  private final AtomicBoolean told = new AtomicBoolean();

  private final AtomicLong bytes = new AtomicLong();
  private final Deque<Entry> ready = new ArrayDeque<>();

  /// The tidings after which nothing more was found.
  private long heard;

  private boolean reading;
  private boolean pausing;
  private boolean ended;
  private boolean released;

  /// @param changed is called, on the loop, when there may be something to [#poll], or to [#read]
  Readback(DiskQueue.Place place, BiConsumer<Loss, Counts> lost, Runnable changed) {
    this.place = place;
    this.changed = changed;
    var stored = place.stored();
    claim =
        place.inOrder()
            ? stored.claimInOrder(this::readable, lost)
            : stored.claim(this::readable, lost);
  }

  void begin() {
    claim.begin();
  }

  /// On any thread.
  private void readable() {
    tidings.incrementAndGet();
    if (!told.getAndSet(true)) {
      place
          .loop()
          .execute(() -> {
            told.set(false);
            changed.run();
          });
    }
  }

  /// Whether the storage has been opened.
  boolean open() {
    return tidings.get() > 0;
  }

  boolean reading() {
    return reading;
  }

  @Nullable Entry poll() {
    var entry = ready.poll();
    while (entry != null && !claim.take(entry)) { // it has been given up meanwhile
      entry.batch().lease().close();
      entry = ready.poll();
    }
    return entry;
  }

  /// Begins to read if there may be something.
  void read() {
    if (heard < tidings.get() && !reading && !pausing && !ended) {
      reading = true;
      place.readers().execute(this::readSome);
    }
  }

  /// On a reader's thread.
  private void readSome() {
    long before = tidings.get();
    var entries = new ArrayList<Entry>();
    long length = 0;
    Read last = new Read.Nothing();
    while (entries.size() < ENTRIES_MAX && length < BYTES_MAX) {
      last = claim.next(this::room);
      if (!(last instanceof Read.Next(var entry))) {
        break;
      }
      length += entry.batch().sizeInBytes();
      entries.add(entry);
    }
    var end = last;
    place.loop().execute(() -> haveRead(entries, end, before));
  }

  private void haveRead(List<Entry> entries, Read end, long before) {
    reading = false;
    if (released) {
      closeFiles();
    }
    if (ended) {
      entries.forEach(entry -> entry.batch().lease().close());
    } else {
      ready.addAll(entries);
      switch (end) {
        case Read.Next _ -> {}
        case Read.Nothing() -> heard = before;
        case Read.NoRoom _ -> pause(ROOM_AGAIN);
        case Read.Failed _ -> pause(READ_AGAIN);
      }
    }
    changed.run();
  }

  private void pause(Duration delay) {
    pausing = true;
    place
        .loop()
        .schedule(
            delay,
            () -> {
              pausing = false;
              changed.run();
            });
  }

  /// A lease on bytes that are read back. One batch is always let in, so that nothing stands still.
  private @Nullable Lease room(long wanted) {
    long most = place.budget().bytesMax() / PART_OF_BUDGET;
    if (bytes.get() > 0 && bytes.get() + wanted > most) {
      return null;
    }
    var lease = place.budget().take(Math.min(wanted, most));
    if (lease == null) {
      if (bytes.get() > 0) {
        return null;
      }
      lease = Lease.NONE; // what fills the budget may wait for this one
    }
    bytes.addAndGet(wanted);
    return new Counting(lease, wanted);
  }

  /// The reader's own share of a lease, which says when its bytes are gone.
  private final class Counting implements Lease {
    private final Lease lease;
    private final long size;

    Counting(Lease lease, long size) {
      this.lease = lease;
      this.size = size;
    }

    @Override
    public Lease share() {
      return lease.share();
    }

    @Override
    public void owns(byte[] array) {
      lease.owns(array);
    }

    @Override
    public void abandon() {
      lease.abandon();
    }

    @Override
    public void close() {
      bytes.addAndGet(-size);
      lease.close();
    }
  }

  /// See [Claim#settle].
  boolean settle(Entry entry) {
    return claim.settle(entry);
  }

  /// Reads no more; what is ready stays on disk.
  void end() {
    ended = true;
    ready.forEach(entry -> entry.batch().lease().close());
    ready.clear();
  }

  /// What is read and not settled is there for the next who claims.
  void release() {
    claim.release();
    released = true;
    if (!reading) {
      closeFiles();
    }
  }

  /// One thread at a time.
  private void closeFiles() {
    place.readers().execute(() -> claim.next(_ -> null));
  }
}

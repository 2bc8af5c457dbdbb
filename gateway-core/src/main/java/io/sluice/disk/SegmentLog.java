package io.sluice.disk;

import io.sluice.telemetry.Log;
import io.sluice.telemetry.Why;
import java.io.Closeable;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A log of batches on disk, each for one or several destinations.
///
/// Invariants:
///
///  1. An append is answered with [Appended.Stored] after the sync of its bytes, and after the sync of the
///     directory that leads to its segment.
///  2. Nobody reads what was not forced.
///  3. After a write or a sync that failed nothing is written to that file any more.
///  4. A record is settled by destination and by record, after it was delivered. Marks on disk are never
///     ahead of that; where they lag behind, or are lost, batches are delivered again.
///  5. A segment is deleted after the marks that allow it are on stable storage.
///  6. What is damaged costs the records it is in. It is set aside, counted, and reading goes on.
///  7. Sequence numbers rise and are never used twice.
///  8. Memory depends on the number of segments and of batches in flight, not on what is stored.
///
/// A directory:
///
/// ```
/// lock                       held by the process that has it open
/// 0000000000000000001.seg    named after its first record: header, header again, records, footer
/// spare                      room for the next segment, or one to be used again
/// marks                      what each destination has settled
/// reserve                    room for marks on a full disk
/// corrupt/                   bytes that are not what had been written, each place once
/// destinations/              how to reach who has a queue here, for when it is gone from the configuration
/// admin.json, admin-token    where a gateway that has the directory can be asked, while it runs
/// *.tmp                      not finished; deleted at the next start
/// ```
///
/// Formats: [SegmentHeader], [RecordHeader], [Envelope], [Footer], [Marks].
///
/// [#open], [#work] and [#close] are called by one thread, which is never interrupted; the rest by any.
public final class SegmentLog {
  static final String LOCK = "lock";

  private final Files files;
  private final Executor aside;
  private final Quarantine quarantine;
  private final State state;
  private final RandomGenerator random;
  private final LongSupplier nanoTime;
  private final LogMeter meter;
  private final Log log;
  private @Nullable Closeable lock;
  private @Nullable LogWriter writer;
  private @Nullable Marking marking;

  /// What a log reaches besides its directory.
  ///
  /// @param random for the salt of segments
  /// @param nanoTime for durations in metrics
  public record Surroundings(
      Frames frames,
      InstantSource clock,
      LongSupplier nanoTime,
      RandomGenerator random,
      LogMeter meter,
      Log log) {}

  /// @param wake is called, on any thread, when there is [#work]
  public SegmentLog(Files files, Limits limits, Surroundings surroundings, Runnable wake) {
    this(files, limits, surroundings, wake, Runnable::run);
  }

  /// @param aside where to do what [#work] should not wait for
  SegmentLog(Files files, Limits limits, Surroundings surroundings, Runnable wake, Executor aside) {
    this.files = files;
    this.aside = aside;
    random = surroundings.random();
    nanoTime = surroundings.nanoTime();
    meter = surroundings.meter();
    log = surroundings.log();
    quarantine = new Quarantine(files, meter, log);
    state = new State(files, quarantine, limits, surroundings, wake);
  }

  /// The same for the same name. May be called before [#open]; those that were are wanted.
  public Destination destination(String name) {
    return state.wanted(name);
  }

  /// Reads what there is. To be called once, and again if the directory was in use.
  public Opened open() {
    try {
      files.make();
      lock = files.lock(LOCK);
      if (lock == null) {
        return new Opened.InUse("another process has it open");
      }
      recover();
    } catch (IOException e) {
      unlock();
      return new Opened.Failed(Why.of(e));
    } catch (Recovery.NewerFormat e) {
      unlock();
      return new Opened.Newer(Why.of(e));
    }
    state.open();
    var unwanted = new LinkedHashMap<String, Counts>();
    for (var destination : state.destinations()) {
      if (!destination.wanted && destination.unsettled().records() > 0) {
        unwanted.put(destination.name(), destination.unsettled());
      }
    }
    return new Opened.Ready(unwanted);
  }

  private void recover() throws IOException, Recovery.NewerFormat {
    var entries = new HashSet<>(files.list());
    var found = new Recovery(files, state, quarantine, log).run(entries);
    var sequence = new Sequence(found.next(), found.stored());
    var marks = new Marking(files, state, sequence, log, entries);
    marks.keepReserve();
    marking = marks;
    writer = new LogWriter(files, state, random, meter, nanoTime, marks, sequence, aside);
  }

  private void unlock() {
    if (lock != null) {
      try {
        lock.close();
      } catch (IOException _) { // the end of the process lets go of it
      }
      lock = null;
    }
  }

  /// Does all there is to do: commits what waits, marks what is settled, deletes what can go. Called when
  /// woken, and now and then.
  public void work() {
    if (writer == null || marking == null || !state.isOpen()) {
      return;
    }
    writer.commitAll();
    marking.expire();
    if (marking.due()) {
      marking.markAndDelete();
    }
    marking.keepReserve();
  }

  /// The one of this name, if anybody asked for it or something is stored for it.
  Optional<Destination> known(String name) {
    return state.known(name);
  }

  /// All there are, wanted or not.
  List<Destination> destinations() {
    return state.destinations();
  }

  /// Gives up what is selected of a destination, but for what is on its way just now. On any thread.
  Dropped giveUp(Destination destination, Selection selection) throws IOException {
    var dropped = Counts.NONE;
    long left = 0;
    long resume = -1;
    try (var browse = destination.browse(selection)) {
      for (var head = browse.next(); head != null; head = browse.next()) {
        if (browse.giveUp()) {
          dropped = dropped.plus(new Counts(1, head.items(), head.bytes()));
        } else {
          left++;
        }
      }
      resume = browse.resume();
    } finally {
      if (dropped.records() > 0) {
        destination.lost(Loss.BY_OPERATOR, dropped);
        state.wake.run();
        state.announce();
      }
    }
    return new Dropped(dropped, left, resume, false);
  }

  /// Puts on stable storage what is settled.
  ///
  /// @return whether it is there
  boolean mark() {
    return marking != null && state.isOpen() && marking.markAndDelete();
  }

  /// Gives up all that is stored for a destination, but for what is on its way just now.
  ///
  /// @return whether that is on stable storage; if not, it may be there again after a crash
  public boolean drop(String name) {
    return marking != null && marking.orphan(state.destination(name));
  }

  /// Refuses what waits, puts marks and a footer on stable storage and lets go of the directory. What is
  /// read and not settled is there at the next start.
  public void close() {
    var left = state.shut("the storage is closed");
    var refused = new Appended.Refused("shutting down", State.RETRY_AFTER);
    left.forEach(append -> append.answer(refused));
    if (writer != null && marking != null) {
      writer.end();
      marking.markAndDelete();
    }
    unlock();
  }

  /// Of segments, used or not.
  public long bytes() {
    return state.bytes();
  }

  /// Empty if appends are taken, else why not.
  public String blocked() {
    var now = writer;
    return now == null ? "" : now.blocked();
  }

  /// What may still be written on this disk; -1 if the disk does not say.
  public long freeBytes() {
    try {
      return files.freeBytes();
    } catch (IOException _) {
      return -1;
    }
  }
}

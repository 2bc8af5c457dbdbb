package io.sluice.disk;

import io.sluice.data.Batch;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/// One of those a log stores batches for, by a name that stays the same over restarts. Safe on any thread.
///
/// It may be asked for before the log is open: until then appends are refused and nothing can be read.
public final class Destination {
  final State state;
  final String name;

  // The rest is guarded by the state.
  /// Somebody has asked for it since the log was made; others are remembered as long as there are segments
  /// with something of theirs.
  boolean wanted;

  /// What is on its way, or was when a reader let go or the process ended, and is not settled.
  final Set<Long> sent = new HashSet<>();

  final Ranges settled = new Ranges();
  Counts unsettled = Counts.NONE;
  Optional<Counts> backlog = Optional.empty();
  private final Map<Loss, Counts> untold = new EnumMap<>(Loss.class);

  /// The first reads, the others wait for it to let go.
  final Deque<Claim> claims = new ArrayDeque<>();

  private final Deque<Function<Batch, Future<Outcome>>> inlets = new ArrayDeque<>();

  Destination(State state, String name) {
    this.state = state;
    this.name = name;
  }

  public String name() {
    return name;
  }

  /// @param done is told once, on a thread of the log
  public void append(Batch batch, Consumer<Appended> done) {
    state.append(batch, null, this, done);
  }

  /// See [#append].
  public void append(Batch batch, DeadLetter letter, Consumer<Appended> done) {
    state.append(batch, letter, this, done);
  }

  /// What is stored for it and not settled, in flight included.
  public Counts unsettled() {
    synchronized (state) {
      return unsettled;
    }
  }

  /// When the oldest segment that holds something for it was begun to be filled; 0 if there is none.
  public long oldestMs() {
    return state.oldestMs(this);
  }

  /// Looks at what is stored for it and not settled.
  public Browse browse(Selection selection) {
    return new Browse(state, this, selection);
  }

  /// The way in of whoever sends from it now, which counts and bounds what comes; of several the first.
  Optional<Function<Batch, Future<Outcome>>> inlet() {
    synchronized (state) {
      return Optional.ofNullable(inlets.peekFirst());
    }
  }

  /// What is to be stored for it from elsewhere goes this way from now on.
  ///
  /// @param inlet accepts on any thread, and answers when the batch is on stable storage
  /// @return ends that
  public Runnable admit(Function<Batch, Future<Outcome>> inlet) {
    synchronized (state) {
      inlets.add(inlet);
    }
    return () -> {
      synchronized (state) {
        inlets.remove(inlet);
      }
    };
  }

  /// Tells whoever reads now, or will be the next to read.
  void lost(Loss reason, Counts counts) {
    Claim reader;
    synchronized (state) {
      backlog = backlog.map(found -> found.minus(counts));
      reader = claims.peekFirst();
      if (reader == null && reason != Loss.ORPHANED) { // which is counted elsewhere
        untold.merge(reason, counts, Counts::plus);
      }
    }
    if (reader != null) {
      reader.lost.accept(reason, counts);
    }
  }

  /// What was lost while nobody read. Guarded by the state.
  Map<Loss, Counts> takeUntold() {
    var taken = Map.copyOf(untold);
    untold.clear();
    return taken;
  }

  /// The right to read, which one has at a time: whoever asks while another has it gets it, and what the
  /// other has not settled, after the other has let go.
  ///
  /// It counts from [Claim#begin] on.
  ///
  /// @param readable is told, on any thread, that there may be something to read
  /// @param lost is told what will never be read
  public Claim claim(Runnable readable, BiConsumer<Loss, Counts> lost) {
    return new Claim(this, readable, lost, false);
  }

  /// As [#claim], for a destination that must not get what is new before what is old.
  public Claim claimInOrder(Runnable readable, BiConsumer<Loss, Counts> lost) {
    return new Claim(this, readable, lost, true);
  }

  /// What was there when the log was opened and has not been lost since, for whoever asks first.
  public Optional<Counts> takeBacklog() {
    synchronized (state) {
      var taken = backlog;
      backlog = Optional.empty();
      return taken;
    }
  }
}

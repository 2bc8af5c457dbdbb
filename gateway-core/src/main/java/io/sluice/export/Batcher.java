package io.sluice.export;

import io.sluice.component.Loop;
import io.sluice.component.QueueConfig.Sizer;
import io.sluice.data.Batch;
import io.sluice.data.Lease;
import io.sluice.data.Split;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Joins batches of one signal until there is enough or time is up, then sends them as one.
///
/// Items leave in the order they came; a joined batch is a rope, nothing is copied. What is larger than
/// the maximum is split at item borders. Whoever added a batch hears once, when all of its items are
/// settled, of the worst that befell any of them. Confined to one loop.
///
/// It holds a share of each batch's lease until the batch is settled.
///
/// The timer starts with the first item of a batch and not with the last.
public final class Batcher {
  /// How much makes a batch.
  ///
  /// @param minSize send as soon as there is this much
  /// @param maxSize split what is larger; 0 for no limit
  /// @param timeout send what there is after this time; zero: at once
  public record Limits(Sizer unit, long minSize, long maxSize, Duration timeout) {}

  /// Why a batch left.
  public enum Trigger {
    SIZE,
    TIMEOUT,
    FLUSH
  }

  /// Sends a joined batch.
  @FunctionalInterface
  public interface Out extends Function<Batch, Future<Outcome>> {}

  private final Limits limits;
  private final Loop loop;
  private final Out out;
  private final Consumer<Trigger> triggered;
  private final List<Batch> open = new ArrayList<>();
  private final Deque<Share> shares = new ArrayDeque<>();
  private long size;
  private Loop.@Nullable Timer timer;

  public Batcher(Limits limits, Loop loop, Out out, Consumer<Trigger> triggered) {
    this.limits = limits;
    this.loop = loop;
    this.out = out;
    this.triggered = triggered;
  }

  /// One added batch: how many of its items are still to be sent and to be answered for.
  private static final class Share {
    private final Consumer<Outcome> settled;
    private final Lease lease;
    private int unsent;
    private int unanswered;
    private Outcome worst = new Outcome.Accepted();

    Share(Batch batch, Consumer<Outcome> settled) {
      unsent = batch.items();
      unanswered = batch.items();
      lease = batch.lease().share();
      this.settled = settled;
    }

    void answer(int items, Outcome outcome) {
      worst =
          worst instanceof Outcome.Partial(var before, _, _)
                  && outcome instanceof Outcome.Partial(var more, var reason, _)
              ? new Outcome.Partial(before + more, reason)
              : worst.and(outcome);
      unanswered -= items;
      if (unanswered == 0) {
        lease.close();
        settled.accept(worst);
      }
    }
  }

  private record Part(Share share, int items) {}

  private record Piece(Batch batch, List<Part> parts) {}

  /// @param settled called once, on this loop
  public void add(Batch batch, Consumer<Outcome> settled) {
    open.add(batch);
    shares.add(new Share(batch, settled));
    size += sizeOf(batch);
    if (size >= Math.max(1, limits.minSize()) || limits.timeout().isZero()) {
      send(Trigger.SIZE);
    }
    if (!open.isEmpty() && timer == null) {
      timer = loop.schedule(limits.timeout(), this::timeIsUp);
    }
  }

  /// Sends all there is.
  public void flush() {
    if (!open.isEmpty()) {
      send(Trigger.FLUSH);
    }
  }

  /// In the unit of the limits.
  public long size() {
    return size;
  }

  private void timeIsUp() {
    timer = null;
    if (!open.isEmpty()) {
      send(Trigger.TIMEOUT);
    }
  }

  /// All that changes here has changed before the first piece leaves: a sink that answers at once may
  /// lead back to [#add].
  private void send(Trigger trigger) {
    var pieces = pieces(Split.join(open).with(Lease.NONE));
    open.clear();
    size = 0;
    restartTimer();
    var ready = new ArrayList<Piece>(pieces.size());
    for (int i = 0; i < pieces.size(); i++) {
      var batch = pieces.get(i);
      if (i == pieces.size() - 1 && staysOpen(batch, trigger)) {
        open.add(batch);
        size = sizeOf(batch);
      } else {
        ready.add(piece(batch));
      }
    }
    for (var piece : ready) {
      triggered.accept(trigger);
      out.apply(piece.batch()).onComplete(result -> answer(piece.parts(), Outcomes.of(result)));
    }
  }

  /// The rest behind a full batch waits for more.
  private boolean staysOpen(Batch rest, Trigger trigger) {
    return trigger == Trigger.SIZE && !limits.timeout().isZero() && sizeOf(rest) < limits.minSize();
  }

  private void restartTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private List<Batch> pieces(Batch joined) {
    if (limits.maxSize() == 0 || sizeOf(joined) <= limits.maxSize()) {
      return List.of(joined);
    }
    int max = (int) Math.min(Integer.MAX_VALUE, limits.maxSize());
    return limits.unit() == Sizer.BYTES ? Split.byBytes(joined, max) : Split.byItems(joined, max);
  }

  /// The batch stands on the leases of those whose items are in it; they are held until it is settled.
  private Piece piece(Batch batch) {
    var parts = take(batch.items());
    var leases = parts.stream().map(part -> part.share().lease).toList();
    return new Piece(batch.with(Lease.all(leases)), parts);
  }

  /// Whose items the next piece is made of.
  private List<Part> take(int items) {
    var parts = new ArrayList<Part>();
    int rest = items;
    while (rest > 0) {
      var share = shares.getFirst();
      int taken = Math.min(rest, share.unsent);
      share.unsent -= taken;
      rest -= taken;
      parts.add(new Part(share, taken));
      if (share.unsent == 0) {
        shares.removeFirst();
      }
    }
    return parts;
  }

  /// Which items of a joined batch a destination did not take is not known, only how many: the first
  /// bear it, so that the sum is right.
  private static void answer(List<Part> parts, Outcome outcome) {
    long rejected = outcome instanceof Outcome.Partial partial ? partial.rejectedItems() : 0;
    for (var part : parts) {
      if (outcome instanceof Outcome.Partial(_, var reason, _)) {
        long here = Math.min(rejected, part.items());
        rejected -= here;
        part.share()
            .answer(
                part.items(),
                here == 0 ? new Outcome.Accepted() : new Outcome.Partial(here, reason));
      } else {
        part.share().answer(part.items(), outcome);
      }
    }
  }

  private long sizeOf(Batch batch) {
    return limits.unit() == Sizer.BYTES ? batch.sizeInBytes() : batch.items();
  }
}

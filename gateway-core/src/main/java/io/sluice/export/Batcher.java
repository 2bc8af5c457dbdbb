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
      worst = worst.and(outcome);
      unanswered -= items;
      if (unanswered == 0) {
        lease.close();
        settled.accept(worst);
      }
    }
  }

  private record Part(Share share, int items) {}

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

  private void send(Trigger trigger) {
    var lease = Lease.all(open.stream().map(Batch::lease).toList());
    var joined = Split.join(open).with(lease);
    var pieces = pieces(joined);
    open.clear();
    size = 0;
    restartTimer();
    for (int i = 0; i < pieces.size(); i++) {
      var piece = pieces.get(i);
      if (i == pieces.size() - 1 && staysOpen(piece, trigger)) {
        open.add(piece);
        size = sizeOf(piece);
      } else {
        triggered.accept(trigger);
        send(piece);
      }
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

  private void send(Batch piece) {
    var parts = take(piece.items());
    out.apply(piece).onComplete(result -> answer(parts, Outcomes.of(result)));
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

  private static void answer(List<Part> parts, Outcome outcome) {
    parts.forEach(part -> part.share().answer(part.items(), outcome));
  }

  private long sizeOf(Batch batch) {
    return limits.unit() == Sizer.BYTES ? batch.sizeInBytes() : batch.items();
  }
}

package io.sluice.receivers.otlp;

import io.sluice.component.Budget;
import io.sluice.component.Loop;
import io.sluice.data.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reserves room for a message before it is asked for. gRPC does not say how large it will be, so the
/// reservation is by what came lately and what is coming; it grows as more comes than that ([#enlarge]), and the message
/// itself settles it ([#settle]).
///
/// While there is no room, up to [#WAITING_MAX] calls wait, for up to [#WAIT_MAX]; the flow control of
/// their streams then holds their senders back. Confined to one loop.
final class Admission {
  static final int WAITING_MAX = 1024;
  static final Duration WAIT_MAX = Duration.ofMillis(500);

  private static final Duration RETRY_EVERY = Duration.ofMillis(10);

  /// Too much rather than too little: the first calls to come may be many and large.
  private static final int EXPECTED_BYTES_FIRST = 64 << 10;

  /// A call costs more than the message of one that has hardly any.
  private static final int EXPECTED_BYTES_MIN = 4 << 10;

  /// So many messages may arrive at a time however large they are expected to be.
  private static final int TOGETHER_MIN = 4;

  /// The weight of one message in the running mean is 1 / 8.
  private static final int WEIGHT_LOG = 3;

  private final Budget budget;
  private final Loop loop;
  private final BooleanSupplier scarce;
  private long expectedBytes = EXPECTED_BYTES_FIRST;

  /// In the order of the calls.
  private final SequencedSet<Wait> waits = new LinkedHashSet<>();

  private boolean looking;

  /// Whether a message larger than all that may arrive is arriving.
  private boolean huge;

  /// @param scarce whether the transport's memory is nearly used up: nobody waits then, as what a call
  ///     has sent stays there until it is refused
  Admission(Budget budget, Loop loop, BooleanSupplier scarce) {
    this.budget = budget;
    this.loop = loop;
    this.scarce = scarce;
  }

  /// How much to reserve for a call that comes now.
  long expectedBytes() {
    long max = budget.arriving().bytesMax() / TOGETHER_MIN;
    return Math.max(Math.min(expectedBytes, max), EXPECTED_BYTES_MIN);
  }

  /// Gives a lease on so many bytes, or null if there is no room; at once or a little later, in the order
  /// of the calls.
  ///
  /// @return what cancels the wait, in which case nothing is given
  Loop.Timer reserve(long bytes, Consumer<@Nullable Lease> answer) {
    boolean noWaiting = scarce.getAsBoolean();
    var lease = waits.isEmpty() && !noWaiting ? take(bytes) : null;
    if (lease != null || noWaiting || waits.size() == WAITING_MAX) {
      answer.accept(lease);
      return () -> {};
    }
    var wait = new Wait(bytes, answer, loop.nanoTime() + WAIT_MAX.toNanos());
    waits.add(wait);
    lookLater();
    return wait;
  }

  private void lookLater() {
    if (!looking) {
      looking = true;
      loop.schedule(RETRY_EVERY, this::look);
    }
  }

  /// One timer for all that wait: there may be many, and then there is much else to do.
  private void look() {
    looking = false;
    long now = loop.nanoTime();
    while (!waits.isEmpty()) {
      var first = waits.getFirst();
      var lease = take(first.bytes);
      if (lease == null && now < first.until && !scarce.getAsBoolean()) {
        lookLater();
        return;
      }
      waits.removeFirst();
      first.answer.accept(lease);
    }
  }

  /// Until the message is whole its bytes are gRPC's, in other memory; then they are ours.
  private @Nullable Lease take(long bytes) {
    var lease = budget.take(bytes);
    if (lease == null) {
      return null;
    }
    var arriving = budget.arriving().take(bytes);
    if (arriving == null) {
      lease.close();
      return null;
    }
    return Lease.all(List.of(lease, arriving));
  }

  /// The reservation and so many bytes more, or null if there is no room; the reservation is then still
  /// there. Messages like that are expected from now on: else many would be let in that cannot all grow, and none
  /// would come through to say how large it was.
  ///
  /// @param arrivedBytes of the message by now
  @Nullable Lease enlarge(Lease reserved, long bytes, long arrivedBytes) {
    expectedBytes = Math.max(expectedBytes, arrivedBytes);
    var more = take(bytes);
    if (more == null) {
      more = takeHuge(bytes);
    }
    return more == null ? null : Lease.all(List.of(reserved, more));
  }

  /// One call at a time may go beyond what may arrive, else a large message would never come through.
  private @Nullable Lease takeHuge(long bytes) {
    var lease = huge ? null : budget.take(bytes);
    if (lease == null) {
      return null;
    }
    huge = true;
    return new Huge(lease);
  }

  private final class Huge implements Lease {
    private final Lease lease;

    Huge(Lease lease) {
      this.lease = lease;
    }

    @Override
    public Lease share() {
      throw new IllegalStateException("a reservation has one holder");
    }

    @Override
    public void close() {
      huge = false;
      lease.close();
    }
  }

  /// A reservation in exchange for a message that hardly comes: for the call itself, and for twice what is
  /// there, of which there is nothing if nothing has come. [Lease#NONE] if others were quicker.
  Lease shrink(Lease reserved, long arrivedBytes) {
    reserved.close();
    var parts = new ArrayList<Lease>();
    for (var part :
        Arrays.asList(
            budget.take(EXPECTED_BYTES_MIN), arrivedBytes == 0 ? null : take(2 * arrivedBytes))) {
      if (part != null) {
        parts.add(part);
      }
    }
    return Lease.all(parts);
  }

  /// A lease for what really is there, in exchange for the reservation; null if there is no room.
  @Nullable Lease settle(Lease reserved, long bytes) {
    expectedBytes += (bytes - expectedBytes) >> WEIGHT_LOG;
    var lease = budget.take(bytes);
    reserved.close();
    return lease == null ? budget.take(bytes) : lease; // else a large one would have to fit twice
  }

  private final class Wait implements Loop.Timer {
    private final long bytes;
    private final Consumer<@Nullable Lease> answer;
    private final long until;

    Wait(long bytes, Consumer<@Nullable Lease> answer, long until) {
      this.bytes = bytes;
      this.answer = answer;
      this.until = until;
    }

    /// Its place is for others.
    @Override
    public void cancel() {
      waits.remove(this);
    }
  }
}

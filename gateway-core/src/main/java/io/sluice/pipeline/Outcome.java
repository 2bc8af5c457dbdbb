package io.sluice.pipeline;

import io.sluice.data.Batch;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What came of a batch, from best to worst.
public sealed interface Outcome {
  /// Delivered, or safely stored.
  record Accepted() implements Outcome {}

  /// Delivered but for some items, which no retry would save.
  ///
  /// @param culprits those of them that are known; no more than `rejectedItems` in all
  record Partial(long rejectedItems, String reason, List<Culprit> culprits) implements Outcome {
    public Partial {
      culprits = List.copyOf(culprits);
    }

    /// Nobody knows which.
    public Partial(long rejectedItems, String reason) {
      this(rejectedItems, reason, List.of());
    }
  }

  /// Items that a destination would not have, cut out of their batch, and its words.
  record Culprit(Batch batch, Fault fault, String reason) {}

  /// Not taken, and would fail again.
  record Rejected(Fault fault, String reason) implements Outcome {}

  /// Not taken, or only in part, and worth trying again.
  ///
  /// @param retryAfter what the refusing side asked for; zero if it left that to the sender
  /// @param partly null if nothing of it is taken
  record Refused(Pressure pressure, Duration retryAfter, String reason, @Nullable Partly partly)
      implements Outcome {
    public Refused(Pressure pressure, Duration retryAfter, String reason) {
      this(pressure, retryAfter, reason, null);
    }

    public Refused because(String other) {
      return new Refused(pressure, retryAfter, other, partly);
    }

    public Refused with(Partly some) {
      return new Refused(pressure, retryAfter, reason, some);
    }

    /// For those to whom a part is as good as nothing.
    public Refused whole() {
      return partly == null ? this : new Refused(pressure, retryAfter, reason);
    }
  }

  /// What there is to say of a batch of which a part is taken, and which comes again for the rest.
  ///
  /// @param works whether the destination does, as far as this attempt shows: it took most, or what it had
  ///     not is for the items
  /// @param givenUp what came of the batch if it does not come again: the rest is among the culprits. To be
  ///     asked for on the loop of who refused, and not after another attempt began
  record Partly(boolean works, Supplier<Future<Outcome>> givenUp) {}

  /// Why a retry is pointless. Each protocol has its code for each.
  enum Fault {
    INVALID,
    TOO_LARGE,
    UNAUTHENTICATED,
    PERMISSION_DENIED,
    UNIMPLEMENTED,
    INTERNAL,
    UNKNOWN
  }

  /// Why a retry may help.
  enum Pressure {
    /// Down, starting, stopping, out of room.
    UNAVAILABLE,
    /// Asked to slow down (HTTP 429, gRPC RESOURCE_EXHAUSTED).
    THROTTLED
  }

  static Outcome refused(String reason) {
    return new Refused(Pressure.UNAVAILABLE, Duration.ZERO, reason);
  }

  static Outcome rejected(String reason) {
    return new Rejected(Fault.INVALID, reason);
  }

  /// The answer as a future that is already complete; acceptance costs no allocation.
  static Future<Outcome> accepted() {
    return Ready.ACCEPTED;
  }

  default Future<Outcome> now() {
    return Future.succeededFuture(this);
  }

  /// The answer for a batch that went to both: a retry is asked for only if it can help one of them.
  default Outcome and(Outcome other) {
    return severity() >= other.severity() ? this : other;
  }

  default boolean taken() {
    return switch (this) {
      case Accepted _, Partial _ -> true;
      case Rejected _, Refused _ -> false;
    };
  }

  private int severity() {
    return switch (this) {
      case Accepted _ -> 0;
      case Partial _ -> 1;
      case Rejected _ -> 2;
      case Refused _ -> 3;
    };
  }
}

/// Apart from [Outcome]: a constant of a sealed type inside itself can deadlock class loading.
final class Ready {
  static final Future<Outcome> ACCEPTED = Future.succeededFuture(new Outcome.Accepted());

  private Ready() {}
}

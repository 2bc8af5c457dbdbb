package io.sluice.export;

import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.data.Split;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Sends what a destination would reject whole in pieces that it takes. Confined to one loop.
///
/// What is above its [SizeLimit] is split before it is sent. Where dead letters are kept, a batch with
/// items it finds fault with is halved, and what is rejected halved again, until the culprits stand alone.
/// They become dead letters; their neighbours are delivered.
///
/// A destination that takes nothing at all is not searched over and over: after a search without any
/// success batches become dead letters whole until one is taken again.
final class Bisection {
  /// In one search; what is left then becomes dead letters in larger pieces.
  /// A search that was shorter and found nothing that is taken says little of others.
  private static final int HOPELESS_AFTER = 16;

  static final int ATTEMPTS_MAX = 200;

  private static final Future<Result> ACCEPTED =
      Future.succeededFuture(Result.of(new Outcome.Accepted()));

  private final BatchSink next;
  private final SizeLimit limit;
  private final BooleanSupplier over;
  private final @Nullable DeadLetters letters;
  private boolean hopeless;

  /// @param buried items among the rejected ones that are dead letters now, or would be if there were any
  record Result(Outcome outcome, long buried) {
    static Result of(Outcome outcome) {
      return new Result(outcome, 0);
    }
  }

  /// @param over whether what is refused comes again by nobody
  /// @param letters where to keep what is rejected; null to search for nothing but a size that is taken
  Bisection(BatchSink next, SizeLimit limit, BooleanSupplier over, @Nullable DeadLetters letters) {
    this.next = next;
    this.limit = limit;
    this.over = over;
    this.letters = letters;
  }

  Future<Result> send(Batch batch) {
    if (batch.sizeInBytes() > limit.bytes() && divisible(batch)) {
      return new Search().begin(pieces(batch));
    }
    var answer = next.accept(batch);
    if (answer.isComplete() && answer.succeeded() && answer.result() instanceof Outcome.Accepted) {
      hopeless = false;
      return ACCEPTED;
    }
    return answer.transform(result -> judge(batch, Outcomes.of(result)));
  }

  private Future<Result> judge(Batch batch, Outcome outcome) {
    hopeless &= !outcome.taken();
    if (outcome instanceof Outcome.Rejected rejected && divisible(batch)) {
      if (limit.learn(batch, rejected)) {
        return new Search().begin(pieces(batch));
      }
      if (worthIt(rejected)) {
        return new Search().begin(halves(batch));
      }
    }
    if (outcome instanceof Outcome.Partial partial) {
      Promise<Result> done = Promise.promise();
      buryCulprits(partial, done::complete);
      return done.future();
    }
    return Future.succeededFuture(Result.of(outcome));
  }

  /// Those that the exporter knows need no search.
  private void buryCulprits(Outcome.Partial partial, Consumer<Result> done) {
    long items = partial.culprits().stream().mapToLong(each -> each.batch().items()).sum();
    if (letters == null || items == 0) {
      done.accept(new Result(partial, items));
      return;
    }
    var open = new ArrayDeque<>(partial.culprits());
    buryNext(
        letters,
        open,
        kept ->
            done.accept(
                kept ? new Result(partial, items) : Result.of(Outcome.refused("shutting down"))));
  }

  /// One after the other, and no deeper on the stack for many: what keeps them answers later.
  private static void buryNext(
      DeadLetters letters, Deque<Outcome.Culprit> open, Consumer<Boolean> done) {
    var culprit = open.poll();
    if (culprit == null) {
      done.accept(true);
      return;
    }
    letters.keep(
        culprit.batch(),
        new Outcome.Rejected(culprit.fault(), culprit.reason()),
        kept -> {
          if (kept) {
            buryNext(letters, open, done);
          } else {
            done.accept(false);
          }
        });
  }

  private boolean worthIt(Outcome.Rejected rejected) {
    return switch (rejected.fault()) {
      case INVALID, TOO_LARGE -> letters != null && !hopeless;
      case UNAUTHENTICATED, PERMISSION_DENIED, UNIMPLEMENTED, INTERNAL, UNKNOWN -> false;
    };
  }

  private static boolean divisible(Batch batch) {
    return batch.items() > 1 && batch.signal() != Signal.PROFILES;
  }

  private static List<Batch> halves(Batch batch) {
    return Split.byItems(batch, (batch.items() + 1) / 2);
  }

  /// The overhead around items may keep a batch whole; then it is halved.
  private List<Batch> pieces(Batch batch) {
    var pieces = Split.byBytes(batch, limit.bytes());
    return pieces.size() > 1 ? pieces : halves(batch);
  }

  private final class Search {
    private final Deque<Batch> open = new ArrayDeque<>();
    private final Promise<Result> done = Promise.promise();
    private String reason = "";
    private int attempts;
    private long rejected;
    private long buried;
    private boolean success;

    /// Why nothing else is tried; null while something is.
    private Outcome.@Nullable Rejected givenUp;

    private boolean stepping;
    private boolean more;

    Future<Result> begin(List<Batch> pieces) {
      push(pieces);
      step();
      return done.future();
    }

    private void push(List<Batch> pieces) {
      pieces.reversed().forEach(open::push);
    }

    /// A destination may answer at once, any number of times.
    private void step() {
      more = true;
      if (stepping) {
        return;
      }
      stepping = true;
      while (more) {
        more = false;
        attempt();
      }
      stepping = false;
    }

    private void attempt() {
      @Nullable Batch piece = open.poll();
      if (piece == null) {
        hopeless = !success && attempts >= HOPELESS_AFTER;
        done.complete(
            new Result(
                rejected == 0 ? new Outcome.Accepted() : new Outcome.Partial(rejected, reason),
                buried));
        return;
      }
      if (givenUp != null) {
        bury(piece, givenUp);
        return;
      }
      attempts++;
      next.accept(piece).onComplete(result -> judge(piece, Outcomes.of(result)));
    }

    private void judge(Batch piece, Outcome outcome) {
      switch (outcome) {
        case Outcome.Accepted() -> {
          success = true;
          step();
        }
        case Outcome.Partial partial -> {
          success = true;
          buryCulprits(
              partial,
              result -> {
                if (result.outcome() instanceof Outcome.Refused) {
                  done.complete(new Result(result.outcome(), buried));
                } else {
                  rejected += partial.rejectedItems();
                  buried += result.buried();
                  reason = partial.reason();
                  step();
                }
              });
        }
        case Outcome.Refused refused -> refused(piece, refused);
        case Outcome.Rejected culprit -> {
          reason = culprit.reason();
          if (divisible(piece) && limit.learn(piece, culprit)) {
            push(pieces(piece));
            step();
          } else if (divisible(piece) && attempts < ATTEMPTS_MAX && worthIt(culprit)) {
            push(halves(piece));
            step();
          } else {
            bury(piece, culprit);
          }
        }
      }
    }

    /// What is settled does not come again with the rest, nor is it lost with it.
    private void refused(Batch piece, Outcome.Refused refused) {
      if ((rejected == 0 && !success) || !over.getAsBoolean()) {
        done.complete(new Result(refused, buried));
        return;
      }
      var last = new Outcome.Rejected(Fault.UNKNOWN, "retries exhausted: " + refused.reason());
      givenUp = last;
      reason = last.reason();
      bury(piece, last);
    }

    private void bury(Batch piece, Outcome.Rejected culprit) {
      if (letters == null) {
        lost(piece);
        return;
      }
      letters.keep(
          piece,
          culprit,
          kept -> {
            if (kept) {
              lost(piece);
            } else {
              done.complete(new Result(Outcome.refused("shutting down"), buried));
            }
          });
    }

    private void lost(Batch piece) {
      rejected += piece.items();
      buried += piece.items();
      step();
    }
  }
}

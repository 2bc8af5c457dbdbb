package io.sluice.export;

import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.data.Split;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Finds the items for which a destination rejects a batch: halves it, and halves what is rejected again,
/// until the culprits stand alone. They become dead letters; their neighbours are delivered. Confined to one
/// loop.
///
/// A destination that takes nothing at all is not searched over and over: after a search without any
/// success batches become dead letters whole until one is taken again.
final class Bisection {
  /// In one search; what is left then becomes dead letters in larger pieces.
  static final int ATTEMPTS_MAX = 200;

  private final BatchSink next;
  private final DeadLetters letters;
  private boolean hopeless;

  /// @param buried items among the rejected ones that are dead letters now
  record Result(Outcome outcome, long buried) {
    static Result of(Outcome outcome) {
      return new Result(outcome, 0);
    }
  }

  Bisection(BatchSink next, DeadLetters letters) {
    this.next = next;
    this.letters = letters;
  }

  Future<Result> send(Batch batch) {
    return next.accept(batch)
        .transform(result -> {
          var outcome = Outcomes.of(result);
          hopeless &= !outcome.taken();
          return outcome instanceof Outcome.Rejected rejected && worthIt(batch, rejected)
              ? new Search(batch, rejected).begin()
              : Future.succeededFuture(Result.of(outcome));
        });
  }

  private boolean worthIt(Batch batch, Outcome.Rejected rejected) {
    return switch (rejected.fault()) {
      case INVALID, TOO_LARGE -> !hopeless && divisible(batch);
      case UNAUTHENTICATED, PERMISSION_DENIED, UNIMPLEMENTED, INTERNAL, UNKNOWN -> false;
    };
  }

  private static boolean divisible(Batch batch) {
    return batch.items() > 1 && batch.signal() != Signal.PROFILES;
  }

  private final class Search {
    private final Deque<Batch> open = new ArrayDeque<>();
    private final Promise<Result> done = Promise.promise();
    private String reason;
    private int attempts;
    private long rejected;
    private long buried;
    private boolean success;

    Search(Batch batch, Outcome.Rejected rejected) {
      reason = rejected.reason();
      halve(batch);
    }

    Future<Result> begin() {
      step();
      return done.future();
    }

    private void halve(Batch batch) {
      var halves = Split.byItems(batch, (batch.items() + 1) / 2);
      halves.reversed().forEach(open::push);
    }

    private void step() {
      @Nullable Batch piece = open.poll();
      if (piece == null) {
        hopeless = !success;
        done.complete(
            new Result(
                rejected == 0 ? new Outcome.Accepted() : new Outcome.Partial(rejected, reason),
                buried));
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
        case Outcome.Partial(var items, var why) -> {
          success = true;
          rejected += items;
          reason = why;
          step();
        }
        case Outcome.Refused refused -> done.complete(new Result(refused, buried));
        case Outcome.Rejected culprit -> {
          reason = culprit.reason();
          if (divisible(piece) && attempts < ATTEMPTS_MAX) {
            halve(piece);
            step();
          } else {
            bury(piece, culprit);
          }
        }
      }
    }

    private void bury(Batch piece, Outcome.Rejected culprit) {
      letters.keep(
          piece,
          culprit,
          kept -> {
            if (kept) {
              rejected += piece.items();
              buried += piece.items();
              step();
            } else {
              done.complete(new Result(Outcome.refused("shutting down"), buried));
            }
          });
    }
  }
}

package io.sluice.exporters.progress;

import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// What batches are translated with: one for each attempt under way, a few kept for those to come. Confined to
/// one thread.
///
/// @param <T> what an attempt has for itself
public final class Workshop<T> {
  private final int idleMax;
  private final Supplier<T> make;
  private final Predicate<T> keepable;
  private final Consumer<T> close;
  private final Deque<T> idle = new ArrayDeque<>();
  private final Set<Future<Outcome>> underWay = new HashSet<>();
  private boolean closed;

  /// @param idleMax so many are kept
  /// @param keepable whether it may be kept, or has grown too large
  /// @param close lets go of what one holds
  public Workshop(int idleMax, Supplier<T> make, Predicate<T> keepable, Consumer<T> close) {
    this.idleMax = idleMax;
    this.make = make;
    this.keepable = keepable;
    this.close = close;
  }

  /// An attempt with something of its own. After a bug that is not used again: who knows what is in it.
  public Future<Outcome> attempt(Function<T, Future<Outcome>> attempt) {
    var mine = idle.isEmpty() ? make.get() : idle.pop();
    var answer = begun(attempt, mine);
    underWay.add(answer);
    return answer.onComplete((outcome, _) -> {
      underWay.remove(answer);
      if (outcome != null && !closed && idle.size() < idleMax && keepable.test(mine)) {
        idle.push(mine);
      } else {
        close.accept(mine);
      }
    });
  }

  private Future<Outcome> begun(Function<T, Future<Outcome>> attempt, T mine) {
    try {
      return attempt.apply(mine);
    } catch (RuntimeException | Error bug) {
      close.accept(mine);
      throw bug;
    }
  }

  /// When all attempts have their answers.
  public Future<Void> close() {
    closed = true;
    return Future.join(new ArrayList<>(underWay))
        .otherwiseEmpty()
        .<Void>mapEmpty()
        .onComplete(_ -> {
          idle.forEach(close);
          idle.clear();
        });
  }
}

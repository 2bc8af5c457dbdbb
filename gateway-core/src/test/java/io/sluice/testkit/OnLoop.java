package io.sluice.testkit;

import io.sluice.component.Loop;
import io.sluice.component.Loops;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Work on loops that have threads of their own.
public final class OnLoop {
  /// Long enough that only something broken takes longer.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private OnLoop() {}

  /// Begins the work there.
  public static <T> CompletableFuture<T> begin(Loop loop, Supplier<Future<T>> work) {
    var done = new CompletableFuture<T>();
    loop.execute(() -> {
      try {
        work.get().onSuccess(done::complete).onFailure(done::completeExceptionally);
      } catch (RuntimeException | Error e) {
        done.completeExceptionally(e);
      }
    });
    return done;
  }

  public static <T> T done(CompletableFuture<T> work) throws Exception {
    return work.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  public static <T> T run(Loop loop, Supplier<Future<T>> work) throws Exception {
    return done(begin(loop, work));
  }

  /// Waits until each loop has done what it had to do by now.
  public static void settle(Loops loops) throws Exception {
    for (var loop : loops.all()) {
      OnLoop.<Void>run(loop, Future::succeededFuture);
    }
  }
}

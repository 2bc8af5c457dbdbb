package io.sluice.it;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for what another process will do.
public final class Eventually {
  /// Long enough that only something broken takes longer, also on a loaded machine.
  public static final Duration DEADLINE = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofMillis(20);

  private Eventually() {}

  /// @param state what to show when the time is over
  public static void happens(BooleanSupplier condition, Supplier<String> state) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("did not happen within " + DEADLINE + ":\n" + state.get());
      }
      pause();
    }
  }

  public static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

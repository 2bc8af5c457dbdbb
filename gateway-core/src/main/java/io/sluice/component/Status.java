package io.sluice.component;

import java.time.Instant;
import java.util.Locale;

/// How a component is, in the Collector's terms.
///
/// @param reason empty if all is well
public record Status(State state, String reason, Instant since) {
  public enum State {
    STARTING,
    OK,
    RECOVERABLE_ERROR,
    PERMANENT_ERROR,
    FATAL_ERROR,
    STOPPING,
    STOPPED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Where a component reports it. Safe on any thread; repeating the present state costs nothing.
  @FunctionalInterface
  public interface Reporter {
    Reporter NONE = (_, _) -> {};

    void report(State state, String reason);

    default void ok() {
      report(State.OK, "");
    }

    default void recoverable(String reason) {
      report(State.RECOVERABLE_ERROR, reason);
    }
  }
}

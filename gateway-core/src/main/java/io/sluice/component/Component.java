package io.sluice.component;

import io.vertx.core.Future;

/// A part with a life. Created once, started once, stopped once, never reused.
///
/// A constructor touches nothing outside: no socket, no file, no thread. So a graph can be built and
/// checked while another runs. Sinks start before the sources that feed them and stop after them, so
/// between the two calls every batch finds its way open.
public interface Component {
  default Future<Void> start() {
    return Future.succeededFuture();
  }

  /// Stops taking batches, delivers or stores what it holds, then completes. Also called if [#start]
  /// was not, or has failed.
  default Future<Void> stop() {
    return Future.succeededFuture();
  }

  /// Asked before a successor starts that may want the address this listens at: whether it can have it
  /// while this still runs. If so, new connections go to the successor from then on; [#stop] comes once
  /// it runs, or [#stay] if it could not start. If not, this is stopped first.
  default boolean handOver() {
    return false;
  }

  /// There is no successor after all.
  default void stay() {}
}

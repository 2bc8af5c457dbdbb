package io.sluice.distribution;

import io.vertx.core.Future;

/// One way by which own telemetry leaves.
interface OwnOutlet {
  /// What stays the same as long as a reload may leave it alone.
  Object key();

  Future<Void> start();

  /// As [#start], right behind the stop of another one that may have had the same port.
  default Future<Void> startBehindAnother() {
    return start();
  }

  Future<Void> stop();
}

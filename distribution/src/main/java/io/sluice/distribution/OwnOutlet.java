package io.sluice.distribution;

import io.vertx.core.Future;

/// One way by which own telemetry leaves.
interface OwnOutlet {
  /// What stays the same as long as a reload may leave it alone.
  Object key();

  Future<Void> start();

  Future<Void> stop();
}

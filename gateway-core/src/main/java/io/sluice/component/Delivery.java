package io.sluice.component;

import java.time.Duration;
import java.util.Optional;

/// What stands before an exporter: queue (with batching), retry, deadline.
///
/// @param timeout for one attempt; zero for none
public record Delivery(Duration timeout, RetryConfig retry, Optional<QueueConfig> queue) {
  /// Each batch goes straight to the exporter, once.
  public static final Delivery DIRECT =
      new Delivery(Duration.ZERO, RetryConfig.OFF, Optional.empty());
}

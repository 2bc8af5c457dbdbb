package io.sluice.component;

import java.time.Duration;
import java.util.Optional;

/// What stands before an exporter: queue (with batching), retry, deadline.
///
/// @param timeout for one attempt; zero for none
/// @param inOrder whether a backlog on disk goes out from the oldest on, so that what comes now waits for it:
///     for destinations that refuse what is older than what they have. Else both are sent in turn
public record Delivery(
    Duration timeout, RetryConfig retry, Optional<QueueConfig> queue, boolean inOrder) {
  /// Each batch goes straight to the exporter, once.
  public static final Delivery DIRECT =
      new Delivery(Duration.ZERO, RetryConfig.OFF, Optional.empty());

  /// What is new does not wait for a backlog.
  public Delivery(Duration timeout, RetryConfig retry, Optional<QueueConfig> queue) {
    this(timeout, retry, queue, false);
  }
}

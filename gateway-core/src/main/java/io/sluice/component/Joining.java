package io.sluice.component;

import io.sluice.data.Batch;

/// What a stage does that only joins batches, so that a queue on disk behind it can do it in its place,
/// after it has stored them: then nobody is answered before.
public interface Joining {
  QueueConfig.Batching batching();

  /// The stage's own metrics.
  Meter meter(ComponentContext context);

  /// Hears of joined batches. On the queue's loop.
  interface Meter {
    Meter NONE = new Meter() {};

    /// A joined batch leaves.
    default void sent(Batch batch) {}

    default void sizeReached() {}

    default void timePassed() {}

    /// So many combinations of metadata values are kept apart.
    default void combinations(int now) {}

    default void close() {}
  }
}

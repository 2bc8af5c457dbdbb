package io.sluice.export;

import io.sluice.data.Batch;
import io.sluice.pipeline.Outcome;
import java.util.function.Consumer;

/// What a queue empties into. Confined to the queue's loop.
interface Drain {
  /// Whether it would rather not take more now.
  boolean busy();

  /// @param settled called once, when the batch is delivered or given up
  void take(Batch batch, Consumer<Outcome> settled);

  /// No more will come soon: send what is held back.
  void flush();
}

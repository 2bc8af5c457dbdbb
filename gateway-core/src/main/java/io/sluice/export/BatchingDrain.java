package io.sluice.export;

import io.sluice.component.Loop;
import io.sluice.component.QueueConfig;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.pipeline.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// `sending_queue::batch`: joins what the queue holds before the workers send it.
final class BatchingDrain implements Drain {
  private final Workers workers;
  private final Partitions partitions;

  BatchingDrain(QueueConfig config, QueueConfig.Batching batching, Loop loop, Workers workers) {
    this.workers = workers;
    var limits =
        new Batcher.Limits(
            config.batchUnit(), batching.minSize(), batching.maxSize(), batching.flushTimeout());
    List<String> keys =
        batching.partition().metadataKeys().stream().map(k -> k.toLowerCase(Locale.ROOT)).toList();
    partitions = new Partitions(keys, () -> new Batcher(limits, loop, workers::accept, _ -> {}));
  }

  @Override
  public boolean busy() {
    return workers.busy();
  }

  @Override
  public void take(Batch batch, Consumer<Outcome> settled) {
    if (batch.signal() == Signal.PROFILES) {
      workers.take(batch, settled); // their dictionary is shared: two cannot be joined
      return;
    }
    partitions.of(batch).add(batch, settled);
  }

  @Override
  public void flush() {
    partitions.flush();
  }
}

package io.sluice.export;

import io.sluice.component.Joining;
import io.sluice.component.Loop;
import io.sluice.component.QueueConfig;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// `sending_queue::batch`: joins what the queue holds before the workers send it.
final class BatchingDrain implements Drain {
  private final Workers workers;
  private final Partitions partitions;
  private final Joining.Meter meter;

  BatchingDrain(
      QueueConfig config,
      QueueConfig.Batching batching,
      Loop loop,
      Workers workers,
      Joining.Meter meter) {
    this.meter = meter;
    this.workers = workers;
    var limits =
        new Batcher.Limits(
            config.batchUnit(), batching.minSize(), batching.maxSize(), batching.flushTimeout());
    List<String> keys =
        batching.partition().metadataKeys().stream().map(k -> k.toLowerCase(Locale.ROOT)).toList();
    partitions =
        new Partitions(
            keys, kept -> new Batcher(limits, loop, batch -> send(batch, kept), this::triggered));
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
    meter.combinations(partitions.size());
  }

  /// It comes from many, so it keeps of their metadata only what they have in common.
  private Future<Outcome> send(Batch batch, Map<String, List<String>> metadata) {
    meter.sent(batch);
    return workers.accept(batch.with(batch.origin().joined(metadata)));
  }

  private void triggered(Batcher.Trigger trigger) {
    switch (trigger) {
      case SIZE -> meter.sizeReached();
      case TIMEOUT -> meter.timePassed();
      case FLUSH -> {}
    }
  }

  @Override
  public void flush() {
    partitions.flush();
  }
}

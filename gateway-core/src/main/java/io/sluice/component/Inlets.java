package io.sluice.component;

import io.sluice.data.Signal;
import io.sluice.pipeline.BatchSink;
import java.util.Set;

/// What a receiver feeds. The pipelines behind it may change while the receiver runs (reload), so a
/// receiver asks for the sink anew for each batch.
public interface Inlets {
  /// Signals that lead to some pipeline; others are to be answered "not served".
  Set<Signal> signals();

  /// The sink for batches that arrive on this loop. It dispatches by the batch's signal.
  BatchSink on(Loop loop);
}

package io.sluice.component;

import io.sluice.pipeline.BatchSink;

/// Sends batches out: one attempt a call. Queue, batching, retry and deadline are put around it by
/// the gateway ([Delivery]).
public interface Exporter extends Component, BatchSink {}

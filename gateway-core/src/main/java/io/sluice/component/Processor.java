package io.sluice.component;

import io.sluice.pipeline.BatchSink;

/// Changes, holds, splits, joins or drops batches on their way.
public interface Processor extends Component, BatchSink {}

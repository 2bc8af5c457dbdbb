package io.sluice.component;

import io.sluice.pipeline.BatchSink;

/// Ends one pipeline and begins others.
public interface Connector extends Component, BatchSink {}

package io.sluice.component;

/// Stands beside the pipelines: health, authentication, storage. Starts first and stops last.
public interface Extension extends Component {}

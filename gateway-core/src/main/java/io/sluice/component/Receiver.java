package io.sluice.component;

/// Brings batches in.
public interface Receiver extends Component {}

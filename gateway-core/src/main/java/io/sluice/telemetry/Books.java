package io.sluice.telemetry;

/// Placeholder until the books are written.
public final class Books {}

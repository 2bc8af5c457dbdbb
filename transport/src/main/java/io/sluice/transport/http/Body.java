package io.sluice.transport.http;

import io.sluice.data.Frame;
import io.sluice.data.Lease;
import io.sluice.wire.Bytes;
import org.jspecify.annotations.Nullable;

/// A request's body, decompressed.
///
/// @param frame as it came, if it came compressed
/// @param lease on both; for the receiver to close
public record Body(Bytes content, @Nullable Frame frame, Lease lease) {}

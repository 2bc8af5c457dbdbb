package io.sluice.data;

import io.sluice.wire.Bytes;

/// The compressed form a batch arrived in. Whoever did not edit the batch and speaks the same codec
/// sends this instead of compressing again.
///
/// @param encoding the codec's name on the wire: `gzip`, `zstd`, `snappy`, ...
public record Frame(String encoding, Bytes bytes) {}

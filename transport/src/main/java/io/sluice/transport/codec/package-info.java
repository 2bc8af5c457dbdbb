/// Compression on the wire, whole bodies at a time.
///
/// What comes in is hostile: a decoder never allocates by a length that the input claims, stops at the
/// bound its caller gives, and takes only what is complete. Encoders and decoders own native memory
/// and scratch arrays; they are confined to one thread and closed by their owner.
@org.jspecify.annotations.NullMarked
package io.sluice.transport.codec;

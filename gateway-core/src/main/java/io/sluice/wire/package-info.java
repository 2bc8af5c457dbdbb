/// Protobuf wire format: immutable bytes, ropes of them, one cursor to read and one way to write.
///
/// Knows nothing of OTLP and depends on the JDK only. Whatever bytes come in, a reader yields a value
/// or throws [io.sluice.wire.MalformedWireException], and allocates no more than a small multiple of
/// its input: no length on the wire is ever trusted before it has been compared with what is there.
@org.jspecify.annotations.NullMarked
package io.sluice.wire;

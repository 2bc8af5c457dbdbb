/// The `otlp` receiver: OTLP over gRPC and over HTTP, protobuf and JSON.
///
/// A request is admitted against the byte budget before its body is read, checked wholly, handed on as
/// the bytes it came in, and answered when the pipeline has answered. Every answer that asks for a
/// retry says when; no other does.
@org.jspecify.annotations.NullMarked
package io.sluice.receivers.otlp;

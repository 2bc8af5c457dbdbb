/// The `otlp_grpc` and `otlp_http` exporters: one attempt a batch, the bytes as they are.
///
/// A batch that still has the compressed form it came in, in the codec that is asked for, is sent in
/// that form. What a destination answers becomes an outcome by the table of the OTLP specification;
/// the delay it asks for is passed on as it is.
@org.jspecify.annotations.NullMarked
package io.sluice.exporters.otlp;

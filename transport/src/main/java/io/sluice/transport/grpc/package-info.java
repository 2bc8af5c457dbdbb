/// gRPC servers and clients by the Collector's settings, on the gateway's own loops.
///
/// Messages are bytes: a marshaller takes them as they stand on the wire, compressed or not, so that
/// nothing is decoded twice and no bomb goes off inside a library.
@org.jspecify.annotations.NullMarked
package io.sluice.transport.grpc;

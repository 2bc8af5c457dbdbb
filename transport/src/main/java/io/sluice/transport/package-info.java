/// What components share to talk to the outside.
///
/// Here: the threads. [io.sluice.transport.TransportLoops] makes them, one family for gRPC (the Netty
/// that grpc shades) and one for everything else (Vert.x). A component sees
/// [io.sluice.component.Loop] only; what reads and writes on a loop without leaving it looks behind
/// it here.
@org.jspecify.annotations.NullMarked
package io.sluice.transport;

/// The sockets a process listens at, apart from the servers behind them.
///
/// A [io.sluice.transport.door.Doors] owns each bound socket and accepts its connections; servers enter
/// by channels of their own that are no sockets ([io.sluice.transport.door.GrpcDoors],
/// [io.sluice.transport.door.VertxDoors]) and are handed what was accepted. So a server can follow
/// another at an address without the address being closed for a moment: nobody who connects is refused,
/// and nobody whom the system has let in already is reset. Sockets are bound as anybody binds them, so a
/// second process at the same address is told that it is in use.
@org.jspecify.annotations.NullMarked
package io.sluice.transport.door;

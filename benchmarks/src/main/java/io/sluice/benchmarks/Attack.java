package io.sluice.benchmarks;

import java.io.IOException;

/// Something bad that a client does, at the port of gRPC and at that of HTTP.
///
/// @param row of the table of what hostile senders try
record Attack(String row, String title, Strike grpc, Strike http) {
  /// Does it once. An exception is the gateway's way to end it.
  @FunctionalInterface
  interface Strike {
    void at(Peer peer) throws IOException, InterruptedException;
  }

  /// The same at both.
  static Attack of(String row, String title, Strike both) {
    return new Attack(row, title, both, both);
  }
}

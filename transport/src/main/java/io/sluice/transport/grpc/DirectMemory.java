package io.sluice.transport.grpc;

import io.grpc.netty.shaded.io.netty.util.internal.PlatformDependent;

/// The memory outside the heap in which gRPC has what it reads and writes.
public final class DirectMemory {
  /// The rest is for what is on its way already.
  private static final double SCARCE_ABOVE = 0.75;

  private DirectMemory() {}

  /// Whether little of it is left. Peers fill flow control windows before anybody asks them to, so no
  /// count of ours knows.
  public static boolean scarce() {
    return PlatformDependent.usedDirectMemory()
        > SCARCE_ABOVE * PlatformDependent.maxDirectMemory();
  }
}

package io.sluice.transport.grpc;

import io.grpc.netty.shaded.io.netty.util.internal.PlatformDependent;

/// The memory outside the heap in which gRPC has what it reads and writes.
public final class DirectMemory {
  /// The rest is for what is on its way already.
  private static final double SCARCE_ABOVE = 0.75;

  /// What is read pins up to four times as much as is in it.
  private static final double PLENTY_BELOW = 0.25;

  private DirectMemory() {}

  /// Whether most of it is free.
  public static boolean plenty() {
    return PlatformDependent.usedDirectMemory()
        < PLENTY_BELOW * PlatformDependent.maxDirectMemory();
  }

  /// Whether little of it is left. Peers fill flow control windows before anybody asks them to, so no
  /// count of ours knows.
  public static boolean scarce() {
    return PlatformDependent.usedDirectMemory()
        > SCARCE_ABOVE * PlatformDependent.maxDirectMemory();
  }
}

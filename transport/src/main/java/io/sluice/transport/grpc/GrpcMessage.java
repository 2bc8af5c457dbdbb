package io.sluice.transport.grpc;

import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;

/// A message as it stands on the wire, behind the five bytes that gRPC puts before it.
///
/// @param compressed whether `content` is compressed, by the call's `grpc-encoding`
public record GrpcMessage(Rope content, boolean compressed) {
  public static final GrpcMessage EMPTY = new GrpcMessage(Rope.EMPTY, false);

  public static GrpcMessage plain(Bytes content) {
    return new GrpcMessage(Rope.of(content), false);
  }

  public static GrpcMessage compressed(Bytes content) {
    return new GrpcMessage(Rope.of(content), true);
  }
}

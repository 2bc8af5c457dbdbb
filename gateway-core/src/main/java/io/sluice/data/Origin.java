package io.sluice.data;

import java.util.List;
import java.util.Map;

/// Where a batch came from; travels with it, into a disk queue too. Holds no credentials.
///
/// @param receiver id of the receiver as the user wrote it
/// @param transport `grpc`, `http`, ...
/// @param peer address of the sender, without port
/// @param metadata request headers by lower-case name; empty unless `include_metadata` is on
public record Origin(
    String receiver, String transport, String peer, Map<String, List<String>> metadata) {
  public static final Origin UNKNOWN = new Origin("", "", "", Map.of());

  public Origin {
    metadata = Map.copyOf(metadata);
  }

  public Origin withMetadata(Map<String, List<String>> metadata) {
    return new Origin(receiver, transport, peer, metadata);
  }
}

package io.sluice.data;

import java.util.List;
import java.util.Map;

/// Where a batch came from; travels with it, into a disk queue too. Holds no credentials.
///
/// @param receiver id of the receiver as the user wrote it
/// @param transport `grpc`, `http`, ...
/// @param peer address of the sender, without port
/// @param metadata request headers by lower-case name; empty unless `include_metadata` is on
/// @param identity what the receiver's authenticator knows of the sender, such as `username`; empty
///     without one
public record Origin(
    String receiver,
    String transport,
    String peer,
    Map<String, List<String>> metadata,
    Map<String, String> identity) {
  public static final Origin UNKNOWN = new Origin("", "", "", Map.of());

  public Origin {
    metadata = Map.copyOf(metadata);
    identity = Map.copyOf(identity);
  }

  public Origin(
      String receiver, String transport, String peer, Map<String, List<String>> metadata) {
    this(receiver, transport, peer, metadata, Map.of());
  }

  public Origin withMetadata(Map<String, List<String>> metadata) {
    return new Origin(receiver, transport, peer, metadata, identity);
  }

  public Origin withIdentity(Map<String, String> identity) {
    return new Origin(receiver, transport, peer, metadata, identity);
  }

  /// Of a batch joined of several, who have no more than this in common.
  public Origin joined(Map<String, List<String>> metadata) {
    return new Origin(receiver, transport, peer, metadata, Map.of());
  }
}

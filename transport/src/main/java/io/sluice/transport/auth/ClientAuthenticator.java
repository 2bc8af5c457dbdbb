package io.sluice.transport.auth;

import io.sluice.data.Origin;
import io.vertx.core.Future;
import java.util.Map;

/// Says who we are where we send to. Implemented by extensions; called on any exporter's loop.
public interface ClientAuthenticator {
  /// The headers to send instead of those of the request: mostly the same and one more, such as
  /// `authorization`. Fails with an [AuthException] if there is no proof of identity to be had at present.
  /// Completes on any thread. Must not block.
  Future<Map<String, String>> headers(Request request);

  /// The destination did not believe these headers, which [#headers] gave.
  ///
  /// @return whether those that are given now may be better
  default boolean disbelieved(Map<String, String> headers) {
    return false;
  }

  /// Whether what this gives is for nobody to read on the way, so that a gRPC connection must be encrypted.
  default boolean secret() {
    return true;
  }

  /// What is to be sent.
  ///
  /// @param headers the user's own, by lower-case name
  /// @param origin of the batch
  record Request(Map<String, String> headers, Origin origin) {}
}

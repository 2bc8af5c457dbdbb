package io.sluice.transport.auth;

import io.vertx.core.Future;
import java.util.Map;

/// Says who we are where we send to. Implemented by extensions; called on any exporter's loop.
public interface ClientAuthenticator {
  /// Headers to add to the next request, such as `authorization`. Fails with an [AuthException] if
  /// there is no proof of identity to be had at present. Must not block.
  Future<Map<String, String>> headers();
}

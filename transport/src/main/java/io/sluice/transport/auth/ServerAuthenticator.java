package io.sluice.transport.auth;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/// Decides who may send to us. Implemented by extensions; called on any receiver's loop, before a
/// body is read.
public interface ServerAuthenticator {
  /// Completes if the sender is welcome; fails with an [AuthException] if not. Must not block.
  Future<Void> authenticate(Request request);

  /// What a request says of its sender.
  ///
  /// @param headers by lower-case name
  /// @param peer address, without port
  record Request(Map<String, List<String>> headers, String peer) {}
}

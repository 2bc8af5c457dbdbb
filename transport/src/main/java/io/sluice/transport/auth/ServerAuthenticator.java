package io.sluice.transport.auth;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Decides who may send to us. Implemented by extensions; called on any receiver's loop, before a
/// body is read.
public interface ServerAuthenticator {
  /// Completes if the sender is welcome, with what is known of it, which travels with its data
  /// ([io.sluice.data.Origin#identity]): so no secrets. Fails with an [AuthException] if not. Completes on
  /// any thread. Must not block.
  Future<Map<String, String>> authenticate(Request request);

  /// Names, in lower case, of the headers that prove who somebody is. They do not travel with the data, which may
  /// end on disk.
  default Set<String> proofs() {
    return Set.of();
  }

  /// What a request says of its sender.
  ///
  /// @param headers by lower-case name
  /// @param peer address, without port
  record Request(Map<String, List<String>> headers, String peer) {
    /// The first value of a header; empty if there is none.
    public String header(String name) {
      var values = headers.getOrDefault(name, List.of());
      return values.isEmpty() ? "" : values.getFirst();
    }
  }
}

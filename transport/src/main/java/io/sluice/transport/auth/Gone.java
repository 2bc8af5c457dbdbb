package io.sluice.transport.auth;

import io.sluice.component.ComponentId;
import io.vertx.core.Future;
import java.util.Map;

/// Stands for an extension that a reload took away while somebody still asks for it. What is to be sent may
/// wait for the next reload.
record Gone(ComponentId id) implements ServerAuthenticator, ClientAuthenticator {
  @Override
  public Future<Map<String, String>> authenticate(ServerAuthenticator.Request request) {
    return Future.failedFuture(new AuthException("nobody can be authenticated at present"));
  }

  @Override
  public Future<Map<String, String>> headers(ClientAuthenticator.Request request) {
    return Future.failedFuture(
        AuthException.passing("auth::authenticator: '" + id + "' does not run any more"));
  }

  @Override
  public boolean secret() {
    return false;
  }
}

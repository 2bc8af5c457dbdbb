package io.sluice.transport.auth;

import io.sluice.component.ComponentContext;
import io.sluice.component.ComponentId;
import io.sluice.component.Doc;

/// `auth`.
public record AuthConfig(
    @Doc("Id of the extension that authenticates.") ComponentId authenticator) {
  /// To be overwritten: the id has no default, and the empty one is found by nobody.
  public static AuthConfig defaults() {
    return new AuthConfig(new ComponentId("", ""));
  }

  /// The extension, if it is there and able.
  ///
  /// @throws IllegalStateException saying what is wrong with the id
  public <T> T find(Class<T> ability, ComponentContext context) {
    var extension =
        context
            .extensions()
            .find(authenticator)
            .orElseThrow(() ->
                new IllegalStateException(
                    "auth::authenticator: '"
                        + authenticator
                        + "' does not run (expected: an extension listed in service::extensions)"));
    if (!ability.isInstance(extension)) {
      throw new IllegalStateException(
          "auth::authenticator: '"
              + authenticator
              + "' is no "
              + (ability == ServerAuthenticator.class ? "server" : "client")
              + " authenticator");
    }
    return ability.cast(extension);
  }
}

package io.sluice.transport.auth;

import io.sluice.component.ComponentContext;
import io.sluice.component.ComponentId;
import io.sluice.component.Doc;
import java.util.function.Supplier;

/// `auth`.
public record AuthConfig(
    @Doc("Id of the extension that authenticates.") ComponentId authenticator) {
  /// To be overwritten: the id has no default, and the empty one is found by nobody.
  public static AuthConfig defaults() {
    return new AuthConfig(new ComponentId("", ""));
  }

  /// Gives the extension that runs under the id at present, which a reload may change.
  ///
  /// @throws IllegalStateException saying what is wrong with the id
  public <T> Supplier<T> find(Class<T> ability, ComponentContext context) {
    return find("auth::authenticator", authenticator, ability, context);
  }

  /// As above, for an id under another key.
  public static <T> Supplier<T> find(
      String key, ComponentId id, Class<T> ability, ComponentContext context) {
    var extension =
        context
            .extensions()
            .find(id)
            .orElseThrow(() ->
                new IllegalStateException(
                    key
                        + ": '"
                        + id
                        + "' does not run (expected: an extension listed in service::extensions)"));
    if (!ability.isInstance(extension)) {
      throw new IllegalStateException(
          key
              + ": '"
              + id
              + "' is no "
              + (ability == ServerAuthenticator.class ? "server" : "client")
              + " authenticator");
    }
    var found = ability.cast(extension);
    return () -> {
      var running = context.extensions().running().get(id);
      return ability.isInstance(running) ? ability.cast(running) : found;
    };
  }
}

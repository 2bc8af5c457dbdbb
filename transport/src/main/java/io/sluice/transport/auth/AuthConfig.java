package io.sluice.transport.auth;

import io.sluice.component.ComponentContext;
import io.sluice.component.ComponentId;
import io.sluice.component.Doc;
import io.sluice.component.Extension;
import java.util.Map;
import java.util.function.Supplier;

/// `auth`.
public record AuthConfig(
    @Doc("Id of the extension that authenticates.") ComponentId authenticator) {
  /// To be overwritten: the id has no default, and the empty one is found by nobody.
  public static AuthConfig defaults() {
    return new AuthConfig(new ComponentId("", ""));
  }

  /// Gives the extension that runs under the id at present, which a reload may change. Where none does any
  /// more, one that lets nobody in and has no proof to give.
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
    var before = context.extensions().running();
    return () -> {
      var now = context.extensions().running();
      var running = now.get(id);
      if (ability.isInstance(running)) {
        return ability.cast(running);
      }
      return running == null && isSame(now, before) ? found : ability.cast(new Gone(id));
    };
  }

  /// Whether no other plan has begun to run: what is found in ours may not be among those that run yet.
  @SuppressWarnings("ReferenceEquality") // another plan may have equal extensions
  private static boolean isSame(
      Map<ComponentId, Extension> one, Map<ComponentId, Extension> other) {
    return one == other;
  }
}

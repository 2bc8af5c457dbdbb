package io.sluice.transport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.component.ComponentContext;
import io.sluice.component.ComponentId;
import io.sluice.component.Extension;
import io.sluice.component.Kind;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.TestLoop;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuthConfigTest {
  private static final ComponentId ID = ComponentId.parse("key/a");

  private final Map<ComponentId, Extension> found = new HashMap<>();
  private final Map<ComponentId, Extension> running = new HashMap<>();

  private record Key(String name) implements Extension, ClientAuthenticator {
    @Override
    public Future<Map<String, String>> headers(Request request) {
      return Future.succeededFuture(Map.of("name", name));
    }
  }

  private record Other() implements Extension {}

  private ComponentContext context() {
    var plain = Contexts.of(Kind.EXPORTER, "otlp", new TestLoop());
    return new ComponentContext(
        plain.kind(),
        plain.id(),
        plain.loop(),
        plain.loops(),
        plain.budget(),
        plain.telemetry(),
        plain.log(),
        plain.status(),
        plain.health(),
        new ComponentContext.Extensions() {
          @Override
          public Optional<Extension> find(ComponentId id) {
            return Optional.ofNullable(found.get(id));
          }

          @Override
          public Map<ComponentId, Extension> running() {
            return running;
          }
        },
        plain.clock(),
        plain.build());
  }

  @Test
  void whoRunsAfterAReloadIsAsked() {
    found.put(ID, new Key("old"));
    var authenticator = new AuthConfig(ID).find(ClientAuthenticator.class, context());
    assertThat(authenticator.get()).isEqualTo(new Key("old"));
    running.put(ID, new Key("new"));
    assertThat(authenticator.get()).isEqualTo(new Key("new"));
    running.put(ID, new Other());
    assertThat(authenticator.get()).isEqualTo(new Key("old"));
  }

  @Test
  void whoIsNotThereOrNotAbleIsNamed() {
    var config = new AuthConfig(ID);
    assertThatThrownBy(() -> config.find(ClientAuthenticator.class, context()))
        .hasMessageContaining("auth::authenticator: 'key/a' does not run");
    found.put(ID, new Key("a"));
    assertThatThrownBy(() -> config.find(ServerAuthenticator.class, context()))
        .hasMessageContaining("'key/a' is no server authenticator");
  }
}

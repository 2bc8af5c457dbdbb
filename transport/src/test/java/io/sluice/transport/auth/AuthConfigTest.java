package io.sluice.transport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.component.ComponentContext;
import io.sluice.component.ComponentId;
import io.sluice.component.Extension;
import io.sluice.component.Kind;
import io.sluice.data.Origin;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.TestLoop;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuthConfigTest {
  private static final ComponentId ID = ComponentId.parse("key/a");

  private final Map<ComponentId, Extension> found = new HashMap<>();
  private Map<ComponentId, Extension> running = new HashMap<>();

  private record Key(String name) implements Extension, ClientAuthenticator {
    @Override
    public Future<Map<String, String>> headers(ClientAuthenticator.Request request) {
      return Future.succeededFuture(Map.of("name", name));
    }
  }

  private record Door() implements Extension, ServerAuthenticator {
    @Override
    public Future<Map<String, String>> authenticate(ServerAuthenticator.Request request) {
      return Future.succeededFuture(Map.of());
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
    running = Map.of(ID, new Key("new"));
    assertThat(authenticator.get()).isEqualTo(new Key("new"));
  }

  @Test
  void whoDoesNotRunAnyMoreIsNotAsked() {
    found.put(ID, new Key("old"));
    var client = new AuthConfig(ID).find(ClientAuthenticator.class, context());
    for (var next :
        List.of(
            Map.<ComponentId, Extension>of(ID, new Other()),
            new HashMap<ComponentId, Extension>())) {
      running = next;
      assertThat(client.get().secret()).isFalse();
      var request = new ClientAuthenticator.Request(Map.of(), Origin.UNKNOWN);
      assertThat(AuthException.outcome(client.get().headers(request).cause()).toString())
          .contains("Refused")
          .contains("'key/a' does not run any more");
    }
  }

  @Test
  void nobodyIsLetInByWhoDoesNotRunAnyMore() {
    found.put(ID, new Door());
    var door = new AuthConfig(ID).find(ServerAuthenticator.class, context());
    var request = new ServerAuthenticator.Request(Map.of(), "::1");
    assertThat(door.get().authenticate(request).succeeded()).isTrue();
    running = new HashMap<>();
    assertThat(door.get().authenticate(request).cause())
        .isInstanceOfSatisfying(
            AuthException.class, failure -> assertThat(failure.isPassing()).isFalse());
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

package io.sluice.extensions.headerssetter;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.ComponentContext;
import io.sluice.component.ComponentId;
import io.sluice.component.Extension;
import io.sluice.component.Kind;
import io.sluice.component.Secret;
import io.sluice.data.Origin;
import io.sluice.extensions.headerssetter.HeadersSetterConfig.Action;
import io.sluice.extensions.headerssetter.HeadersSetterConfig.Header;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.TestLoop;
import io.sluice.transport.auth.AuthException;
import io.sluice.transport.auth.ClientAuthenticator;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeadersSetterTest {
  private static final Origin ORIGIN =
      new Origin(
          "otlp",
          "http",
          "::1",
          Map.of(
              "x-tenant", List.of("red"), "x-many", List.of("a", "b"), "x-bad", List.of("a\nb: c")),
          Map.of("username", "ann"));

  private final Map<ComponentId, Extension> extensions = new HashMap<>();

  private static Header value(Action action, String key, String value) {
    return new Header(action, key, Optional.of(new Secret(value)), "", "", "", Optional.empty());
  }

  private static Header context(String key, String from, Optional<String> otherwise) {
    return new Header(
        Action.UPSERT, key, Optional.empty(), "", from, "", otherwise.map(Secret::new));
  }

  private static Header attribute(String key, String from) {
    return new Header(Action.UPSERT, key, Optional.empty(), "", "", from, Optional.empty());
  }

  private HeadersSetter setter(String id, Optional<ComponentId> next, Header... headers) {
    ComponentContext.Extensions found = wanted -> Optional.ofNullable(extensions.get(wanted));
    var context = Contexts.with(found, Contexts.of(Kind.EXTENSION, id, new TestLoop()));
    var made = new HeadersSetter(new HeadersSetterConfig(List.of(headers), next), context);
    extensions.put(ComponentId.parse(id), made);
    return made;
  }

  private Map<String, String> given(Header... headers) {
    var setter = setter("headers_setter", Optional.empty(), headers);
    setter.start();
    return setter
        .headers(new ClientAuthenticator.Request(Map.of("x-a", "1", "x-b", "2"), ORIGIN))
        .result();
  }

  @Test
  void valuesAreNotShown() {
    var header = value(Action.INSERT, "X-Api-Key", "hush");
    var other = context("X-Api-Key", "x-missing", Optional.of("hush"));
    assertThat(List.of(header, other).toString()).doesNotContain("hush");
  }

  @Test
  void actionsDoWhatTheySay() {
    assertThat(
            given(
                value(Action.INSERT, "X-A", "3"),
                value(Action.INSERT, "X-C", "4"),
                value(Action.UPDATE, "X-B", "5"),
                value(Action.UPDATE, "X-D", "6"),
                value(Action.UPSERT, "X-E", "7"),
                new Header(Action.DELETE, "x-A", Optional.empty(), "", "", "", Optional.empty())))
        .isEqualTo(Map.of("x-b", "5", "x-c", "4", "x-e", "7"));
  }

  @Test
  void valuesComeFromTheSendersRequestAndFromWhatIsKnownOfIt() {
    assertThat(
            given(
                context("X-Scope-OrgID", "X-Tenant", Optional.of("none")),
                context("X-Default", "x-missing", Optional.of("none")),
                context("X-Nothing", "x-missing", Optional.empty()),
                attribute("X-User", "username"),
                attribute("X-Subject", "subject")))
        .isEqualTo(
            Map.of(
                "x-a",
                "1",
                "x-b",
                "2",
                "x-scope-orgid",
                "red",
                "x-default",
                "none",
                "x-user",
                "ann"));
  }

  @Test
  void severalValuesAndThoseThatNoHeaderHoldsFailTheBatchForGood() {
    for (var from : List.of("x-many", "x-bad")) {
      var setter =
          setter("headers_setter", Optional.empty(), context("X-T", from, Optional.empty()));
      setter.start();
      var failure = setter.headers(new ClientAuthenticator.Request(Map.of(), ORIGIN)).cause();
      assertThat(failure).isInstanceOf(AuthException.class).hasMessageNotContaining("b: c");
      assertThat(((AuthException) failure).isPassing()).isFalse();
    }
  }

  private record Key() implements Extension, ClientAuthenticator {
    @Override
    public Future<Map<String, String>> headers(Request request) {
      var headers = new HashMap<>(request.headers());
      headers.put("authorization", "for " + request.headers().get("x-user"));
      return Future.succeededFuture(headers);
    }

    @Override
    public boolean disbelieved(Map<String, String> headers) {
      return true;
    }
  }

  @Test
  void anotherAddsItsOwnToTheResult() {
    extensions.put(ComponentId.parse("key"), new Key());
    var setter =
        setter(
            "headers_setter",
            Optional.of(ComponentId.parse("key")),
            attribute("X-User", "username"));
    assertThat(setter.secret()).isFalse();
    setter.start();
    assertThat(setter.headers(new ClientAuthenticator.Request(Map.of(), ORIGIN)).result())
        .isEqualTo(Map.of("x-user", "ann", "authorization", "for ann"));
    assertThat(setter.secret()).isTrue();
    assertThat(setter.disbelieved(Map.of())).isTrue();
  }

  @Test
  void chainWithoutEndIsRefused() {
    var other = Optional.of(ComponentId.parse("headers_setter/b"));
    var one = setter("headers_setter/a", other, value(Action.UPSERT, "x", "1"));
    setter(
        "headers_setter/b",
        Optional.of(ComponentId.parse("headers_setter/a")),
        value(Action.UPSERT, "x", "1"));
    assertThat(one.start().cause()).hasMessageContaining("additional_auth");
  }
}

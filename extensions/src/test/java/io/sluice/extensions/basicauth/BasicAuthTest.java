package io.sluice.extensions.basicauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.component.Secret;
import io.sluice.data.Origin;
import io.sluice.extensions.basicauth.BasicAuthConfig.ClientAuth;
import io.sluice.extensions.basicauth.BasicAuthConfig.HtpasswdConfig;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.OnLoop;
import io.sluice.transport.TransportLoops;
import io.sluice.transport.auth.AuthException;
import io.sluice.transport.auth.ClientAuthenticator;
import io.sluice.transport.auth.ServerAuthenticator.Request;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BasicAuthTest {
  private static final String BCRYPT =
      "bea:$2b$05$abcdefghijklmnopqrstuuLK7U1u6pVRmL7L1BBM2aS35PSZnDXlK";

  private final TransportLoops loops = TransportLoops.of(1, 1);
  private final Loop loop = loops.home(Loop.Family.HTTP);
  private BasicAuthServer server = server("", "ann:secret\n" + BCRYPT);

  private BasicAuthServer server(String file, String inline) {
    return new BasicAuthServer(
        new HtpasswdConfig(file, new Secret(inline)),
        Contexts.of(Kind.EXTENSION, "basicauth", loop));
  }

  @AfterEach
  void close() throws Exception {
    OnLoop.run(loop, server::stop);
    loops.close();
  }

  private String ask(String... authorization) throws Exception {
    var headers =
        authorization.length == 0
            ? Map.<String, List<String>>of()
            : Map.of("authorization", List.of(authorization));
    try {
      var identity = OnLoop.run(loop, () -> server.authenticate(new Request(headers, "::1")));
      return identity.toString();
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(AuthException.class);
      return Objects.requireNonNull(e.getCause()).getMessage() + "";
    }
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whoKnowsThePasswordIsKnownByName() throws Exception {
    assertThat(ask(basic("ann:secret"))).isEqualTo("{username=ann}");
    assertThat(ask(basic("ann:secret").replace("Basic", "bAsIc"))).isEqualTo("{username=ann}");
    assertThat(ask(basic("bea:s3cret"))).isEqualTo("{username=bea}");
    assertThat(ask(basic("bea:s3cret"))).isEqualTo("{username=bea}");
  }

  @Test
  void othersAreTurnedAwayWithoutWhatTheyShowed() throws Exception {
    assertThat(ask()).isEqualTo("no basic auth provided");
    assertThat(ask("Bearer hush")).isEqualTo("invalid authorization scheme prefix");
    assertThat(ask("Basic hush!")).isEqualTo("invalid authorization format");
    assertThat(ask(basic("ann"))).isEqualTo("invalid authorization format");
    for (var pair : List.of("ann:hush", "bea:hush", "eve:hush", ":", "ann:")) {
      assertThat(ask(basic(pair))).isEqualTo("invalid credentials");
    }
  }

  @Test
  void fileIsReadAgainAndInlineWins(@TempDir Path folder) throws Exception {
    var file = folder.resolve("htpasswd");
    Files.writeString(file, "ann:filed\ncid:one\n");
    server = server(file.toString(), "ann:secret");
    OnLoop.run(loop, server::start);
    assertThat(ask(basic("ann:filed"))).isEqualTo("invalid credentials");
    assertThat(ask(basic("ann:secret"))).isEqualTo("{username=ann}");
    assertThat(ask(basic("cid:one"))).isEqualTo("{username=cid}");
    Files.writeString(file, "cid:two\n");
    until(() -> ask(basic("cid:two")).equals("{username=cid}"));
    assertThat(ask(basic("cid:one"))).isEqualTo("invalid credentials");
    Files.writeString(file, "cid:$9$nonsense\n");
    Files.delete(file);
    Thread.sleep(2 * 1100);
    assertThat(ask(basic("cid:two"))).isEqualTo("{username=cid}");
  }

  @Test
  void fileWithoutUsersLocksNobodyOut(@TempDir Path folder) throws Exception {
    var file = folder.resolve("htpasswd");
    Files.writeString(file, "# nobody yet\n");
    server = server(file.toString(), "ann:secret");
    assertThatThrownBy(() -> OnLoop.run(loop, server::start)).hasMessageContaining("no user in it");
  }

  /// Checks take so long that hardly one ends meanwhile.
  @Test
  void whoGuessesFillsNoMoreThanItsPartOfTheLine() {
    server = server("", BCRYPT.replace("$05$", "$14$"));
    var guess = Map.of("authorization", List.of(basic("bea:wrong")));
    int refused = 0;
    for (int i = 0; i < 2 * BasicAuthServer.WAITING_MAX; i++) {
      refused += server.authenticate(new Request(guess, "10.0.0.1")).failed() ? 1 : 0;
    }
    assertThat(refused)
        .isGreaterThan(2 * BasicAuthServer.WAITING_MAX - 2 * BasicAuthServer.WAITING_OF_PEER_MAX);
    assertThat(server.authenticate(new Request(guess, "10.0.0.2")).isComplete())
        .as("another one waits for its turn")
        .isFalse();
  }

  @Test
  void whoGuessesPasswordsKeepsNobodyElseOut() throws Exception {
    var guess = Map.of("authorization", List.of(basic("bea:wrong")));
    var guesses = new ArrayList<Future<Map<String, String>>>();
    for (int i = 0; i < 2 * BasicAuthServer.WAITING_MAX; i++) {
      guesses.add(server.authenticate(new Request(guess, "10.0.0.1")));
    }
    assertThat(ask(basic("bea:s3cret"))).isEqualTo("{username=bea}");
    assertThat(guesses).anyMatch(each -> each.failed() && passing(each));
    for (var each : guesses) {
      until(each::isComplete);
    }
    assertThat(server.authenticate(new Request(guess, "10.0.0.1")).isComplete()).isFalse();
  }

  private static boolean passing(Future<?> failed) {
    return failed.cause() instanceof AuthException auth && auth.isPassing();
  }

  @Test
  void whoWaitsWhenItStopsIsAnswered() throws Exception {
    var headers = Map.of("authorization", List.of(basic("bea:wrong")));
    var asked = new ArrayList<Future<?>>();
    OnLoop.run(
        loop,
        () -> {
          for (int i = 0; i < BasicAuthServer.WAITING_MAX; i++) {
            asked.add(server.authenticate(new Request(headers, "::1")));
          }
          return server.stop();
        });
    until(() -> asked.stream().allMatch(Future::isComplete));
    assertThat(asked).allMatch(Future::failed);
  }

  @Test
  void clientShowsWhatFilesHold(@TempDir Path folder) throws Exception {
    var file = folder.resolve("password");
    Files.writeString(file, "one\n");
    var client =
        new BasicAuthClient(
            new ClientAuth("ann", "", new Secret("x"), file.toString(), Optional.empty()),
            Contexts.of(Kind.EXTENSION, "basicauth", loop));
    OnLoop.run(loop, client::start);
    assertThat(shown(client)).isEqualTo(Map.of("x-a", "1", "authorization", basic("ann:one")));
    Files.writeString(file, "two\n");
    until(() -> basic("ann:two").equals(shown(client).get("authorization")));
    OnLoop.run(loop, client::stop);
  }

  private Map<String, String> shown(BasicAuthClient client) throws Exception {
    return OnLoop.run(
        loop,
        () -> client.headers(new ClientAuthenticator.Request(Map.of("x-a", "1"), Origin.UNKNOWN)));
  }

  private static void until(Callable<Boolean> holds) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!holds.call()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(20);
    }
  }
}

package io.sluice.extensions.bearertokenauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.component.Secret;
import io.sluice.data.Origin;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.OnLoop;
import io.sluice.transport.TransportLoops;
import io.sluice.transport.auth.AuthException;
import io.sluice.transport.auth.ClientAuthenticator;
import io.sluice.transport.auth.ServerAuthenticator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BearerTokenAuthTest {
  private final TransportLoops loops = TransportLoops.of(1, 1);
  private final Loop loop = loops.home(Loop.Family.HTTP);

  @AfterEach
  void close() {
    loops.close();
  }

  private BearerTokenAuth auth(String scheme, String filename, String... tokens) {
    return new BearerTokenAuth(
        new BearerTokenAuthConfig(
            "X-Key",
            scheme,
            new Secret(""),
            Arrays.stream(tokens).map(Secret::new).toList(),
            filename,
            List.of()),
        Contexts.of(Kind.EXTENSION, "bearertokenauth", loop));
  }

  private String ask(BearerTokenAuth auth, String shown) throws Exception {
    var request = new ServerAuthenticator.Request(Map.of("x-key", List.of(shown)), "::1");
    try {
      OnLoop.run(loop, () -> auth.authenticate(request));
      return "welcome";
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(AuthException.class);
      return Objects.requireNonNull(e.getCause()).getMessage() + "";
    }
  }

  private Map<String, String> shown(BearerTokenAuth auth) throws Exception {
    return OnLoop.run(
        loop,
        () ->
            auth.headers(
                new ClientAuthenticator.Request(
                    Map.of("x-key", "mine", "x-a", "1"), Origin.UNKNOWN)));
  }

  @ParameterizedTest
  @CsvSource({
    "Bearer one, welcome",
    "Bearer two, welcome",
    "bearer two, welcome",
    "Bearer three, scheme or token does not match",
    "Bearer, scheme or token does not match",
    "'Bearer ', scheme or token does not match",
    "Bearer onetwo, scheme or token does not match",
    "one, scheme or token does not match",
    "'', missing or empty authorization header: X-Key"
  })
  void anyOfTheTokensOpens(String shown, String answer) throws Exception {
    assertThat(ask(auth("Bearer", "", "one", "two"), shown)).isEqualTo(answer);
  }

  @Test
  void headerWithTheTokenIsAProof() {
    assertThat(auth("Bearer", "", "one").proofs()).containsExactly("x-key");
  }

  @Test
  void withoutSchemeTheTokenStandsAlone() throws Exception {
    var auth = auth("", "", "one");
    assertThat(ask(auth, "one")).isEqualTo("welcome");
    assertThat(ask(auth, "Bearer one")).isEqualTo("scheme or token does not match");
    assertThat(shown(auth)).isEqualTo(Map.of("x-key", "one", "x-a", "1"));
  }

  @Test
  void firstTokenIsShownInPlaceOfAHeaderOfThatName() throws Exception {
    assertThat(shown(auth("Bearer", "", "one", "two")))
        .isEqualTo(Map.of("x-key", "Bearer one", "x-a", "1"));
  }

  @Test
  void fileIsReadAgainHoweverItIsReplaced(@TempDir Path folder) throws Exception {
    var first = Files.writeString(folder.resolve("first"), "one\n\n two \n");
    var link = Files.createSymbolicLink(folder.resolve("token"), first);
    var auth = auth("Bearer", link.toString());
    OnLoop.run(loop, auth::start);
    assertThat(ask(auth, "Bearer two")).isEqualTo("welcome");
    assertThat(ask(auth, "Bearer ")).isEqualTo("scheme or token does not match");
    var second = Files.writeString(folder.resolve("second"), "three");
    Files.createSymbolicLink(folder.resolve("next"), second);
    Files.move(folder.resolve("next"), link, StandardCopyOption.REPLACE_EXISTING);
    until(() -> ask(auth, "Bearer three").equals("welcome"));
    assertThat(ask(auth, "Bearer one")).isEqualTo("scheme or token does not match");
    assertThat(shown(auth)).containsEntry("x-key", "Bearer three");
    OnLoop.run(loop, auth::stop);
  }

  @Test
  void fileThatIsNotThereStopsTheStart(@TempDir Path folder) {
    var auth = auth("Bearer", folder.resolve("none").toString());
    assertThatThrownBy(() -> OnLoop.run(loop, auth::start))
        .hasMessageContaining("filename: ")
        .hasMessageContaining("no such file");
  }

  private static void until(Callable<Boolean> holds) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!holds.call()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(20);
    }
  }
}

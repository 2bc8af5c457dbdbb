package io.sluice.extensions.oauth2client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.component.Secret;
import io.sluice.data.Origin;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.OnLoop;
import io.sluice.transport.TransportLoops;
import io.sluice.transport.auth.AuthException;
import io.sluice.transport.auth.ClientAuthenticator.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Against the JDK's server, which gives a new token each time.
class OAuth2ClientTest {
  private static final Request REQUEST = new Request(Map.of("x-a", "1"), Origin.UNKNOWN);
  private static final OAuth2ClientConfig DEFAULTS = OAuth2ClientConfig.defaults();

  private record Asked(@Nullable String authorization, String body) {}

  private final TransportLoops loops = TransportLoops.of(1, 1);
  private final Loop loop = loops.home(Loop.Family.HTTP);
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private OAuth2Client client;
  private volatile int status = 200;
  private volatile String answer = "{'access_token':'t%d','token_type':'bearer','expires_in':%s}";
  private volatile String life = "3600";
  private volatile boolean bodyOnly;
  private final CountDownLatch open = new CountDownLatch(1);
  private volatile boolean held;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
    client = client(Duration.ofMinutes(5));
  }

  private OAuth2Client client(Duration buffer) throws Exception {
    var config =
        new OAuth2ClientConfig(
            "me&you",
            "",
            new Secret("hu:sh"),
            "",
            "http://127.0.0.1:" + server.getAddress().getPort() + "/token?key=hush",
            Map.of("audience", List.of("a b")),
            List.of("read", "write"),
            DEFAULTS.tls(),
            Duration.ZERO,
            buffer,
            DEFAULTS.grantType(),
            "",
            "",
            "",
            "",
            "",
            "",
            Map.of());
    var made =
        new OAuth2Client(config, Contexts.of(Kind.EXTENSION, "oauth2client", loop), Map.of());
    OnLoop.run(loop, made::start);
    return made;
  }

  @AfterEach
  void stop() throws Exception {
    open.countDown();
    OnLoop.run(loop, client::stop);
    server.stop(0);
    loops.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(new Asked(exchange.getRequestHeaders().getFirst("authorization"), body));
    if (held) {
      try {
        open.await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
    boolean lost = bodyOnly && !body.contains("client_secret=");
    var text =
        lost
            ? "{\"error\":\"invalid_client\"}"
            : answer.formatted(asked.size(), life).replace('\'', '"');
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("location", "/elsewhere");
    exchange.sendResponseHeaders(lost ? 401 : status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String shown() throws Exception {
    return OnLoop.run(loop, () -> client.headers(REQUEST)).getOrDefault("authorization", "");
  }

  private String failure() throws Exception {
    try {
      return "given " + shown();
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(AuthException.class);
      assertThat(((AuthException) Objects.requireNonNull(e.getCause())).isPassing()).isTrue();
      return Objects.requireNonNull(e.getCause()).getMessage() + "";
    }
  }

  @Test
  void tokenIsAskedForOnceAndShownWithTheOtherHeaders() throws Exception {
    assertThat(OnLoop.run(loop, () -> client.headers(REQUEST)))
        .isEqualTo(Map.of("x-a", "1", "authorization", "Bearer t1"));
    assertThat(shown()).isEqualTo("Bearer t1");
    var basic =
        Base64.getEncoder().encodeToString("me%26you:hu%3Ash".getBytes(StandardCharsets.UTF_8));
    assertThat(asked)
        .containsExactly(
            new Asked(
                "Basic " + basic, "grant_type=client_credentials&scope=read+write&audience=a+b"));
  }

  @Test
  void keysInTheUrlAreToldToNobody() throws Exception {
    status = 500;
    assertThat(failure()).contains("/token: HTTP 500").doesNotContain("hush");
  }

  @Test
  void manyWhoAskAtOnceShareOneRequest() throws Exception {
    held = true;
    var answers = new ArrayList<CompletableFuture<Map<String, String>>>();
    for (int i = 0; i < 50; i++) {
      answers.add(OnLoop.begin(loop, () -> client.headers(REQUEST)));
    }
    OnLoop.settle(loops);
    open.countDown();
    for (var each : answers) {
      assertThat(OnLoop.done(each)).containsEntry("authorization", "Bearer t1");
    }
    assertThat(asked).hasSize(1);
  }

  @Test
  void serverThatLooksInTheBodyIsServedThereAndRemembered() throws Exception {
    bodyOnly = true;
    assertThat(shown()).isEqualTo("Bearer t2");
    assertThat(asked.get(1).authorization).isNull();
    assertThat(asked.get(1).body).endsWith("&client_id=me%26you&client_secret=hu%3Ash");
    assertThat(client.disbelieved(Map.of("authorization", "Bearer t2"))).isTrue();
    assertThat(shown()).isEqualTo("Bearer t3");
    assertThat(asked).hasSize(3);
  }

  @Test
  void tokenThatIsNotBelievedIsDroppedButNotAgainAndAgain() throws Exception {
    assertThat(shown()).isEqualTo("Bearer t1");
    assertThat(client.disbelieved(Map.of("authorization", "Bearer t1"))).isTrue();
    assertThat(client.disbelieved(Map.of("authorization", "Bearer t1"))).isTrue();
    assertThat(shown()).isEqualTo("Bearer t2");
    assertThat(client.disbelieved(Map.of("authorization", "Bearer t1"))).isTrue();
    assertThat(client.disbelieved(Map.of("authorization", "Bearer t2"))).isFalse();
    assertThat(shown()).isEqualTo("Bearer t2");
    assertThat(asked).hasSize(2);
  }

  @Test
  void allWhoseTokenIsNotBelievedAtOnceAreToldOfAnother() throws Exception {
    assertThat(shown()).isEqualTo("Bearer t1");
    int askers = 16;
    var barrier = new CyclicBarrier(askers);
    try (var threads = Executors.newFixedThreadPool(askers)) {
      Callable<Boolean> one =
          () -> {
            barrier.await();
            return client.disbelieved(Map.of("authorization", "Bearer t1"));
          };
      for (var answer : threads.invokeAll(Collections.nCopies(askers, one))) {
        assertThat(answer.get()).isTrue();
      }
    }
  }

  @Test
  void shortLivedTokenIsNotAskedForAtEachRequest() throws Exception {
    life = "60";
    for (int i = 0; i < 5; i++) {
      assertThat(shown()).isEqualTo("Bearer t1");
    }
    assertThat(asked).hasSize(1);
  }

  @Test
  void tokenThatEndsSoonIsShownWhileAnotherIsAskedFor() throws Exception {
    life = "2";
    assertThat(shown()).isEqualTo("Bearer t1");
    held = true;
    while (asked.size() < 2) {
      assertThat(shown()).isEqualTo("Bearer t1");
      Thread.sleep(10);
    }
    held = false;
    life = "3600";
    open.countDown();
    while (!shown().equals("Bearer t2")) {
      Thread.sleep(10);
    }
    assertThat(asked).hasSize(2);
  }

  @Test
  void refusalIsToldInTheServersWordsWithoutTheSecret() throws Exception {
    status = 400;
    answer =
        "{'error':'invalid_scope','error_description':"
            + "'no hu:sh, hu%%3Ash or bWUlMjZ5b3U6aHUlM0FzaA=='}";
    assertThat(failure())
        .startsWith("oauth2client: no token from http://127.0.0.1:")
        .endsWith("HTTP 400: invalid_scope: no [REDACTED], [REDACTED] or [REDACTED]");
    int before = asked.size();
    assertThat(failure()).contains("invalid_scope");
    assertThat(asked).hasSize(before);
  }

  @Test
  void redirectIsNotFollowedWithTheSecret() throws Exception {
    status = 307;
    assertThat(failure()).endsWith("HTTP 307");
    assertThat(asked).hasSize(1);
  }

  @Test
  void answersThatAreNoTokensFail() throws Exception {
    answer = "<html>";
    assertThat(failure()).endsWith("the answer is no JSON");
    OnLoop.run(loop, client::stop);
    client = client(Duration.ZERO);
    answer = "{'token':'x'}";
    assertThat(failure()).endsWith("the answer has no access_token");
    OnLoop.run(loop, client::stop);
    client = client(Duration.ZERO);
    answer = "{'access_token':'a\\nb'}";
    assertThat(failure()).endsWith("characters that no header can hold");
  }
}

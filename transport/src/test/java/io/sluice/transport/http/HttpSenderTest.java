package io.sluice.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.component.Secret;
import io.sluice.testkit.Contexts;
import io.sluice.transport.TransportLoops;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against the JDK's server, which leaves requests to `/held` without an answer.
class HttpSenderTest {
  private static final int PATIENCE_SECONDS = 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final TransportLoops loops = TransportLoops.of(1, 1);
  private final Loop loop = loops.home(Loop.Family.HTTP);
  private final BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
  private final BlockingQueue<Headers> headers = new LinkedBlockingQueue<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    released.countDown();
    server.stop(0);
    loops.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    arrived.add(path);
    headers.add(exchange.getRequestHeaders());
    if (path.equals("/held")) {
      try {
        released.await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
    boolean moved = path.equals("/moved");
    if (moved) {
      exchange.getResponseHeaders().set("Location", exchange.getRequestURI().getQuery());
    }
    exchange.sendResponseHeaders(moved ? 307 : 200, -1);
    exchange.close();
  }

  /// It will have been tried again by then. The loop is held until both are late, so that the second
  /// cannot get the connection of the first in time.
  @Test
  void attemptThatTimedOutWaitingForAConnectionIsNotSent() throws Exception {
    var base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    var context = Contexts.of(Kind.EXPORTER, "otlp/2", loop);
    var sender = HttpSender.open(oneConnection(), context, base, Map.of(), 1024);
    var held = new CompletableFuture<HttpResponse>();
    var queued = new CompletableFuture<HttpResponse>();
    loop.execute(() -> {
      post(sender, base.resolve("/held"), held);
      post(sender, base.resolve("/queued"), queued);
      long until = System.nanoTime() + TIMEOUT.multipliedBy(2).toNanos();
      while (System.nanoTime() < until) {
        LockSupport.parkNanos(until - System.nanoTime());
      }
    });
    assertThat(failed(held)).isTrue();
    assertThat(failed(queued)).isTrue();
    var last = new CompletableFuture<HttpResponse>();
    loop.execute(() -> post(sender, base.resolve("/last"), last));
    assertThat(last.get(PATIENCE_SECONDS, TimeUnit.SECONDS).status()).isEqualTo(200);
    assertThat(arrived).contains("/last").doesNotContain("/queued");
    var closed = new CompletableFuture<Void>();
    loop.execute(() -> sender.close().onComplete((_, _) -> closed.complete(null)));
    closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static HttpClientConfig named(Map<String, Secret> headers) {
    return HttpClientConfig.defaults().with(headers, Optional.empty());
  }

  /// Another name is another host, though it is the same server.
  private CompletableFuture<HttpResponse> moved(
      HttpClientConfig config, Map<String, String> headers, String place) throws Exception {
    var base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    var context = Contexts.of(Kind.EXPORTER, "otlp/2", loop);
    var sender = HttpSender.open(config, context, base, Map.of(), 1024);
    var answer = new CompletableFuture<HttpResponse>();
    loop.execute(() -> post(sender, base.resolve("/moved?" + place), headers, answer));
    failed(answer);
    var closed = new CompletableFuture<Void>();
    loop.execute(() -> sender.close().onComplete((_, _) -> closed.complete(null)));
    closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return answer;
  }

  private String there(String host) {
    return "http://" + host + ":" + server.getAddress().getPort() + "/there";
  }

  @Test
  void aRedirectOfTheSameHostTakesAllAlong() throws Exception {
    var sent = Map.of("Content-Type", "text/x", "X-Scope-OrgID", "tenant-1");
    var config = named(Map.of("X-Own", new Secret("configured")));
    assertThat(moved(config, sent, there("127.0.0.1")).get().status()).isEqualTo(200);
    assertThat(arrived).containsExactly("/moved", "/there");
    assertThat(headers.take()).containsKeys("X-own", "X-scope-orgid", "Content-type");
    assertThat(headers.take()).containsKeys("X-own", "X-scope-orgid", "Content-type");
  }

  @Test
  void aRedirectToAnotherHostTakesAlongWhatSaysHowToReadTheBody() throws Exception {
    var sent = Map.of("Content-Type", "text/x", "content-encoding", "snappy");
    assertThat(moved(named(Map.of()), sent, there("localhost")).get().status()).isEqualTo(200);
    assertThat(arrived).containsExactly("/moved", "/there");
    headers.take();
    assertThat(headers.take()).containsKeys("Content-type", "Content-encoding", "User-agent");
  }

  @Test
  void dataThatBelongsToSomebodyIsNotSentToAnotherHost() throws Exception {
    var tenant = Map.of("X-Scope-OrgID", "tenant-1");
    assertThat(moved(named(Map.of()), tenant, there("localhost"))).isCompletedExceptionally();
    var own = named(Map.of("X-Own", new Secret("configured")));
    assertThat(moved(own, Map.of(), there("localhost")).exceptionNow())
        .hasMessageContaining("another host, localhost, without x-own")
        .hasMessageNotContaining("configured");
    assertThat(arrived).containsExactly("/moved", "/moved");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://127.0.0.1/there", "file:/there", "HTTP:x"})
  void aRedirectToNoPlaceIsNotFollowed(String place) throws Exception {
    assertThat(moved(named(Map.of()), Map.of(), place)).isCompletedExceptionally();
    assertThat(arrived).containsExactly("/moved");
  }

  private static void post(HttpSender sender, URI uri, CompletableFuture<HttpResponse> answer) {
    post(sender, uri, Map.of(), answer);
  }

  private static void post(
      HttpSender sender,
      URI uri,
      Map<String, String> headers,
      CompletableFuture<HttpResponse> answer) {
    sender
        .post(uri, headers, Rope.of(Bytes.wrap(new byte[] {1})))
        .onSuccess(answer::complete)
        .onFailure(answer::completeExceptionally);
  }

  private static boolean failed(CompletableFuture<HttpResponse> answer) throws Exception {
    return answer.handle((_, failure) -> failure != null).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static HttpClientConfig oneConnection() {
    var d = HttpClientConfig.defaults();
    return new HttpClientConfig(
        "",
        "",
        d.tls(),
        Map.of(),
        Optional.empty(),
        List.of(),
        TIMEOUT,
        "none",
        d.compressionParams(),
        0,
        0,
        100,
        0,
        1,
        d.idleConnTimeout(),
        false,
        Duration.ZERO,
        Duration.ZERO,
        true,
        d.cookies());
  }
}

package io.sluice.transport.http;

import io.sluice.component.ComponentContext;
import io.sluice.component.Loop;
import io.sluice.transport.VertxLoop;
import io.sluice.transport.auth.AuthException;
import io.sluice.transport.auth.ServerAuthenticator;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Decoder;
import io.sluice.transport.http.Refusal.Kind;
import io.sluice.wire.Bytes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What every request of one loop passes before the receiver sees it: response headers, CORS,
/// authentication, the encoding. In this order, as in the Collector. Confined to its loop.
final class HttpFront {
  private static final int NO_CONTENT = 204;

  private final HttpServerConfig config;
  private final ComponentContext context;
  private final VertxLoop loop;
  private final HttpService service;
  private final Optional<Supplier<ServerAuthenticator>> authenticator;
  private final @Nullable Cors cors;
  private final Decoder decoder;
  private final HttpMeters meters;
  private final int bodyBytesMax;

  private final Set<HttpConnection> connections =
      Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean leaving;

  /// Connections that have not sent a request yet, if that is limited.
  private final IdentityHashMap<HttpConnection, Loop.Timer> unused = new IdentityHashMap<>();

  HttpFront(
      HttpServerConfig config,
      ComponentContext context,
      VertxLoop loop,
      HttpService service,
      Optional<Supplier<ServerAuthenticator>> authenticator) {
    this.config = config;
    this.context = context;
    this.loop = loop;
    this.service = service;
    this.authenticator = authenticator;
    this.decoder = new Decoder(context.budget().arrays());
    this.meters = new HttpMeters(context.telemetry());
    this.cors =
        config
            .cors()
            .filter(settings -> !settings.allowedOrigins().isEmpty())
            .map(Cors::new)
            .orElse(null);
    this.bodyBytesMax = (int) Math.min(config.bodyBytesMax(), context.budget().bytesMax());
  }

  /// The first request of a connection has to come in time; later ones are the idle timeout's matter.
  void opened(HttpConnection connection, Duration readHeaderTimeout) {
    connections.add(connection);
    if (readHeaderTimeout.isPositive()) {
      unused.put(connection, loop.schedule(readHeaderTimeout, connection::close));
    }
    connection.closeHandler(_ -> {
      connections.remove(connection);
      used(connection);
    });
    if (leaving) {
      goAway(connection);
    }
  }

  /// From now on each answer is the last of its connection.
  void takeLeave() {
    leaving = true;
    connections.forEach(HttpFront::goAway);
  }

  /// HTTP/1.1 says so with its answer. With HTTP/2 streams that are on their way are taken still.
  @SuppressWarnings("deprecation") // what is to be used instead ends the connection for new streams
  private static void goAway(HttpConnection connection) {
    if (connection.protocolVersion() == HttpVersion.HTTP_2) {
      connection.goAway(0, Integer.MAX_VALUE, Buffer.buffer());
    }
  }

  private void used(HttpConnection connection) {
    var timer = unused.remove(connection);
    if (timer != null) {
      timer.cancel();
    }
  }

  void accept(HttpServerRequest request) {
    if (!unused.isEmpty()) {
      used(request.connection());
    }
    var exchange = new HttpExchange(this, request);
    config
        .responseHeaders()
        .forEach((name, value) -> request.response().putHeader(name, value.value()));
    if (cors != null) {
      if (Cors.isPreflight(request)) {
        cors.preflight(request);
        exchange.answer(NO_CONTENT, "", Bytes.EMPTY);
        return;
      }
      cors.actual(request);
    }
    watch(exchange);
    if (authenticator.isEmpty()) {
      pass(exchange);
    } else {
      request.pause();
      var who = authenticator.get().get();
      exchange.proofs(who.proofs());
      who.authenticate(new ServerAuthenticator.Request(presented(exchange), exchange.peer()))
          .onComplete((identity, failure) -> authenticated(exchange, identity, failure));
    }
  }

  /// May come on any thread.
  private void authenticated(
      HttpExchange exchange, @Nullable Map<String, String> identity, @Nullable Throwable failure) {
    if (!loop.inLoop()) {
      loop.execute(() -> authenticated(exchange, identity, failure));
    } else if (failure == null) {
      exchange.identity(identity == null ? Map.of() : identity);
      pass(exchange);
    } else {
      boolean passing = failure instanceof AuthException auth && auth.isPassing();
      service.refuse(
          exchange,
          new Refusal(
              passing ? Kind.NO_ROOM : Kind.UNAUTHENTICATED, String.valueOf(failure.getMessage())));
    }
  }

  private void pass(HttpExchange exchange) {
    try {
      check(exchange);
    } catch (Refusal refusal) {
      service.refuse(exchange, refusal);
      return;
    }
    service.handle(exchange);
  }

  private void check(HttpExchange exchange) {
    var expect = exchange.header(HttpHeaders.EXPECT);
    if (!expect.isEmpty() && !expect.equalsIgnoreCase("100-continue")) {
      throw new Refusal(Kind.EXPECTATION, "unknown expectation");
    }
    var transfer = exchange.header(HttpHeaders.TRANSFER_ENCODING);
    if (!transfer.isEmpty() && !transfer.equalsIgnoreCase("chunked")) {
      throw new Refusal(Kind.TRANSFER_ENCODING, "unsupported transfer encoding");
    }
    codecOf(exchange);
  }

  /// How the body is compressed; empty for not at all, or for: not our business.
  Optional<Codec> codecOf(HttpExchange exchange) {
    if (config.compressionAlgorithms().isEmpty()) {
      return Optional.empty();
    }
    var encoding = exchange.header(HttpHeaders.CONTENT_ENCODING);
    if (!config.compressionAlgorithms().contains(encoding)) {
      throw new Refusal(
          Kind.UNSUPPORTED_ENCODING, "unsupported Content-Encoding: " + clipped(encoding));
    }
    return encoding.isEmpty() ? Optional.empty() : Codec.ofContentEncoding(encoding);
  }

  private Map<String, List<String>> presented(HttpExchange exchange) {
    var presented = new HashMap<>(exchange.headers());
    config
        .auth()
        .map(HttpServerConfig.Auth::requestParams)
        .orElse(List.of())
        .forEach(name -> {
          var values = exchange.request().params().getAll(name);
          if (!values.isEmpty()) {
            presented.put(name, values);
          }
        });
    return presented;
  }

  /// Ends an exchange that takes too long, connection and all, as nothing else would tell.
  private void watch(HttpExchange exchange) {
    var write = limit(exchange, config.writeTimeout(), () -> !exchange.response().ended());
    var read = limit(exchange, config.readTimeout(), () -> !exchange.request().isEnded());
    if (write != null || read != null) {
      exchange
          .response()
          .endHandler(_ -> {
            cancel(write);
            cancel(read);
          });
    }
  }

  private Loop.@Nullable Timer limit(
      HttpExchange exchange, Duration time, BooleanSupplier unfinished) {
    if (!time.isPositive()) {
      return null;
    }
    return loop.schedule(
        time,
        () -> {
          if (unfinished.getAsBoolean()) {
            exchange.request().connection().close();
          }
        });
  }

  private static void cancel(Loop.@Nullable Timer timer) {
    if (timer != null) {
      timer.cancel();
    }
  }

  private static String clipped(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64) + "...";
  }

  VertxLoop loop() {
    return loop;
  }

  ComponentContext context() {
    return context;
  }

  HttpMeters meters() {
    return meters;
  }

  Decoder decoder() {
    return decoder;
  }

  int bodyBytesMax() {
    return bodyBytesMax;
  }

  boolean keepsAlive() {
    return config.keepAlivesEnabled() && !leaving;
  }

  void close() {
    decoder.close();
  }
}

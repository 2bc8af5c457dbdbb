package io.sluice.transport.http;

import io.sluice.component.ComponentContext;
import io.sluice.transport.Endpoint;
import io.sluice.transport.VertxLoop;
import io.sluice.transport.auth.AuthConfig;
import io.sluice.transport.auth.ServerAuthenticator;
import io.sluice.transport.tls.VertxTls;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// An HTTP server, 1.1 and 2, with or without TLS, on the HTTP loops of the process. They share one
/// port; each connection stays on one loop.
public final class HttpListener {
  private static final int HEADER_BYTES_MAX = 1 << 20;
  private static final int REQUEST_LINE_BYTES_MAX = 8 << 10;
  private static final int STREAM_WINDOW_BYTES = 1 << 20;
  private static final int CONNECTION_WINDOW_BYTES = 4 << 20;
  private static final int STREAMS_MAX = 250;

  private final List<Part> parts;
  private final InetSocketAddress asked;

  private record Part(HttpServer server, HttpFront front) {}

  private HttpListener(List<Part> parts, InetSocketAddress asked) {
    this.parts = parts;
    this.asked = asked;
  }

  /// Binds the address; completes on the component's loop.
  ///
  /// @param serviceOn the service of each loop
  public static Future<HttpListener> start(
      HttpServerConfig config,
      ComponentContext context,
      Function<VertxLoop, HttpService> serviceOn) {
    Promise<HttpListener> started = Promise.promise();
    try {
      var authenticator =
          config
              .auth()
              .map(auth ->
                  new AuthConfig(auth.authenticator()).find(ServerAuthenticator.class, context));
      var address = Endpoint.parse(config.endpoint()).listenAddress();
      var options = options(config, context);
      var parts =
          loops(context, address.getPort()).stream()
              .map(loop ->
                  part(
                      config,
                      options,
                      new HttpFront(config, context, loop, serviceOn.apply(loop), authenticator)))
              .toList();
      var listener = new HttpListener(parts, address);
      Future.join(parts.stream().map(listener::listen).toList())
          .onComplete((_, failure) ->
              context
                  .loop()
                  .execute(() -> {
                    if (failure == null) {
                      started.complete(listener);
                    } else {
                      listener.stop(Duration.ZERO).onComplete(_ -> started.fail(failure));
                    }
                  }));
    } catch (IOException | IllegalStateException e) {
      return Future.failedFuture(e);
    }
    return started.future();
  }

  public List<InetSocketAddress> addresses() {
    return List.of(new InetSocketAddress(asked.getAddress(), parts.getFirst().server.actualPort()));
  }

  /// Takes no more requests, lets those under way finish for so long, then cuts.
  public Future<Void> stop(Duration grace) {
    return Future.join(
            parts.stream()
                .map(part ->
                    part.server
                        .shutdown(grace.toMillis(), TimeUnit.MILLISECONDS)
                        .onComplete(_ -> part.front.loop().execute(part.front::close)))
                .toList())
        .mapEmpty();
  }

  /// A port the system chooses cannot be shared before it is known, so it is used by one loop alone.
  private static List<VertxLoop> loops(ComponentContext context, int port) {
    var loops =
        context.loops().all().stream()
            .filter(VertxLoop.class::isInstance)
            .map(VertxLoop.class::cast)
            .toList();
    return port == 0 ? loops.subList(0, 1) : loops;
  }

  private static Part part(HttpServerConfig config, HttpServerOptions options, HttpFront front) {
    var server =
        front
            .loop()
            .vertx()
            .createHttpServer(options)
            .requestHandler(front::accept)
            .connectionHandler(connection -> front.opened(connection, config.readHeaderTimeout()));
    return new Part(server, front);
  }

  private Future<HttpServer> listen(Part part) {
    Promise<HttpServer> promise = Promise.promise();
    part.front
        .loop()
        .execute(() ->
            part.server
                .listen(asked.getPort(), asked.getAddress().getHostAddress())
                .onComplete(promise));
    return promise.future();
  }

  private static HttpServerOptions options(HttpServerConfig config, ComponentContext context)
      throws IOException {
    var options =
        new HttpServerOptions()
            .setHttp2ClearTextEnabled(true)
            .setInitialSettings(
                new Http2Settings()
                    .setInitialWindowSize(STREAM_WINDOW_BYTES)
                    .setMaxConcurrentStreams(STREAMS_MAX))
            .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES)
            .setMaxHeaderSize(HEADER_BYTES_MAX)
            .setMaxInitialLineLength(REQUEST_LINE_BYTES_MAX)
            .setHandle100ContinueAutomatically(false)
            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
            .setIdleTimeout(Math.clamp(config.idleTimeout().toMillis(), 0, Integer.MAX_VALUE));
    if (config.tls().isPresent()) {
      VertxTls.server(config.tls().get(), context.clock(), options);
    }
    return options;
  }
}

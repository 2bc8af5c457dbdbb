package io.sluice.transport.http;

import io.sluice.component.ComponentContext;
import io.sluice.component.Loop;
import io.sluice.transport.Endpoint;
import io.sluice.transport.Network;
import io.sluice.transport.VertxLoop;
import io.sluice.transport.auth.AuthConfig;
import io.sluice.transport.auth.ServerAuthenticator;
import io.sluice.transport.door.Crowd;
import io.sluice.transport.door.VertxEntrance;
import io.sluice.transport.tls.VertxTls;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// An HTTP server, 1.1 and 2, with or without TLS, on the HTTP loops of the process. They share one
/// port; each connection stays on one loop.
public final class HttpListener {
  private static final int HEADER_BYTES_MAX = 64 << 10;
  private static final int REQUEST_LINE_BYTES_MAX = 8 << 10;
  private static final int STREAM_WINDOW_BYTES = 1 << 20;
  private static final int CONNECTION_WINDOW_BYTES = 4 << 20;
  private static final int STREAMS_MAX = 250;

  /// Of one HTTP/2 request. Less than of one in HTTP/1, as a connection has many.
  private static final int H2_HEADER_BYTES_MAX = 16 << 10;

  private static final Duration HANDSHAKE_MAX = Duration.ofSeconds(10);

  /// Where the settings have no bound. Long, as an answer may be waited for in silence.
  private static final Duration FIRST_REQUEST_MAX = Duration.ofMinutes(1);

  private static final Duration IDLE_MAX = Duration.ofMinutes(10);

  private static final int RST_FRAMES_MAX = 200;
  private static final int RST_WINDOW_SECONDS = 30;

  /// Longest time a connection may take for one more request when the listener has been succeeded.
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final List<Part> parts;
  private final VertxEntrance entrance;
  private final Loop home;

  private record Part(HttpServer server, HttpFront front) {}

  private HttpListener(List<Part> parts, VertxEntrance entrance, Loop home) {
    this.parts = parts;
    this.entrance = entrance;
    this.home = home;
  }

  /// Binds the address; completes on the component's loop.
  ///
  /// @param serviceOn the service of each loop
  public static Future<HttpListener> start(
      HttpServerConfig config,
      ComponentContext context,
      Function<VertxLoop, HttpService> serviceOn) {
    try {
      var authenticator =
          config
              .auth()
              .map(auth ->
                  new AuthConfig(auth.authenticator()).find(ServerAuthenticator.class, context));
      var address = address(config);
      var options = options(config, context);
      var loops = loops(context);
      return loops
          .getFirst()
          .doors()
          .entrance(address, Crowd.of(context, "http"))
          .compose(entrance -> {
            var parts =
                loops.stream()
                    .map(loop ->
                        part(
                            config,
                            options,
                            new HttpFront(
                                config, context, loop, serviceOn.apply(loop), authenticator)))
                    .toList();
            return new HttpListener(parts, entrance, context.loop()).listen();
          })
          .transform(started -> onLoop(context.loop(), started));
    } catch (IOException | IllegalStateException e) {
      return Future.failedFuture(e);
    }
  }

  private static <T> Future<T> onLoop(Loop loop, AsyncResult<T> result) {
    Promise<T> promise = Promise.promise();
    loop.execute(() -> promise.handle(result));
    return promise.future();
  }

  private Future<HttpListener> listen() {
    return Future.join(parts.stream().map(this::listen).toList())
        .map(this)
        .recover(cause -> stop(Duration.ZERO).transform(_ -> Future.failedFuture(cause)));
  }

  private static SocketAddress address(HttpServerConfig config) throws IOException {
    return config.transport() == Network.UNIX
        ? UnixDomainSocketAddress.of(config.endpoint())
        : Endpoint.parse(config.endpoint()).listenAddress(config.transport());
  }

  /// None for a unix socket.
  public List<InetSocketAddress> addresses() {
    return entrance.address() instanceof InetSocketAddress address ? List.of(address) : List.of();
  }

  /// Whether another listener may join at this address. It then gets all new connections, and [#stop]
  /// takes leave of those here more slowly.
  public void handOver(boolean givesWay) {
    entrance.handOver(givesWay);
  }

  /// Takes no more requests, lets those under way finish for so long, then cuts.
  public Future<Void> stop(Duration grace) {
    return entrance
        .leave()
        .compose(succeeded -> succeeded ? farewell() : Future.succeededFuture())
        .compose(_ -> shutdown(grace));
  }

  /// Who got in last may not have sent its request yet, and who stays connected may just be sending one:
  /// they are answered, and told that it was the last.
  private Future<Void> farewell() {
    parts.forEach(part -> part.front.loop().execute(part.front::takeLeave));
    Promise<Void> over = Promise.promise();
    home.execute(() -> home.schedule(FAREWELL, over::complete));
    return over.future();
  }

  private Future<Void> shutdown(Duration grace) {
    return Future.join(
            parts.stream()
                .map(part ->
                    part.server
                        .shutdown(grace.toMillis(), TimeUnit.MILLISECONDS)
                        .onComplete(_ -> part.front.loop().execute(part.front::close)))
                .toList())
        .mapEmpty();
  }

  private static List<VertxLoop> loops(ComponentContext context) {
    return context.loops().all().stream()
        .filter(VertxLoop.class::isInstance)
        .map(VertxLoop.class::cast)
        .toList();
  }

  private static Part part(HttpServerConfig config, HttpServerOptions options, HttpFront front) {
    var server =
        front
            .loop()
            .vertx()
            .createHttpServer(options)
            .requestHandler(front::accept)
            .connectionHandler(connection ->
                front.opened(connection, or(config.readHeaderTimeout(), FIRST_REQUEST_MAX)));
    return new Part(server, front);
  }

  private Future<HttpServer> listen(Part part) {
    Promise<HttpServer> promise = Promise.promise();
    part.front
        .loop()
        .execute(() -> part.server.listen(entrance.listenAddress()).onComplete(promise));
    return promise.future();
  }

  private static Duration or(Duration configured, Duration otherwise) {
    return configured.isPositive() ? configured : otherwise;
  }

  private static HttpServerOptions options(HttpServerConfig config, ComponentContext context)
      throws IOException {
    var options =
        new HttpServerOptions()
            .setHttp2ClearTextEnabled(true)
            .setInitialSettings(
                new Http2Settings()
                    .setInitialWindowSize(STREAM_WINDOW_BYTES)
                    .setMaxHeaderListSize(H2_HEADER_BYTES_MAX)
                    .setMaxConcurrentStreams(STREAMS_MAX))
            .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES)
            .setMaxHeaderSize(HEADER_BYTES_MAX)
            .setMaxInitialLineLength(REQUEST_LINE_BYTES_MAX)
            .setHandle100ContinueAutomatically(false)
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
            .setIdleTimeout(
                Math.clamp(or(config.idleTimeout(), IDLE_MAX).toMillis(), 1, Integer.MAX_VALUE))
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setSslHandshakeTimeout(HANDSHAKE_MAX.toMillis())
            .setHttp2RstFloodMaxRstFramePerWindow(RST_FRAMES_MAX)
            .setHttp2RstFloodWindowDuration(RST_WINDOW_SECONDS)
            .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS);
    if (config.tls().isPresent()) {
      VertxTls.server(config.tls().get(), context.clock(), options);
    }
    return options;
  }
}

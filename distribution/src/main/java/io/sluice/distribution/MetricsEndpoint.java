package io.sluice.distribution;

import io.sluice.telemetry.Exposition;
import io.sluice.telemetry.Why;
import io.sluice.transport.VertxLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.BindException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// `GET /metrics` for Prometheus, as a pull reader of `service::telemetry::metrics` says. May listen
/// again after it was closed. Its owner calls it from one thread.
final class MetricsEndpoint implements OwnOutlet {
  private static final int HEADER_BYTES_MAX = 8 << 10;
  private static final int IDLE_SECONDS_MAX = 60;
  private static final int ATTEMPTS_MAX = 100;
  private static final Duration AGAIN = Duration.ofMillis(10);

  /// Where an endpoint listens; while that stays, so does its socket.
  record Address(String host, int port) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  private final VertxLoop loop;
  private final Address address;
  private volatile Exposition exposition;
  private @Nullable HttpServer server;

  MetricsEndpoint(VertxLoop loop, Address address, Exposition exposition) {
    this.loop = loop;
    this.address = address;
    this.exposition = exposition;
  }

  @Override
  public Address key() {
    return address;
  }

  @Override
  public Future<Void> start() {
    return open(1);
  }

  /// The system lets go of the other's address a little after it was closed: when the selector that had it
  /// runs again.
  @Override
  public Future<Void> startBehindAnother() {
    return open(ATTEMPTS_MAX);
  }

  private Future<Void> open(int attempts) {
    return listen()
        .recover(cause -> {
          if (attempts > 1 && cause instanceof BindException) {
            return pause().compose(_ -> open(attempts - 1));
          }
          return Future.failedFuture(
              new IllegalStateException(
                  "service::telemetry::metrics: cannot listen on " + address + ": " + Why.of(cause),
                  cause));
        });
  }

  private Future<Void> pause() {
    Promise<Void> over = Promise.promise();
    loop.execute(() -> loop.schedule(AGAIN, over::complete));
    return over.future();
  }

  private Future<Void> listen() {
    var opened =
        loop.vertx()
            .createHttpServer(
                new HttpServerOptions()
                    .setMaxHeaderSize(HEADER_BYTES_MAX)
                    .setIdleTimeout(IDLE_SECONDS_MAX)
                    .setCompressionSupported(true))
            .requestHandler(this::answer);
    server = opened;
    Promise<Void> listening = Promise.promise();
    loop.execute(
        () -> opened.listen(address.port, address.host).<Void>mapEmpty().onComplete(listening));
    return listening.future();
  }

  Exposition exposition() {
    return exposition;
  }

  /// Answers otherwise from now on.
  void show(Exposition next) {
    exposition = next;
  }

  @Override
  public Future<Void> stop() {
    var closing = server;
    server = null;
    return closing == null ? Future.succeededFuture() : closing.close();
  }

  private void answer(HttpServerRequest request) {
    if ("/metrics".equals(request.path())) {
      request.response().putHeader("Content-Type", Exposition.CONTENT_TYPE).end(exposition.text());
    } else {
      request.response().setStatusCode(404).end("404 page not found\n");
    }
  }
}

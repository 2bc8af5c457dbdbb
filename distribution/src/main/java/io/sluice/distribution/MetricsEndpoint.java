package io.sluice.distribution;

import io.sluice.telemetry.Exposition;
import io.sluice.telemetry.Why;
import io.sluice.transport.VertxLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/// `GET /metrics` for Prometheus, as a pull reader of `service::telemetry::metrics` says. May listen
/// again after it was closed. Its owner calls it from one thread.
final class MetricsEndpoint implements OwnOutlet {
  private static final int HEADER_BYTES_MAX = 8 << 10;
  private static final int IDLE_SECONDS_MAX = 60;

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
    return listening
        .future()
        .recover(cause ->
            Future.failedFuture(
                new IllegalStateException(
                    "service::telemetry::metrics: cannot listen on "
                        + address
                        + ": "
                        + Why.of(cause),
                    cause)));
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

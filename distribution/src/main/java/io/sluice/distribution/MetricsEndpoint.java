package io.sluice.distribution;

import io.sluice.component.Loop;
import io.sluice.telemetry.Exposition;
import io.sluice.transport.VertxLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;

/// `GET /metrics` for Prometheus, as `service::telemetry::metrics::readers` says.
final class MetricsEndpoint {
  private static final int HEADER_BYTES_MAX = 8 << 10;
  private static final int IDLE_SECONDS_MAX = 60;

  private final VertxLoop loop;
  private final HttpServer server;
  private final Exposition exposition;

  MetricsEndpoint(Loop loop, Exposition exposition) {
    this.loop = (VertxLoop) loop;
    this.exposition = exposition;
    server =
        this.loop
            .vertx()
            .createHttpServer(
                new HttpServerOptions()
                    .setMaxHeaderSize(HEADER_BYTES_MAX)
                    .setIdleTimeout(IDLE_SECONDS_MAX)
                    .setCompressionSupported(true))
            .requestHandler(this::answer);
  }

  Future<Integer> listen(String host, int port) {
    Promise<Integer> port2 = Promise.promise();
    loop.execute(() -> server.listen(port, host).map(HttpServer::actualPort).onComplete(port2));
    return port2.future();
  }

  Future<Void> close() {
    return server.close();
  }

  private void answer(HttpServerRequest request) {
    if ("/metrics".equals(request.path())) {
      request.response().putHeader("Content-Type", Exposition.CONTENT_TYPE).end(exposition.text());
    } else {
      request.response().setStatusCode(404).end("404 page not found\n");
    }
  }
}

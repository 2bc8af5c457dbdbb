package io.sluice.extensions.healthcheck;

import io.sluice.component.ComponentContext;
import io.sluice.component.Extension;
import io.sluice.component.Health;
import io.sluice.transport.http.HttpExchange;
import io.sluice.transport.http.HttpService;
import io.sluice.transport.http.Refusal;
import io.sluice.transport.http.SoleListener;
import io.sluice.wire.Bytes;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.util.List;

/// Serves the two paths. Any method will do, as in the Collector.
final class HealthCheck implements Extension, HttpService {
  private static final String STATUS_PATH = "/status";
  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  private final HealthCheckConfig config;
  private final ComponentContext context;
  private final SoleListener listener = new SoleListener();

  HealthCheck(HealthCheckConfig config, ComponentContext context) {
    this.config = config;
    this.context = context;
  }

  @Override
  public Future<Void> start() {
    context.log().info("Starting health_check extension", "endpoint", config.server().endpoint());
    return listener.start(config.server(), context, this);
  }

  @Override
  public Future<Void> stop() {
    return listener.stop();
  }

  @Override
  public boolean handOver() {
    return listener.handOver();
  }

  @Override
  public void stay() {
    listener.stay();
  }

  List<InetSocketAddress> addresses() {
    return listener.addresses();
  }

  @Override
  public void handle(HttpExchange exchange) {
    var path = exchange.request().path();
    if (config.path().equals(path)) {
      readiness(exchange, context.health());
    } else if (STATUS_PATH.equals(path)) {
      status(exchange);
    } else {
      exchange.answer(NOT_FOUND, TEXT, Bytes.utf8("404 page not found\n"));
    }
  }

  @Override
  public void refuse(HttpExchange exchange, Refusal refusal) {
    exchange.answer(
        refusal.kind().status(), TEXT, Bytes.utf8(String.valueOf(refusal.getMessage())));
  }

  private void readiness(HttpExchange exchange, Health health) {
    int status = health.ready() ? OK : UNAVAILABLE;
    var body = config.responseBody();
    if (body.isPresent()) {
      var text = health.ready() ? body.get().healthy() : body.get().unhealthy();
      exchange.answer(status, TEXT, Bytes.utf8(text));
    } else {
      exchange.answer(status, JSON, Bytes.utf8(Readiness.json(health, context.clock().instant())));
    }
  }

  private void status(HttpExchange exchange) {
    var parameters = exchange.request().params();
    var verbose = parameters.get("verbose");
    var report =
        StatusReport.of(
            context.health(),
            parameters.get("pipeline"),
            verbose != null && !verbose.equals("false"));
    exchange.answer(report.httpStatus(), JSON, Bytes.utf8(report.json()));
  }
}

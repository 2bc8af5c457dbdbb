package io.sluice.receivers.otlp;

import io.sluice.component.ComponentContext;
import io.sluice.component.Inlets;
import io.sluice.transport.http.HttpListener;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// OTLP over HTTP, 1.1 and 2.
final class HttpSide {
  private final OtlpHttpConfig config;
  private final ComponentContext context;
  private final Inlets inlets;
  private final Answers answers;
  private @Nullable HttpListener listener;

  HttpSide(OtlpHttpConfig config, ComponentContext context, Inlets inlets, Answers answers) {
    this.config = config;
    this.context = context;
    this.inlets = inlets;
    this.answers = answers;
  }

  Future<Void> start() {
    return HttpListener.start(
            config.server(),
            context,
            loop -> {
              var intake = new Intake(context, inlets, loop, "http");
              return new HttpIntake(config, context, intake, answers);
            })
        .<Void>map(started -> {
          listener = started;
          for (var address : started.addresses()) {
            context.log().info("Starting HTTP server", "endpoint", OtlpReceiver.text(address));
          }
          return null;
        })
        .recover(cause ->
            Future.failedFuture(OtlpReceiver.atStart("http", config.server().endpoint(), cause)));
  }

  Future<Void> stop(Duration grace) {
    return listener == null ? Future.succeededFuture() : listener.stop(grace);
  }

  void handOver(boolean givesWay) {
    if (listener != null) {
      listener.handOver(givesWay);
    }
  }

  List<InetSocketAddress> addresses() {
    return listener == null ? List.of() : listener.addresses();
  }
}

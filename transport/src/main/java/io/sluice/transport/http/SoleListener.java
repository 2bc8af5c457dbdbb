package io.sluice.transport.http;

import io.sluice.component.ComponentContext;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The listener of a component that has no other, from its start to its stop. Confined to the component's
/// loop.
public final class SoleListener {
  private @Nullable HttpListener listener;

  /// Binds the address; completes on the component's loop.
  public Future<Void> start(
      HttpServerConfig config, ComponentContext context, HttpService service) {
    return HttpListener.start(config, context, _ -> service)
        .onSuccess(started -> listener = started)
        .mapEmpty();
  }

  /// Cuts who still waits for an answer.
  public Future<Void> stop() {
    return listener == null ? Future.succeededFuture() : listener.stop(Duration.ZERO);
  }

  /// See [io.sluice.component.Component#handOver].
  public boolean handOver() {
    givesWay(true);
    return true;
  }

  /// See [io.sluice.component.Component#stay].
  public void stay() {
    givesWay(false);
  }

  private void givesWay(boolean givesWay) {
    if (listener != null) {
      listener.handOver(givesWay);
    }
  }

  /// None before the start, and for a unix socket.
  public List<InetSocketAddress> addresses() {
    return listener == null ? List.of() : listener.addresses();
  }
}

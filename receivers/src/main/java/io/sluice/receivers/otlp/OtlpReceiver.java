package io.sluice.receivers.otlp;

import io.sluice.component.ComponentContext;
import io.sluice.component.Inlets;
import io.sluice.component.Receiver;
import io.sluice.telemetry.Why;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The `otlp` receiver. Starts and stops on its own loop; requests are served on the loop that read
/// them.
public final class OtlpReceiver implements Receiver {
  /// How long requests under way may take when the receiver stops.
  static final Duration GRACE = Duration.ofSeconds(10);

  private final @Nullable GrpcSide grpc;
  private final @Nullable HttpSide http;

  OtlpReceiver(
      OtlpReceiverConfig config, ComponentContext context, Inlets inlets, RandomGenerator random) {
    var answers = new Answers(random);
    grpc =
        config
            .protocols()
            .grpc()
            .map(side -> new GrpcSide(side.server(), context, inlets, answers))
            .orElse(null);
    http =
        config
            .protocols()
            .http()
            .map(side -> new HttpSide(side, context, inlets, answers))
            .orElse(null);
  }

  @Override
  public Future<Void> start() {
    return (grpc == null ? Future.<Void>succeededFuture() : grpc.start())
        .compose(_ -> http == null ? Future.succeededFuture() : http.start());
  }

  @Override
  public Future<Void> stop() {
    return Future.join(
            grpc == null ? Future.succeededFuture() : grpc.stop(GRACE),
            http == null ? Future.succeededFuture() : http.stop(GRACE))
        .mapEmpty();
  }

  @Override
  public boolean handOver() {
    givesWay(true);
    return true;
  }

  @Override
  public void stay() {
    givesWay(false);
  }

  private void givesWay(boolean givesWay) {
    if (grpc != null) {
      grpc.handOver(givesWay);
    }
    if (http != null) {
      http.handOver(givesWay);
    }
  }

  /// Where it listens: gRPC first, then HTTP. Known once it has started; tells the port that a port 0
  /// became.
  public List<InetSocketAddress> addresses() {
    var addresses = new ArrayList<InetSocketAddress>();
    if (grpc != null) {
      addresses.addAll(grpc.addresses());
    }
    if (http != null) {
      addresses.addAll(http.addresses());
    }
    return addresses;
  }

  /// What keeps a side from starting, by the key that it is about.
  static Throwable atStart(String side, String endpoint, Throwable cause) {
    var said = Why.of(cause);
    return cause instanceof BindException || cause instanceof UnknownHostException
        ? new IOException("protocols::" + side + "::endpoint: " + endpoint + ": " + said, cause)
        : new IOException(
            "protocols::" + side + (said.startsWith("tls::") ? "::" : ": ") + said, cause);
  }

  static String text(InetSocketAddress address) {
    var host =
        address.getAddress().isAnyLocalAddress() && address.getAddress() instanceof Inet6Address
            ? "::"
            : address.getAddress().getHostAddress();
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}

package io.sluice.receivers.otlp;

import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What gRPC tells of a call besides the call itself, on its loop: how much of the message has come, and
/// that it was ended by gRPC: frames that are cut, lie or cannot be opened, methods that nobody has. No
/// exchange hears of these.
final class GrpcStream extends ServerStreamTracer {
  /// The cause, which never leaves the process, of each status that an exchange gave and counted.
  static final class Counted extends Exception {
    private static final long serialVersionUID = 1;

    Counted() {
      super("counted", null, false, false);
    }
  }

  private final Consumer<Reason> counter;
  private @Nullable GrpcExchange exchange;

  GrpcStream(Consumer<Reason> counter) {
    this.counter = counter;
  }

  /// Who wants to know how much has come.
  void carries(GrpcExchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public void inboundWireSize(long bytes) {
    if (exchange != null) {
      exchange.arrived(bytes);
    }
  }

  /// A sender that goes away is not refused.
  @Override
  public void streamClosed(Status status) {
    exchange = null;
    if (status.isOk() || status.getCause() instanceof Counted) {
      return;
    }
    switch (status.getCode()) {
      case RESOURCE_EXHAUSTED -> counter.accept(Reason.TOO_LARGE);
      case UNIMPLEMENTED -> counter.accept(Reason.NOT_SERVED);
      case INTERNAL -> counter.accept(Reason.MALFORMED);
      default -> {}
    }
  }
}

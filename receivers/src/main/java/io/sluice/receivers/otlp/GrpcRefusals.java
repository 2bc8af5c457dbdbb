package io.sluice.receivers.otlp;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.function.Consumer;

/// Counts the calls that gRPC itself ends: frames that are cut, lie or cannot be opened, methods that
/// nobody has. No exchange hears why. One for all calls, as it keeps nothing; called on the loop of
/// each.
final class GrpcRefusals extends ServerStreamTracer {
  /// The cause, which never leaves the process, of each status that an exchange gave and counted.
  static final class Counted extends Exception {
    private static final long serialVersionUID = 1;

    Counted() {
      super("counted", null, false, false);
    }
  }

  private final Consumer<Reason> counter;

  GrpcRefusals(Consumer<Reason> counter) {
    this.counter = counter;
  }

  ServerStreamTracer.Factory factory() {
    return new ServerStreamTracer.Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return GrpcRefusals.this;
      }
    };
  }

  /// A sender that goes away is not refused.
  @Override
  public void streamClosed(Status status) {
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

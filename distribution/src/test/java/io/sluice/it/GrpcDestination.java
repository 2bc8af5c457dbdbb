package io.sluice.it;

import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.sluice.transport.RpcStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Answers every call with the status it was told last.
final class GrpcDestination implements AutoCloseable {
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private final Server server;
  private volatile Status status = Status.OK;
  private volatile boolean silent;
  private volatile Optional<Duration> delay = Optional.empty();

  private final Consumer<byte[]> taken;

  GrpcDestination() throws IOException {
    this(_ -> {});
  }

  /// @param taken is given each request that is about to be answered with OK
  GrpcDestination(Consumer<byte[]> taken) throws IOException {
    this.taken = taken;
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .fallbackHandlerRegistry(new Everything())
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  void answer(Status status, Optional<Duration> delay) {
    this.status = status;
    this.delay = delay;
    silent = false;
  }

  void beSilent() {
    silent = true;
  }

  private Metadata trailers() {
    var trailers = new Metadata();
    if (delay.isPresent()) {
      var details = new RpcStatus(status.getCode().value(), "later", delay.get());
      trailers.put(DETAILS, details.toProtobuf().toArray());
    }
    return trailers;
  }

  private final class Everything extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
      return ServerMethodDefinition.create(
          GrpcCaller.descriptor(name),
          ServerCalls.<byte[], byte[]>asyncUnaryCall((request, answer) -> {
            if (silent) {
              return;
            }
            if (status.isOk()) {
              taken.accept(request);
              answer.onNext(new byte[0]);
              answer.onCompleted();
            } else {
              answer.onError(status.asRuntimeException(trailers()));
            }
          }));
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}

package io.sluice.benchmarks;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.sluice.data.Signal;
import io.sluice.data.Validate;
import io.sluice.transport.grpc.GrpcMessage;
import io.sluice.transport.grpc.OtlpMethods;
import io.sluice.wire.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.LongAdder;

/// An OTLP/gRPC backend that counts what arrives and keeps nothing.
///
/// Every request is walked wholly, so what is counted here arrived whole.
final class Sink implements AutoCloseable {
  private static final int MESSAGE_BYTES_MAX = 64 << 20;

  private final LongAdder items = new LongAdder();
  private final Server server;

  Sink() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
            .addService(
                ServerServiceDefinition.builder(OtlpMethods.serviceOf(Signal.TRACES))
                    .addMethod(
                        OtlpMethods.export(Signal.TRACES), ServerCalls.asyncUnaryCall(this::take))
                    .build())
            .build()
            .start();
  }

  private void take(GrpcMessage request, StreamObserver<GrpcMessage> answer) {
    Bytes otlp = request.content().flatten();
    items.add(Validate.request(Signal.TRACES, otlp).items());
    answer.onNext(GrpcMessage.EMPTY);
    answer.onCompleted();
  }

  int port() {
    return server.getPort();
  }

  long items() {
    return items.sum();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}

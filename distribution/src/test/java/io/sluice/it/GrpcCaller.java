package io.sluice.it;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.sluice.data.Signal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/// Calls OTLP/gRPC on one connection with any bytes as the request.
final class GrpcCaller implements AutoCloseable {
  private static final MethodDescriptor.Marshaller<byte[]> RAW =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };
  private static final int DEADLINE_SECONDS = 30;

  private final ManagedChannel channel;

  GrpcCaller(int port) {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  /// @param trailers of a failed call
  record Answer(Status.Code code, String message, Metadata trailers) {}

  Answer call(Signal signal, byte[] request, String... headers) {
    return call(method(signal), request, headers);
  }

  Answer call(String method, byte[] request, String... headers) {
    var metadata = new Metadata();
    for (int i = 0; i < headers.length; i += 2) {
      metadata.put(Metadata.Key.of(headers[i], Metadata.ASCII_STRING_MARSHALLER), headers[i + 1]);
    }
    var descriptor = descriptor(method);
    var intercepted =
        io.grpc.ClientInterceptors.intercept(
            channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
    var options = CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    try {
      ClientCalls.blockingUnaryCall(intercepted, descriptor, options, request);
      return new Answer(Status.Code.OK, "", new Metadata());
    } catch (StatusRuntimeException e) {
      var trailers = e.getTrailers() == null ? new Metadata() : e.getTrailers();
      var says = String.valueOf(e.getStatus().getDescription());
      return new Answer(e.getStatus().getCode(), says, trailers);
    }
  }

  /// Of any method, with bytes as they are.
  static MethodDescriptor<byte[], byte[]> descriptor(String method) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(method)
        .setRequestMarshaller(RAW)
        .setResponseMarshaller(RAW)
        .build();
  }

  static String method(Signal signal) {
    return switch (signal) {
      case TRACES -> "opentelemetry.proto.collector.trace.v1.TraceService/Export";
      case METRICS -> "opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
      case LOGS -> "opentelemetry.proto.collector.logs.v1.LogsService/Export";
      case PROFILES ->
          "opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export";
    };
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}

package io.sluice.transport.grpc;

import io.grpc.MethodDescriptor;
import io.sluice.data.Signal;
import io.sluice.wire.ArrayPool;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// The four calls of OTLP/gRPC.
public final class OtlpMethods {
  private static final Map<Signal, MethodDescriptor<GrpcMessage, GrpcMessage>> EXPORT =
      Arrays.stream(Signal.values())
          .collect(Collectors.toUnmodifiableMap(s -> s, s -> export(s, ArrayPool.none())));

  private OtlpMethods() {}

  public static MethodDescriptor<GrpcMessage, GrpcMessage> export(Signal signal) {
    return Objects.requireNonNull(EXPORT.get(signal));
  }

  /// With messages read into arrays of a pool.
  public static MethodDescriptor<GrpcMessage, GrpcMessage> export(Signal signal, ArrayPool arrays) {
    var marshaller = new WireMarshaller(arrays);
    return MethodDescriptor.newBuilder(marshaller, marshaller)
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(serviceOf(signal), "Export"))
        .build();
  }

  /// As they stand on the wire.
  static Set<String> names() {
    return EXPORT.values().stream()
        .map(MethodDescriptor::getFullMethodName)
        .collect(Collectors.toUnmodifiableSet());
  }

  public static String serviceOf(Signal signal) {
    return "opentelemetry.proto.collector."
        + switch (signal) {
          case TRACES -> "trace.v1.TraceService";
          case METRICS -> "metrics.v1.MetricsService";
          case LOGS -> "logs.v1.LogsService";
          case PROFILES -> "profiles.v1development.ProfilesService";
        };
  }
}

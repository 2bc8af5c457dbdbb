package io.sluice.transport.grpc;

import io.grpc.MethodDescriptor;
import io.sluice.data.Signal;
import java.util.EnumMap;
import java.util.Map;

/// The four calls of OTLP/gRPC.
public final class OtlpMethods {
  private static final Map<Signal, MethodDescriptor<GrpcMessage, GrpcMessage>> EXPORT =
      new EnumMap<>(Signal.class);

  static {
    for (var signal : Signal.values()) {
      EXPORT.put(signal, export(serviceOf(signal)));
    }
  }

  private OtlpMethods() {}

  public static MethodDescriptor<GrpcMessage, GrpcMessage> export(Signal signal) {
    return EXPORT.get(signal);
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

  private static MethodDescriptor<GrpcMessage, GrpcMessage> export(String service) {
    return MethodDescriptor.newBuilder(WireMarshaller.INSTANCE, WireMarshaller.INSTANCE)
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, "Export"))
        .build();
  }
}

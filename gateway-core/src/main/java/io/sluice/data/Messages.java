package io.sluice.data;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.IOException;
import java.io.UncheckedIOException;

/// The bridge to the generated classes, for what wants a tree. A tree takes about ten times the wire's
/// memory, so it is made of as little as will do, late, and never on the way through.
public final class Messages {
  /// [Validate] bounds nesting far below; protobuf's own bound would be 33 levels of values.
  private static final int NESTING_MAX = 4 * Validate.NESTING_MAX;

  private Messages() {}

  public static ExportTraceServiceRequest traces(Rope otlp) {
    return merge(ExportTraceServiceRequest.newBuilder(), otlp).build();
  }

  public static ExportMetricsServiceRequest metrics(Rope otlp) {
    return merge(ExportMetricsServiceRequest.newBuilder(), otlp).build();
  }

  public static ExportLogsServiceRequest logs(Rope otlp) {
    return merge(ExportLogsServiceRequest.newBuilder(), otlp).build();
  }

  public static ExportProfilesServiceRequest profiles(Rope otlp) {
    return merge(ExportProfilesServiceRequest.newBuilder(), otlp).build();
  }

  public static Rope bytes(Message request) {
    return Rope.of(Bytes.wrap(request.toByteArray()));
  }

  private static <B extends Message.Builder> B merge(B builder, Rope otlp) {
    try {
      for (var part : otlp.parts()) {
        var in = CodedInputStream.newInstance(part.sharedArray(), part.offset(), part.length());
        in.setRecursionLimit(NESTING_MAX);
        builder.mergeFrom(in);
      }
      return builder;
    } catch (IOException e) {
      throw new UncheckedIOException("a batch that was not validated", e);
    }
  }
}

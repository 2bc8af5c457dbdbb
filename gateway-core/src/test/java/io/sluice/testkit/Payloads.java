package io.sluice.testkit;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Small requests made with the official classes, each item with a name one can look for.
public final class Payloads {
  private Payloads() {}

  /// Spans called `name-0`, `name-1`, ...
  public static Batch spans(String name, int count) {
    var scope = ScopeSpans.newBuilder();
    for (int i = 0; i < count; i++) {
      scope.addSpans(
          Span.newBuilder()
              .setTraceId(id(16, name.hashCode(), i))
              .setSpanId(id(8, 0, i + 1))
              .setName(name + "-" + i)
              .setStartTimeUnixNano(1_700_000_000_000_000_000L + i)
              .setEndTimeUnixNano(1_700_000_000_000_001_000L + i)
              .addAttributes(attribute("http.request.method", "GET")));
    }
    return batch(
        Signal.TRACES,
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder().setResource(resource()).addScopeSpans(scope))
            .build()
            .toByteArray(),
        count);
  }

  public static Batch logs(String body, int count) {
    var scope = ScopeLogs.newBuilder();
    for (int i = 0; i < count; i++) {
      scope.addLogRecords(
          LogRecord.newBuilder()
              .setTimeUnixNano(1_700_000_000_000_000_000L + i)
              .setBody(AnyValue.newBuilder().setStringValue(body + "-" + i)));
    }
    return batch(
        Signal.LOGS,
        ExportLogsServiceRequest.newBuilder()
            .addResourceLogs(ResourceLogs.newBuilder().setResource(resource()).addScopeLogs(scope))
            .build()
            .toByteArray(),
        count);
  }

  /// One gauge with so many points, a millisecond apart.
  public static Batch points(String name, int count) {
    var gauge = Gauge.newBuilder();
    for (int i = 0; i < count; i++) {
      gauge.addDataPoints(
          NumberDataPoint.newBuilder()
              .setTimeUnixNano(1_700_000_000_000_000_000L + i * 1_000_000L)
              .setAsInt(i));
    }
    return batch(
        Signal.METRICS,
        ExportMetricsServiceRequest.newBuilder()
            .addResourceMetrics(
                ResourceMetrics.newBuilder()
                    .setResource(resource())
                    .addScopeMetrics(
                        ScopeMetrics.newBuilder()
                            .addMetrics(Metric.newBuilder().setName(name).setGauge(gauge))))
            .build()
            .toByteArray(),
        count);
  }

  /// The names of all spans, in order.
  public static List<String> spanNames(List<Batch> batches) {
    var names = new ArrayList<String>();
    for (var batch : batches) {
      try {
        ExportTraceServiceRequest.parseFrom(batch.otlp().flatten().toArray())
            .getResourceSpansList()
            .forEach(r ->
                r.getScopeSpansList()
                    .forEach(s -> s.getSpansList().forEach(span -> names.add(span.getName()))));
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }
    return names;
  }

  private static Batch batch(Signal signal, byte[] otlp, int items) {
    return Batch.of(signal, Rope.of(Bytes.wrap(otlp)), items);
  }

  private static Resource resource() {
    return Resource.newBuilder().addAttributes(attribute("service.name", "shop")).build();
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static ByteString id(int length, int high, int low) {
    return ByteString.copyFrom(
        ByteBuffer.allocate(length).putInt(high).putInt(length - 4, low).array());
  }
}

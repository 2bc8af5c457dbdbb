package io.sluice.it;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.HexFormat;
import java.util.stream.IntStream;

/// Requests with logs of one service.
record LogRequests(String service) {
  static final String TRACE = "0102030405060708090a0b0c0d0e0f10";
  static final String SPAN = "0102030405060708";

  /// One record with all there is.
  byte[] full(long timeNs) {
    return of(
        record(timeNs, "Grüße \"☃\" \\ {a=1}\nsecond line")
            .setObservedTimeUnixNano(timeNs + 1)
            .setSeverityNumber(SeverityNumber.SEVERITY_NUMBER_WARN)
            .setSeverityText("Warning")
            .setEventName("happened")
            .setFlags(1)
            .setTraceId(id(TRACE))
            .setSpanId(id(SPAN))
            .addAttributes(attribute("http.route", "/a"))
            .addAttributes(
                KeyValue.newBuilder()
                    .setKey("count")
                    .setValue(AnyValue.newBuilder().setIntValue(9_007_199_254_740_993L))));
  }

  private static ByteString id(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }

  /// Which one, and what it is.
  interface Body {
    LogRecord.Builder of(int index);
  }

  byte[] many(int count, Body body) {
    return of(IntStream.range(0, count).mapToObj(body::of).toArray(LogRecord.Builder[]::new));
  }

  static LogRecord.Builder record(long timeNs, String body) {
    return LogRecord.newBuilder()
        .setTimeUnixNano(timeNs)
        .setBody(AnyValue.newBuilder().setStringValue(body));
  }

  static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private byte[] of(LogRecord.Builder... records) {
    var scope =
        ScopeLogs.newBuilder()
            .setScope(
                InstrumentationScope.newBuilder()
                    .setName("lib")
                    .setVersion("1.2")
                    .addAttributes(attribute("tier", "gold")));
    for (var record : records) {
      scope.addLogRecords(record);
    }
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder()
                .setResource(
                    Resource.newBuilder()
                        .addAttributes(attribute("service.name", service))
                        .addAttributes(attribute("k8s.namespace.name", "prod"))
                        .addAttributes(attribute("host.name", "h1")))
                .addScopeLogs(scope))
        .build()
        .toByteArray();
  }
}

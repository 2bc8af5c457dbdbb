package io.sluice.telemetry;

import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.sluice.wire.WireWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Writes lines of the own log as OTLP.
public final class OtlpLogs {
  private static final String SCOPE = "go.opentelemetry.io/collector/service";

  private OtlpLogs() {}

  public static Batch write(Map<String, String> resource, List<Logs.Line> lines) {
    var out = new WireWriter(4 << 10);
    int resourceLogs = out.open(1);
    int own = out.open(1);
    resource.forEach((key, value) -> attribute(out, 1, key, value));
    out.close(own);
    int scopeLogs = out.open(2);
    int scope = out.open(1);
    out.bytes(1, Bytes.utf8(SCOPE));
    out.close(scope);
    lines.forEach(line -> write(out, line));
    out.close(scopeLogs);
    out.close(resourceLogs);
    return Batch.of(Signal.LOGS, Rope.of(out.take()), lines.size());
  }

  private static void write(WireWriter out, Logs.Line line) {
    int record = out.open(2);
    out.fixed64(1, nanos(line.time()));
    out.varint(2, severity(line.level()));
    out.bytes(3, Bytes.utf8(LogLine.name(line.level())));
    int body = out.open(5);
    out.bytes(1, Bytes.utf8(line.message()));
    out.close(body);
    line.fields().forEach((key, value) -> attribute(out, 6, key, value));
    out.fixed64(11, nanos(line.time()));
    out.close(record);
  }

  private static int severity(Log.Level level) {
    return switch (level) {
      case DEBUG -> 5;
      case INFO -> 9;
      case WARN -> 13;
      case ERROR -> 17;
    };
  }

  private static long nanos(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
  }

  private static void attribute(WireWriter out, int field, String key, Object value) {
    int attribute = out.open(field);
    out.bytes(1, Bytes.utf8(key));
    int any = out.open(2);
    switch (value) {
      case Boolean truth -> out.varint(2, truth ? 1 : 0);
      case Integer number -> out.varint(3, number);
      case Long number -> out.varint(3, number);
      case Double number -> out.fixed64(4, Double.doubleToLongBits(number));
      case Map<?, ?> map -> {
        int list = out.open(6);
        map.forEach((name, item) -> attribute(out, 1, String.valueOf(name), item));
        out.close(list);
      }
      default -> out.bytes(1, Bytes.utf8(String.valueOf(value)));
    }
    out.close(any);
    out.close(attribute);
  }
}

package io.sluice.telemetry;

import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.telemetry.Metric.Distribution;
import io.sluice.telemetry.Metric.Kind;
import io.sluice.telemetry.Metric.Point;
import io.sluice.telemetry.Metric.Value;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.sluice.wire.WireWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;

/// Writes own metrics as OTLP. It remembers what was delivered, for receivers that want differences;
/// what was not delivered is part of the next difference. Confined to one thread.
public final class OtlpMetrics {
  /// Attributes that are not texts; the metrics hold all of them as such.
  private static final Set<String> WHOLE = Set.of("server.port", "http.response.status_code");

  private static final Set<String> TRUTH = Set.of("error.permanent");
  private static final int DELTA = 1;
  private static final int CUMULATIVE = 2;

  /// What counters and histograms tell.
  public enum Temporality {
    /// All since the start.
    CUMULATIVE,
    /// What is new since the last time.
    DELTA,
    /// As DELTA, but for those that are read off somebody else's count.
    LOWMEMORY
  }

  private record Series(String metric, SortedMap<String, String> attributes) {}

  private final Map<String, String> resource;
  private final Temporality temporality;
  private final Instant start;
  private Instant deliveredAt;
  private Map<Series, Point> delivered = Map.of();

  /// @param start since when is counted
  public OtlpMetrics(Map<String, String> resource, Temporality temporality, Instant start) {
    this.resource = resource;
    this.temporality = temporality;
    this.start = start;
    this.deliveredAt = start;
  }

  /// A request, and what to do once it has been delivered.
  public record Written(Batch batch, Runnable delivered) {}

  public Written write(List<Metric> metrics, Instant now) {
    var next = new HashMap<Series, Point>();
    var out = new WireWriter(16 << 10);
    int resourceMetrics = out.open(1);
    int own = out.open(1);
    resource.forEach((key, value) -> attribute(out, 1, key, value));
    out.close(own);
    int items = 0;
    for (var scope : byScope(metrics).entrySet()) {
      int scopeMetrics = out.open(2);
      int instrumentation = out.open(1);
      out.bytes(1, Bytes.utf8(scope.getKey()));
      out.close(instrumentation);
      for (var metric : scope.getValue()) {
        metric.points().forEach(point -> next.put(series(metric, point), point));
        write(out, metric, now);
        items += metric.points().size();
      }
      out.close(scopeMetrics);
    }
    out.close(resourceMetrics);
    return new Written(
        Batch.of(Signal.METRICS, Rope.of(out.take()), items),
        () -> {
          delivered = next;
          deliveredAt = now;
        });
  }

  private static Map<String, List<Metric>> byScope(List<Metric> metrics) {
    var scopes = new LinkedHashMap<String, List<Metric>>();
    for (var metric : metrics) {
      if (!metric.points().isEmpty()) {
        scopes.computeIfAbsent(metric.scope(), _ -> new ArrayList<>()).add(metric);
      }
    }
    return scopes;
  }

  private static Series series(Metric metric, Point point) {
    return new Series(metric.name(), point.attributes());
  }

  private void write(WireWriter out, Metric metric, Instant now) {
    boolean delta = isDelta(metric.kind());
    var since = delta ? deliveredAt : start;
    int message = out.open(2);
    out.bytes(1, Bytes.utf8(metric.name()));
    out.bytes(2, Bytes.utf8(metric.description()));
    out.bytes(3, Bytes.utf8(metric.unit()));
    int data =
        out.open(
            switch (metric.kind()) {
              case OBSERVABLE_GAUGE -> 5;
              case HISTOGRAM -> 9;
              default -> 7;
            });
    for (var point : metric.points()) {
      var before = delta ? delivered.get(series(metric, point)) : null;
      switch (point) {
        case Value number ->
            number(
                out,
                metric,
                number,
                before instanceof Value old && old.value() <= number.value() ? old.value() : 0,
                since,
                now);
        case Distribution distribution ->
            distribution(
                out,
                before instanceof Distribution old ? less(distribution, old) : distribution,
                since,
                now);
      }
    }
    if (metric.kind() != Kind.OBSERVABLE_GAUGE) {
      out.varint(2, delta ? DELTA : CUMULATIVE);
    }
    if (metric.kind().monotonic()) {
      out.varint(3, 1);
    }
    out.close(data);
    out.close(message);
  }

  private boolean isDelta(Kind kind) {
    return switch (temporality) {
      case CUMULATIVE -> false;
      case DELTA -> kind.monotonic() || kind == Kind.HISTOGRAM;
      case LOWMEMORY -> kind == Kind.COUNTER || kind == Kind.HISTOGRAM;
    };
  }

  /// What is new. A histogram that began anew (fewer values, other bounds) is new as a whole.
  private static Distribution less(Distribution now, Distribution old) {
    if (!now.bounds().equals(old.bounds())) {
      return now;
    }
    var counts = new ArrayList<Long>();
    for (int i = 0; i < now.counts().size(); i++) {
      counts.add(now.counts().get(i) - old.counts().get(i));
    }
    return counts.stream().anyMatch(count -> count < 0)
        ? now
        : new Distribution(now.attributes(), now.bounds(), counts, now.sum() - old.sum());
  }

  private static void number(
      WireWriter out, Metric metric, Value point, double less, Instant since, Instant now) {
    int message = out.open(1);
    times(out, since, now);
    double value = point.value() - less;
    if (value == Math.rint(value) && !metric.unit().equals("s")) {
      out.fixed64(6, (long) value);
    } else {
      out.fixed64(4, Double.doubleToLongBits(value));
    }
    point.attributes().forEach((key, text) -> attribute(out, 7, key, text));
    out.close(message);
  }

  private static void distribution(WireWriter out, Distribution point, Instant since, Instant now) {
    int message = out.open(1);
    times(out, since, now);
    out.fixed64(4, point.count());
    out.fixed64(5, Double.doubleToLongBits(point.sum()));
    out.header(6, 8 * point.counts().size());
    point.counts().forEach(out::rawFixed64);
    if (!point.bounds().isEmpty()) {
      out.header(7, 8 * point.bounds().size());
      point.bounds().forEach(bound -> out.rawFixed64(Double.doubleToLongBits(bound)));
    }
    point.attributes().forEach((key, text) -> attribute(out, 9, key, text));
    out.close(message);
  }

  private static void times(WireWriter out, Instant since, Instant now) {
    out.fixed64(2, nanos(since));
    out.fixed64(3, nanos(now));
  }

  private static long nanos(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
  }

  private static void attribute(WireWriter out, int field, String key, String text) {
    int attribute = out.open(field);
    out.bytes(1, Bytes.utf8(key));
    int value = out.open(2);
    if (WHOLE.contains(key) && text.matches("\\d{1,9}")) {
      out.varint(3, Long.parseLong(text));
    } else if (TRUTH.contains(key)) {
      out.varint(2, Boolean.parseBoolean(text) ? 1 : 0);
    } else {
      out.bytes(1, Bytes.utf8(text));
    }
    out.close(value);
    out.close(attribute);
  }
}

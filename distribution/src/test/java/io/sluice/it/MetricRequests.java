package io.sluice.it;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.DataPointFlags;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import java.util.stream.LongStream;

/// Metrics of every kind, made with the official classes. Each call makes one state of the same series.
final class MetricRequests {
  static final String TRACE = "0102030405060708090a0b0c0d0e0f10";
  static final String SPAN = "0102030405060708";

  private final String service;

  /// @param service tells the series of one test from those of another
  MetricRequests(String service) {
    this.service = service;
  }

  /// @param state 1 for the first, counts grow with it
  byte[] at(long timeMs, int state) {
    long ns = timeMs * 1_000_000;
    var scope =
        ScopeMetrics.newBuilder()
            .setScope(
                InstrumentationScope.newBuilder()
                    .setName("lib")
                    .setVersion("1.2")
                    .addAttributes(text("tier", "gold")))
            .addAllMetrics(
                List.of(
                    counter(ns, state),
                    gauge(ns, state),
                    upDown(ns, state),
                    histogram(ns, state),
                    exponential(ns, state),
                    summary(ns, state),
                    delta(ns)));
    return request(scope);
  }

  /// Points that say of the series of [#at] that there is no value any more.
  byte[] ended(long timeMs) {
    int flag = DataPointFlags.DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK_VALUE;
    try {
      var request = ExportMetricsServiceRequest.parseFrom(at(timeMs, 1)).toBuilder();
      for (var metric :
          request.getResourceMetricsBuilder(0).getScopeMetricsBuilder(0).getMetricsBuilderList()) {
        switch (metric.getDataCase()) {
          case GAUGE ->
              metric.getGaugeBuilder().getDataPointsBuilderList().forEach(p -> p.setFlags(flag));
          case SUM ->
              metric.getSumBuilder().getDataPointsBuilderList().forEach(p -> p.setFlags(flag));
          case HISTOGRAM ->
              metric
                  .getHistogramBuilder()
                  .getDataPointsBuilderList()
                  .forEach(p -> p.setFlags(flag));
          case EXPONENTIAL_HISTOGRAM ->
              metric
                  .getExponentialHistogramBuilder()
                  .getDataPointsBuilderList()
                  .forEach(p -> p.setFlags(flag));
          default ->
              metric.getSummaryBuilder().getDataPointsBuilderList().forEach(p -> p.setFlags(flag));
        }
      }
      return request.build().toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] request(ScopeMetrics.Builder scope) {
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .setResource(
                    Resource.newBuilder()
                        .addAttributes(text("service.name", service))
                        .addAttributes(text("service.namespace", "it"))
                        .addAttributes(text("service.instance.id", "i-1"))
                        .addAttributes(text("host.name", "h1")))
                .addScopeMetrics(scope))
        .build()
        .toByteArray();
  }

  /// So many gauges `g.0`, `g.1`, ..., each with one point of its own time, and its number for a value.
  byte[] gauges(int count, IntToLongFunction timeMs) {
    return courses(count, i -> LongStream.of(timeMs.applyAsLong(i)));
  }

  /// The same with points of several times.
  byte[] courses(int count, IntFunction<LongStream> timesMs) {
    var scope = ScopeMetrics.newBuilder();
    for (int i = 0; i < count; i++) {
      var gauge = Gauge.newBuilder();
      for (long timeMs : timesMs.apply(i).toArray()) {
        gauge.addDataPoints(
            NumberDataPoint.newBuilder().setTimeUnixNano(timeMs * 1_000_000).setAsInt(i));
      }
      scope.addMetrics(Metric.newBuilder().setName("g." + i).setGauge(gauge));
    }
    return request(scope);
  }

  static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static KeyValue number(String key, long value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }

  private static long start(long ns) {
    return ns - 600_000_000_000L;
  }

  private static Exemplar exemplar(long ns, double value) {
    return Exemplar.newBuilder()
        .setTimeUnixNano(ns - 1_000_000)
        .setAsDouble(value)
        .setTraceId(ByteString.copyFrom(HexFormat.of().parseHex(TRACE)))
        .setSpanId(ByteString.copyFrom(HexFormat.of().parseHex(SPAN)))
        .addFilteredAttributes(text("user", "u7"))
        .build();
  }

  private static Metric counter(long ns, int state) {
    return Metric.newBuilder()
        .setName("http.server.requests")
        .setDescription("Requests served")
        .setUnit("{request}")
        .setSum(
            Sum.newBuilder()
                .setAggregationTemporality(
                    AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)
                .setIsMonotonic(true)
                .addDataPoints(
                    NumberDataPoint.newBuilder()
                        .setStartTimeUnixNano(start(ns))
                        .setTimeUnixNano(ns)
                        .setAsInt(9_007_199_254_740_993L + state)
                        .addAttributes(text("http.route", "/a"))
                        .addAttributes(number("http.response.status_code", 200))
                        .addAttributes(text("größe", "ß ☃ \"quoted\" \\ \n"))
                        .addExemplars(exemplar(ns, 1.5)))
                .addDataPoints(
                    NumberDataPoint.newBuilder()
                        .setStartTimeUnixNano(start(ns))
                        .setTimeUnixNano(ns)
                        .setAsInt(state)
                        .addAttributes(text("a.b", "1"))
                        .addAttributes(text("a-b", "2"))
                        .addAttributes(text("_private", "x"))
                        .addAttributes(text("9lives", "x"))))
        .build();
  }

  private static Metric gauge(long ns, int state) {
    return Metric.newBuilder()
        .setName("cpu.utilization")
        .setUnit("1")
        .setGauge(
            Gauge.newBuilder()
                .addDataPoints(
                    NumberDataPoint.newBuilder().setTimeUnixNano(ns).setAsDouble(0.125 * state)))
        .build();
  }

  private static Metric upDown(long ns, int state) {
    return Metric.newBuilder()
        .setName("queue.size")
        .setUnit("By")
        .setSum(
            Sum.newBuilder()
                .setAggregationTemporality(
                    AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)
                .addDataPoints(
                    NumberDataPoint.newBuilder().setTimeUnixNano(ns).setAsInt(-7L * state)))
        .build();
  }

  private static Metric histogram(long ns, int state) {
    return Metric.newBuilder()
        .setName("http.server.duration")
        .setUnit("ms")
        .setHistogram(
            Histogram.newBuilder()
                .setAggregationTemporality(
                    AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)
                .addDataPoints(
                    HistogramDataPoint.newBuilder()
                        .setStartTimeUnixNano(start(ns))
                        .setTimeUnixNano(ns)
                        .setCount(6L * state)
                        .setSum(42.5 * state)
                        .addAllExplicitBounds(Arrays.asList(0.5, 10.0, 2.5e6))
                        .addAllBucketCounts(
                            Arrays.asList(1L * state, 2L * state, 2L * state, 1L * state))
                        .addExemplars(exemplar(ns, 7))))
        .build();
  }

  private static Metric exponential(long ns, int state) {
    return Metric.newBuilder()
        .setName("latency")
        .setUnit("s")
        .setExponentialHistogram(
            ExponentialHistogram.newBuilder()
                .setAggregationTemporality(
                    AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)
                .addDataPoints(
                    ExponentialHistogramDataPoint.newBuilder()
                        .setStartTimeUnixNano(start(ns))
                        .setTimeUnixNano(ns)
                        .setCount(10L * state)
                        .setSum(12.5 * state)
                        .setScale(2)
                        .setZeroCount(2L * state)
                        .setPositive(
                            ExponentialHistogramDataPoint.Buckets.newBuilder()
                                .setOffset(-1)
                                .addAllBucketCounts(
                                    Arrays.asList(
                                        0L, 1L * state, 0L, 0L, 0L, 2L * state, 3L * state, 0L)))
                        .setNegative(
                            ExponentialHistogramDataPoint.Buckets.newBuilder()
                                .setOffset(3)
                                .addAllBucketCounts(Arrays.asList(0L, 2L * state)))
                        .addExemplars(exemplar(ns, 2))))
        .build();
  }

  private static Metric summary(long ns, int state) {
    return Metric.newBuilder()
        .setName("rpc.time")
        .setUnit("s")
        .setSummary(
            Summary.newBuilder()
                .addDataPoints(
                    SummaryDataPoint.newBuilder()
                        .setTimeUnixNano(ns)
                        .setCount(4L * state)
                        .setSum(10.0 * state)
                        .addQuantileValues(
                            SummaryDataPoint.ValueAtQuantile.newBuilder()
                                .setQuantile(0.5)
                                .setValue(2))
                        .addQuantileValues(
                            SummaryDataPoint.ValueAtQuantile.newBuilder()
                                .setQuantile(1)
                                .setValue(5))))
        .build();
  }

  private static Metric delta(long ns) {
    return Metric.newBuilder()
        .setName("refused")
        .setSum(
            Sum.newBuilder()
                .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
                .setIsMonotonic(true)
                .addDataPoints(NumberDataPoint.newBuilder().setTimeUnixNano(ns).setAsInt(1)))
        .build();
  }
}

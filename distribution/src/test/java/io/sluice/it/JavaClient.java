package io.sluice.it;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/// What `client.py` and `client.js` do, by the SDK of Java in this JVM.
record JavaClient(String endpoint, boolean grpc, String compression, String tag) {
  private static final Attributes ATTRIBUTES =
      Attributes.builder()
          .put("text", "Grüße ☃")
          .put("count", 9_007_199_254_740_993L)
          .put("ratio", 0.25)
          .put("yes", true)
          .put("list", "a", "b")
          .build();
  private static final Attributes OF_POINT = Attributes.of(AttributeKey.stringKey("k"), "v");

  /// @return the trace id and the ids of the outer and the inner span
  String send() {
    var resource = resource();
    var ids = sendSpans(resource);
    sendMetrics(resource);
    sendLog(resource, Instant.ofEpochSecond(1_700_000_000));
    return ids;
  }

  /// As [#send], without metrics and logs.
  String sendSpans() {
    return sendSpans(resource());
  }

  /// As [#send], without spans and metrics.
  void sendLogAt(Instant time) {
    sendLog(resource(), time);
  }

  private Resource resource() {
    return Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), tag));
  }

  private String sendSpans(Resource resource) {
    var tracers =
        SdkTracerProvider.builder()
            .setResource(resource)
            .addSpanProcessor(BatchSpanProcessor.builder(spans()).build())
            .build();
    var tracer = tracers.tracerBuilder("it").setInstrumentationVersion("1.2.3").build();
    var outer = tracer.spanBuilder(tag + "-outer").setSpanKind(SpanKind.SERVER).startSpan();
    outer.setAllAttributes(ATTRIBUTES);
    outer.addEvent("happened", Attributes.of(AttributeKey.stringKey("at"), "outer"));
    var inner =
        tracer.spanBuilder(tag + "-inner").setParent(Context.root().with(outer)).startSpan();
    inner.setStatus(StatusCode.ERROR, "broken");
    inner.end();
    outer.end();
    end(tracers.shutdown());
    var context = outer.getSpanContext();
    return context.getTraceId()
        + " "
        + context.getSpanId()
        + " "
        + inner.getSpanContext().getSpanId();
  }

  private void sendMetrics(Resource resource) {
    var meters =
        SdkMeterProvider.builder()
            .setResource(resource)
            .registerMetricReader(PeriodicMetricReader.create(metrics()))
            .build();
    var meter = meters.meterBuilder("it").setInstrumentationVersion("1.2.3").build();
    meter.counterBuilder(tag + "-counter").setUnit("1").build().add(42, OF_POINT);
    meter.histogramBuilder(tag + "-histogram").setUnit("ms").build().record(17, OF_POINT);
    meter.gaugeBuilder(tag + "-gauge").build().set(3.5, OF_POINT);
    end(meters.shutdown());
  }

  private void sendLog(Resource resource, Instant time) {
    var loggers =
        SdkLoggerProvider.builder()
            .setResource(resource)
            .addLogRecordProcessor(SimpleLogRecordProcessor.create(logs()))
            .build();
    loggers
        .loggerBuilder("it")
        .setInstrumentationVersion("1.2.3")
        .build()
        .logRecordBuilder()
        .setTimestamp(time)
        .setSeverity(Severity.WARN)
        .setSeverityText("WARN")
        .setBody(tag + "-log")
        .setAllAttributes(ATTRIBUTES)
        .emit();
    end(loggers.shutdown());
  }

  private static void end(CompletableResultCode code) {
    if (!code.join(Eventually.DEADLINE.toSeconds(), TimeUnit.SECONDS).isSuccess()) {
      throw new AssertionError("the SDK could not export", code.getFailureThrowable());
    }
  }

  private SpanExporter spans() {
    return grpc
        ? OtlpGrpcSpanExporter.builder().setEndpoint(endpoint).setCompression(compression).build()
        : OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint + "/v1/traces")
            .setCompression(compression)
            .build();
  }

  private MetricExporter metrics() {
    return grpc
        ? OtlpGrpcMetricExporter.builder().setEndpoint(endpoint).setCompression(compression).build()
        : OtlpHttpMetricExporter.builder()
            .setEndpoint(endpoint + "/v1/metrics")
            .setCompression(compression)
            .build();
  }

  private LogRecordExporter logs() {
    return grpc
        ? OtlpGrpcLogRecordExporter.builder()
            .setEndpoint(endpoint)
            .setCompression(compression)
            .build()
        : OtlpHttpLogRecordExporter.builder()
            .setEndpoint(endpoint + "/v1/logs")
            .setCompression(compression)
            .build();
  }
}

package io.sluice.data;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// What the data layer does to every span: nanoseconds for one of about 800 bytes with 15 attributes, in
/// requests of 1000.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DataBenchmark {
  private static final int SPANS = 1000;

  private final Bytes request = request();
  private final Batch batch = Batch.of(Signal.TRACES, Rope.of(request), SPANS);
  private final RecordPatch patch = RecordPatch.ofRecords((table, _) -> edit(table));
  private final Bytes[] keys = {
    Bytes.utf8("deployment.environment"),
    Bytes.utf8("http.attribute.3"),
    Bytes.utf8("http.attribute.7"),
    Bytes.utf8("user.name")
  };
  private final Bytes json = json(request);
  private final Bytes value = new io.sluice.data.AnyValue.Text("production").encode();

  @Benchmark
  @OperationsPerInvocation(SPANS)
  public Object validate() {
    return Validate.request(Signal.TRACES, request);
  }

  @Benchmark
  @OperationsPerInvocation(SPANS)
  public Object fourActions() {
    return patch.apply(batch);
  }

  @Benchmark
  @OperationsPerInvocation(SPANS)
  public Object splitByItems() {
    return Split.byItems(batch, 100);
  }

  @Benchmark
  @OperationsPerInvocation(SPANS)
  public Object splitByBytes() {
    return Split.byBytes(batch, 64 << 10);
  }

  @Benchmark
  @OperationsPerInvocation(SPANS)
  public Object readJson() {
    return OtlpJson.decode(Signal.TRACES, json);
  }

  @Benchmark
  @OperationsPerInvocation(SPANS)
  public Object writeJson() throws IOException {
    var out = new ByteArrayOutputStream(json.length());
    OtlpJson.encode(Signal.TRACES, batch.otlp(), out);
    return out;
  }

  @Benchmark
  @OperationsPerInvocation(SPANS)
  public Object copy() {
    return request.toArray();
  }

  private void edit(AttributeTable table) {
    if (table.find(keys[0]) < 0) {
      table.add(keys[0], value);
    }
    int at = table.find(keys[1]);
    if (at >= 0) {
      table.remove(at);
    }
    table.put(keys[2], value);
    at = table.find(keys[3]);
    if (at >= 0) {
      table.set(at, value);
    }
  }

  private static Bytes json(Bytes request) {
    var out = new ByteArrayOutputStream();
    try {
      OtlpJson.encode(Signal.TRACES, Rope.of(request), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Bytes.wrap(out.toByteArray());
  }

  private static Bytes request() {
    var random = new SplittableRandom(1);
    var request = ExportTraceServiceRequest.newBuilder();
    var resource = request.addResourceSpansBuilder();
    resource.getResourceBuilder().addAttributes(attribute("service.name", "shop"));
    var scope = resource.addScopeSpansBuilder();
    for (int i = 0; i < SPANS; i++) {
      var span =
          Span.newBuilder()
              .setName("GET /api/products/{id}")
              .setKind(Span.SpanKind.SPAN_KIND_SERVER);
      span.setTraceId(id(random, 16)).setSpanId(id(random, 8)).setParentSpanId(id(random, 8));
      span.setStartTimeUnixNano(random.nextLong()).setEndTimeUnixNano(random.nextLong());
      for (int j = 0; j < 13; j++) {
        span.addAttributes(
            attribute("http.attribute." + j, "a value of usual length " + random.nextInt(1000)));
      }
      span.addAttributes(
          KeyValue.newBuilder()
              .setKey("http.status_code")
              .setValue(AnyValue.newBuilder().setIntValue(200)));
      span.addAttributes(
          KeyValue.newBuilder().setKey("retry").setValue(AnyValue.newBuilder().setBoolValue(true)));
      span.getStatusBuilder().setCode(Status.StatusCode.STATUS_CODE_OK);
      scope.addSpans(span);
    }
    return Bytes.wrap(request.build().toByteArray());
  }

  private static ByteString id(SplittableRandom random, int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  public static void main(String[] args) throws Exception {
    new Runner(
            new OptionsBuilder().include(DataBenchmark.class.getName()).addProfiler("gc").build())
        .run();
  }
}

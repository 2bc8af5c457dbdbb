package io.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.sluice.wire.Bytes;
import io.sluice.wire.MalformedWireException;
import io.sluice.wire.Rope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OtlpJsonTest {
  private static final int CASES = 300;

  @ParameterizedTest
  @EnumSource
  void returnsWhatWentInForRandomRequests(Signal signal) throws Exception {
    for (int seed = 0; seed < CASES; seed++) {
      var request = new RandomMessages(seed, true).request(signal);
      var back = parse(signal, OtlpJson.decode(signal, Bytes.utf8(encode(signal, request))));
      assertThat(canonical(back)).as("seed " + seed).isEqualTo(canonical(request));
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsWhatProtobufWrites(Signal signal) throws Exception {
    for (int seed = 0; seed < CASES; seed++) {
      var request = new RandomMessages(seed, false).request(signal);
      var printer = JsonFormat.printer();
      var json = (seed % 2 == 0 ? printer : printer.preservingProtoFieldNames()).print(request);
      var read = parse(signal, OtlpJson.decode(signal, Bytes.utf8(json)));
      assertThat(canonical(read)).as("seed " + seed).isEqualTo(canonical(request));
    }
  }

  @ParameterizedTest
  @EnumSource
  void writesWhatProtobufReads(Signal signal) throws Exception {
    for (int seed = 0; seed < CASES; seed++) {
      var request = new RandomMessages(seed, false).request(signal);
      var read = RandomMessages.prototype(signal).newBuilderForType();
      JsonFormat.parser().merge(encode(signal, request), read);
      assertThat(canonical(read.build())).as("seed " + seed).isEqualTo(canonical(request));
    }
  }

  @Test
  void readsLenientlyAsTheCollectorDoes() throws Exception {
    var span =
        span(
            """
            {"unknown":[{"a":1}],"resource_spans":[{"scopeSpans":[{"spans":[{
              "traceId":"5B8EFFF798038103D269B633813FC60C","span_id":"eee19b7ec3c1b174",
              "kind":"SPAN_KIND_SERVER","name":"first","name":"last","startTimeUnixNano":18446744073709551615,
              "endTimeUnixNano":"5","status":null,"flags":"7",
              "attributes":[{"key":"a","value":{"doubleValue":"Infinity"}},
                {"key":"b","value":{"intValue":-3}},{"key":"c","value":{"bytesValue":"AQI="}}]
            }]}]}]} trailing {garbage
            """);
    assertThat(span.getName()).isEqualTo("last");
    assertThat(span.getTraceId().toByteArray()[0]).isEqualTo((byte) 0x5B);
    assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(span.getStartTimeUnixNano()).isEqualTo(-1);
    assertThat(span.getEndTimeUnixNano()).isEqualTo(5);
    assertThat(span.getFlags()).isEqualTo(7);
    assertThat(span.getAttributes(0).getValue().getDoubleValue()).isInfinite();
    assertThat(span.getAttributes(1).getValue().getIntValue()).isEqualTo(-3);
    assertThat(span.getAttributes(2).getValue().getBytesValue().size()).isEqualTo(2);
  }

  @Test
  void takesNullForAnEmptyRequest() {
    assertThat(OtlpJson.decode(Signal.LOGS, Bytes.utf8("null")).length()).isZero();
    assertThat(OtlpJson.decode(Signal.LOGS, Bytes.utf8("{}")).length()).isZero();
    assertThat(OtlpJson.decode(Signal.LOGS, Bytes.utf8("\uFEFF{}")).length()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "1",
        "{",
        "{\"resourceSpans\":{}}",
        "{\"resourceSpans\":[1]}",
        "{\"resourceSpans\":[{}",
        "// comment\n{}",
        "{'resourceSpans':[]}",
      })
  void refusesWhatIsNoRequest(String json) {
    refuses(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"startTimeUnixNano\":-1",
        "\"startTimeUnixNano\":18446744073709551616",
        "\"startTimeUnixNano\":1.0",
        "\"startTimeUnixNano\":1e3",
        "\"startTimeUnixNano\":\"1.0\"",
        "\"droppedEventsCount\":-1",
        "\"droppedEventsCount\":4294967296",
        "\"kind\":\"SPAN_KIND_NONE\"",
        "\"kind\":{}",
        "\"name\":5",
        "\"traceId\":\"abc\"",
        "\"traceId\":\"zz8efff798038103d269b633813fc60c\"",
        "\"traceId\":\"W47/95gDgQPSabYzgT/GDA==\"",
        "\"spanId\":\"5b8efff798038103d269b633813fc60c\"",
        "\"attributes\":[{\"value\":{\"intValue\":\"9223372036854775808\"}}]",
        "\"attributes\":[{\"value\":{\"intValue\":true}}]",
        "\"attributes\":[{\"value\":{\"boolValue\":\"true\"}}]",
        "\"attributes\":[{\"value\":{\"doubleValue\":1e400}}]",
        "\"attributes\":[{\"value\":{\"doubleValue\":\"1e400\"}}]",
        "\"attributes\":[{\"value\":{\"doubleValue\":\"0x1p3\"}}]",
        "\"attributes\":[{\"value\":{\"doubleValue\":NaN}}]",
        "\"attributes\":[{\"value\":{\"bytesValue\":\"AQI\"}}]",
        "\"attributes\":[{\"value\":{\"bytesValue\":\"-_8=\"}}]",
        "\"attributes\":{}",
      })
  void refusesAMalformedField(String field) {
    refuses("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{" + field + "}]}]}]}");
  }

  @Test
  void refusesANumberOfAMillionDigits() {
    refuses(
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"startTimeUnixNano\":"
            + "1".repeat(1_000_000)
            + "}]}]}]}");
  }

  @Test
  void refusesAMillionLevels() {
    refuses("{\"x\":" + "[".repeat(1_000_000));
    refuses(
        "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"value\":"
            + "{\"arrayValue\":{\"values\":[".repeat(1_000_000));
  }

  @Test
  void takesTheDeepestNestingThatValidationAllows() {
    var json =
        "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"value\":"
            + "{\"kvlistValue\":{\"values\":[{\"value\":".repeat(Validate.NESTING_MAX - 1)
            + "{}"
            + "}]}}".repeat(Validate.NESTING_MAX - 1)
            + "}]}}]}";
    var wire = OtlpJson.decode(Signal.TRACES, Bytes.utf8(json));
    assertThat(Validate.request(Signal.TRACES, wire).otlp().length()).isEqualTo(wire.length());
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32"})
  void refusesOtherEncodings(String charset) {
    assertThatThrownBy(() ->
            OtlpJson.decode(
                Signal.TRACES,
                Bytes.wrap("{}".getBytes(java.nio.charset.Charset.forName(charset)))))
        .isInstanceOf(MalformedWireException.class);
  }

  @Test
  void replacesWhatIsNotUnicode() throws Exception {
    var json =
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"a\\ud800b\",\"traceState\":\"?\"}]}]}]}";
    var bytes = json.getBytes(StandardCharsets.US_ASCII);
    bytes[json.indexOf('?')] = (byte) 0xFF;
    var wire = OtlpJson.decode(Signal.TRACES, Bytes.wrap(bytes));
    var span =
        ExportTraceServiceRequest.parseFrom(wire.toArray())
            .getResourceSpans(0)
            .getScopeSpans(0)
            .getSpans(0);
    assertThat(span.getName()).isEqualTo("a\uFFFDb");
    assertThat(span.getTraceState()).isEqualTo("\uFFFD");
  }

  @Test
  void mergesWhatComesTwiceOnTheWire() throws Exception {
    var first = ExportLogsServiceRequest.newBuilder();
    var resource = first.addResourceLogsBuilder();
    resource.getResourceBuilder().addAttributesBuilder().setKey("a");
    resource.setSchemaUrl("one");
    var twice = new io.sluice.wire.WireWriter();
    var one = first.getResourceLogs(0).toByteArray();
    twice.header(1, 2 * one.length).raw(one, 0, one.length).raw(one, 0, one.length);
    var out = new ByteArrayOutputStream();
    OtlpJson.encode(Signal.LOGS, Rope.of(twice.take()), out);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":\"a\",\"value\":{}},{\"key\":\"a\",\"value\":{}}]},"
                + "\"schemaUrl\":\"one\"}]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"resourceSpans": "x"} | JSON resourceSpans: unexpected string at line 1, column 19
          {"resourceSpans": [1]} | JSON ResourceSpans: unexpected number at line 1, column 20
          """)
  void saysWhatItFoundInTheWordsOfJson(String json, String said) {
    assertThatThrownBy(() -> OtlpJson.decode(Signal.TRACES, Bytes.utf8(json))).hasMessage(said);
  }

  @Test
  void namesNoMethodOfTheParser() {
    var deep = "{\"x\":" + "[".repeat(1000);

    assertThatThrownBy(() -> OtlpJson.decode(Signal.TRACES, Bytes.utf8(deep)))
        .hasMessageStartingWith("JSON beyond limits: Document nesting depth (")
        .hasMessageNotContaining("StreamReadConstraints");
  }

  private static void refuses(String json) {
    assertThatThrownBy(() -> OtlpJson.decode(Signal.TRACES, Bytes.utf8(json)))
        .isInstanceOf(MalformedWireException.class);
  }

  private static Span span(String json) throws IOException {
    return ExportTraceServiceRequest.parseFrom(
            OtlpJson.decode(Signal.TRACES, Bytes.utf8(json)).toArray())
        .getResourceSpans(0)
        .getScopeSpans(0)
        .getSpans(0);
  }

  static String encode(Signal signal, Message request) {
    var out = new ByteArrayOutputStream();
    try {
      OtlpJson.encode(signal, Rope.of(Bytes.wrap(request.toByteArray())), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Message parse(Signal signal, Bytes wire) throws InvalidProtocolBufferException {
    return RandomMessages.prototype(signal).newBuilderForType().mergeFrom(wire.toArray()).build();
  }

  /// JSON does not tell an absent message from an empty one, nor 0 from -0 where 0 is left out.
  static Message canonical(Message message) {
    var builder = message.toBuilder();
    for (var entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      if (field.getJavaType() == FieldDescriptor.JavaType.DOUBLE
          && !field.isRepeated()
          && !field.hasPresence()
          && (Double) entry.getValue() == 0) {
        builder.clearField(field);
      }
      if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
        continue;
      }
      if (field.isRepeated()) {
        for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
          builder.setRepeatedField(
              field, i, canonical((Message) message.getRepeatedField(field, i)));
        }
      } else {
        var inner = canonical((Message) entry.getValue());
        if (field.getRealContainingOneof() == null && inner.getSerializedSize() == 0) {
          builder.clearField(field);
        } else {
          builder.setField(field, inner);
        }
      }
    }
    return builder.build();
  }

  @Test
  void writesUint64AboveTheSignedRange() throws Exception {
    var request = ExportMetricsServiceRequest.newBuilder();
    request
        .addResourceMetricsBuilder()
        .addScopeMetricsBuilder()
        .addMetricsBuilder()
        .getHistogramBuilder()
        .addDataPointsBuilder()
        .setCount(-1)
        .addBucketCounts(-2)
        .setSum(0);
    assertThat(encode(Signal.METRICS, request.build()))
        .contains("\"count\":\"18446744073709551615\"")
        .contains("[\"18446744073709551614\"]")
        .contains("\"sum\":0,");
  }
}

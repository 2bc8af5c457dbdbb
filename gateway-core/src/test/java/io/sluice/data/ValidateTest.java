package io.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.sluice.wire.Bytes;
import io.sluice.wire.MalformedWireException;
import io.sluice.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ValidateTest {
  @ParameterizedTest
  @EnumSource
  void passesWhatProtobufWritesAndCountsItsItems(Signal signal) {
    for (int seed = 0; seed < 500; seed++) {
      var request = new RandomMessages(seed, true).request(signal);
      var bytes = Bytes.wrap(request.toByteArray());
      var checked = Validate.request(signal, bytes);
      assertThat(checked.items()).as("seed " + seed).isEqualTo(items(request));
      assertThat(checked.repairedStrings()).isZero();
      assertThat(checked.otlp().flatten()).isEqualTo(bytes);
    }
  }

  @Test
  void passesTheReceivedBytesThemselves() {
    var bytes = Bytes.wrap(new RandomMessages(1, true).request(Signal.TRACES).toByteArray());
    assertThat(Validate.request(Signal.TRACES, bytes).otlp().parts().getFirst()).isSameAs(bytes);
  }

  /// Protobuf refuses broken bytes too; where it does, so must we. The other way we may be stricter:
  /// ids, wire types, nesting, groups.
  @ParameterizedTest
  @EnumSource
  void refusesWhatProtobufRefuses(Signal signal) throws Exception {
    int refused = 0;
    for (int seed = 0; seed < 5000; seed++) {
      var mutated = mutated(signal, seed);
      if (!accepts(signal, mutated)) {
        refused++;
        continue;
      }
      var checked = Validate.request(signal, Bytes.wrap(mutated)).otlp().flatten().toArray();
      var parsed = parse(signal, checked);
      assertThat(Validate.request(signal, Bytes.wrap(parsed.toByteArray())).repairedStrings())
          .as("seed " + seed)
          .isZero();
    }
    assertThat(refused).isBetween(1000, 4990);
  }

  @Test
  void keepsUnknownFields() {
    var span =
        new WireWriter()
            .varint(99, 5)
            .fixed32(500_000_000, 1)
            .fixed64(77, 1)
            .bytes(600, Bytes.utf8("x"));
    var request = inSpan(span.take());
    var checked = Validate.request(Signal.TRACES, request);
    assertThat(checked.otlp().flatten()).isEqualTo(request);
    assertThat(checked.items()).isEqualTo(1);
  }

  @Test
  void refusesGroups() {
    refuses(inSpan(Bytes.wrap(new byte[] {(byte) 0xA3, 1, (byte) 0xA4, 1})));
    refuses(inSpan(Bytes.wrap(new byte[] {6})));
    refuses(inSpan(Bytes.wrap(new byte[] {0, 1})));
  }

  @Test
  void refusesAKnownFieldInAnotherWireType() {
    refuses(inSpan(new WireWriter().varint(5, 1).take()));
    refuses(inSpan(new WireWriter().fixed64(1, 1).take()));
  }

  /// Protobuf would drop the first, and its points would be counted all the same.
  @Test
  void refusesAMetricWithDataOfTwoKinds() {
    var gauge = new WireWriter().bytes(5, Bytes.EMPTY);
    assertThat(Validate.request(Signal.METRICS, inSpan(gauge.bytes(5, Bytes.EMPTY).take())))
        .isNotNull();
    var both = new WireWriter().bytes(5, Bytes.EMPTY).bytes(7, Bytes.EMPTY);
    refusesMetrics(inSpan(both.take()));
  }

  @Test
  void readsRepeatedNumbersPackedOrNot() throws Exception {
    var point = new WireWriter().fixed64(6, 1).header(6, 16).rawFixed64(2).rawFixed64(3).take();
    var request = inHistogram(point);
    assertThat(Validate.request(Signal.METRICS, request).items()).isEqualTo(1);
    refusesMetrics(inHistogram(new WireWriter().header(6, 15).raw(new byte[15], 0, 15).take()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 9, 15, 17, 32})
  void refusesIdsOfAWrongLength(int length) {
    var id = Bytes.wrap(new byte[length]);
    refuses(inSpan(new WireWriter().bytes(1, id).take()));
    refuses(inSpan(new WireWriter().bytes(2, id).take()));
    refuses(inSpan(new WireWriter().bytes(4, id).take()));
  }

  @Test
  void takesZeroAndMissingIds() {
    var span = new WireWriter().bytes(1, Bytes.wrap(new byte[16])).bytes(2, Bytes.EMPTY).take();
    assertThat(Validate.request(Signal.TRACES, inSpan(span)).items()).isEqualTo(1);
  }

  @Test
  void allowsSixtyFourLevelsOfValues() {
    Validate.request(Signal.TRACES, inSpan(nested(Validate.NESTING_MAX, true)));
    Validate.request(Signal.TRACES, inSpan(nested(Validate.NESTING_MAX, false)));
    refuses(inSpan(nested(Validate.NESTING_MAX + 1, true)));
    refuses(inSpan(nested(Validate.NESTING_MAX + 1, false)));
    refuses(inSpan(nested(20_000, false)));
  }

  @Test
  void refusesMillionsOfEmptyMessages() {
    var spans = new byte[2_000_000];
    for (int i = 0; i < spans.length; i += 2) {
      spans[i] = 0x12;
    }
    refuses(
        new WireWriter()
            .header(1, spans.length + 5)
            .header(2, spans.length)
            .raw(Bytes.wrap(spans))
            .take());
  }

  @Test
  void repairsTextThatIsNotUtf8() throws Exception {
    var name =
        Bytes.wrap(new byte[] {'a', (byte) 0xC0, 'b', (byte) 0xED, (byte) 0xA0, (byte) 0x80});
    var key = Bytes.wrap(new byte[] {(byte) 0xFF});
    var attribute =
        new WireWriter().bytes(1, key).bytes(2, new WireWriter().bytes(1, key).take()).take();
    var span =
        new WireWriter()
            .bytes(5, name)
            .bytes(9, attribute)
            .bytes(3, Bytes.utf8("ok"))
            .varint(99, 7)
            .take();
    var checked = Validate.request(Signal.TRACES, inSpan(span));
    assertThat(checked.repairedStrings()).isEqualTo(3);
    var repaired =
        ExportTraceServiceRequest.parseFrom(checked.otlp().flatten().toArray())
            .getResourceSpans(0)
            .getScopeSpans(0)
            .getSpans(0);
    assertThat(repaired.getName()).startsWith("a\uFFFDb\uFFFD");
    assertThat(repaired.getAttributes(0).getKey()).isEqualTo("\uFFFD");
    assertThat(repaired.getAttributes(0).getValue().getStringValue()).isEqualTo("\uFFFD");
    assertThat(repaired.getTraceState()).isEqualTo("ok");
    assertThat(repaired.getUnknownFields().hasField(99)).isTrue();
  }

  @Test
  void agreesWithJavaOnWhatIsUtf8() {
    var random = new SplittableRandom(7);
    int valid = 0;
    for (int i = 0; i < 200_000; i++) {
      var bytes = new byte[1 + random.nextInt(6)];
      for (int j = 0; j < bytes.length; j++) {
        bytes[j] =
            (byte) (random.nextInt(4) == 0 ? random.nextInt(128) : 0x80 + random.nextInt(128));
      }
      boolean expected =
          !new String(bytes, StandardCharsets.UTF_8).contains("\uFFFD")
              || ByteString.copyFrom(bytes).isValidUtf8();
      valid += expected ? 1 : 0;
      assertThat(Utf8.valid(bytes, 0, bytes.length)).isEqualTo(expected);
    }
    assertThat(valid).isPositive();
  }

  @Test
  void findsABadByteWhereverItStands() {
    for (int length = 1; length < 40; length++) {
      for (int at = 0; at < length; at++) {
        for (int room : new int[] {0, 3, 16}) {
          var bytes = new byte[length + room + 2];
          assertThat(Utf8.ascii(bytes, 2, 2 + length)).isTrue();
          bytes[2 + at] = (byte) 0x80;
          assertThat(Utf8.valid(bytes, 2, 2 + length)).isFalse();
        }
      }
      var outside = new byte[length + 12];
      outside[1] = (byte) 0x80;
      outside[2 + length] = (byte) 0x80;
      assertThat(Utf8.valid(outside, 2, 2 + length)).isTrue();
    }
  }

  static byte[] mutated(Signal signal, long seed) {
    var random = new SplittableRandom(seed);
    var bytes = new RandomMessages(seed % 50, true).request(signal).toByteArray();
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return random.nextInt(5) == 0
        ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length))
        : bytes;
  }

  private static boolean accepts(Signal signal, byte[] bytes) {
    try {
      Validate.request(signal, Bytes.wrap(bytes));
      return true;
    } catch (MalformedWireException _) {
      return false;
    }
  }

  private static Message parse(Signal signal, byte[] bytes) throws Exception {
    var in = com.google.protobuf.CodedInputStream.newInstance(bytes);
    in.setRecursionLimit(1000);
    return RandomMessages.prototype(signal).newBuilderForType().mergeFrom(in).build();
  }

  static int items(Message message) {
    int items = 0;
    for (var entry : message.getAllFields().entrySet()) {
      if (entry.getKey().getJavaType()
          != com.google.protobuf.Descriptors.FieldDescriptor.JavaType.MESSAGE) {
        continue;
      }
      switch (entry.getKey().getName()) {
        case "spans", "log_records", "data_points", "samples" ->
            items += ((java.util.List<?>) entry.getValue()).size();
        default -> {
          if (entry.getValue() instanceof java.util.List<?> list) {
            for (var inner : list) {
              items += items((Message) inner);
            }
          } else {
            items += items((Message) entry.getValue());
          }
        }
      }
    }
    return items;
  }

  static Bytes inSpan(Bytes span) {
    var out = new WireWriter();
    int resource = out.open(1);
    int scope = out.open(2);
    out.bytes(2, span);
    out.close(scope);
    out.close(resource);
    return out.take();
  }

  private static Bytes inHistogram(Bytes point) {
    var metric = new WireWriter();
    int histogram = metric.open(9);
    metric.bytes(1, point);
    metric.close(histogram);
    return inSpan(metric.take());
  }

  private static Bytes nested(int levels, boolean list) {
    var value = Bytes.EMPTY;
    for (int i = 1; i < levels; i++) {
      value =
          list
              ? new WireWriter().bytes(5, new WireWriter().bytes(1, value).take()).take()
              : new WireWriter()
                  .bytes(
                      6, new WireWriter().bytes(1, new WireWriter().bytes(2, value).take()).take())
                  .take();
    }
    return new WireWriter().bytes(9, new WireWriter().bytes(2, value).take()).take();
  }

  private static void refuses(Bytes request) {
    assertThatThrownBy(() -> Validate.request(Signal.TRACES, request))
        .isInstanceOf(MalformedWireException.class);
  }

  private static void refusesMetrics(Bytes request) {
    assertThatThrownBy(() -> Validate.request(Signal.METRICS, request))
        .isInstanceOf(MalformedWireException.class);
  }

  @Test
  void countsASpanOnce() {
    var request = ExportTraceServiceRequest.newBuilder();
    request.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(Span.getDefaultInstance());
    assertThat(Validate.request(Signal.TRACES, Bytes.wrap(request.build().toByteArray())).items())
        .isEqualTo(1);
  }
}

package io.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.sluice.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Edits on the wire against the same edits on the official classes.
final class RecordPatchTest {
  private static final List<String> KEYS = List.of("a", "service.name", "", "new", "x".repeat(200));

  /// What one random edit does, in both worlds.
  private record Step(int action, String key, AnyValue value) {}

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROFILES")
  void editsRecordsAsOnATree(Signal signal) {
    compare(signal, false);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROFILES")
  void editsResourcesAsOnATree(Signal signal) {
    compare(signal, true);
  }

  private static void compare(Signal signal, boolean resources) {
    int changes = 0;
    for (int seed = 0; seed < 1000; seed++) {
      var steps = steps(seed);
      var patch =
          resources
              ? RecordPatch.ofResources((table, _) -> apply(steps, table))
              : RecordPatch.ofRecords((table, _) -> apply(steps, table));
      var batch =
          Split.join(List.of(SplitTest.batch(signal, seed), SplitTest.batch(signal, seed + 1)));
      var edited = patch.apply(batch);
      var expected = edit(tree(signal, batch.otlp()), steps, resources);
      assertThat(OtlpJsonTest.canonical(tree(signal, edited.otlp())))
          .as("seed " + seed)
          .isEqualTo(OtlpJsonTest.canonical(expected));
      assertThat(Validate.request(signal, edited.otlp().flatten()).items())
          .isEqualTo(batch.items());
      changes += edited.otlp().equals(batch.otlp()) ? 0 : 1;
    }
    assertThat(changes).isBetween(200, 999);
  }

  private static List<Step> steps(long seed) {
    var random = new SplittableRandom(seed);
    var steps = new ArrayList<Step>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      var value = new AnyValue.Text("v".repeat(random.nextInt(300)));
      steps.add(new Step(random.nextInt(4), KEYS.get(random.nextInt(KEYS.size())), value));
    }
    return steps;
  }

  private static void apply(List<Step> steps, AttributeTable table) {
    for (var step : steps) {
      var key = Bytes.utf8(step.key());
      var value = step.value().encode();
      int at = table.find(key);
      switch (step.action()) {
        case 0 -> table.put(key, value);
        case 1 -> {
          if (at >= 0) {
            table.set(at, value);
          }
        }
        case 2 -> {
          if (at >= 0) {
            table.remove(at);
          }
        }
        default -> {
          if (at < 0) {
            table.add(key, value);
          }
        }
      }
    }
  }

  private static Message edit(Message message, List<Step> steps, boolean resources) {
    var builder = message.toBuilder();
    var type = message.getDescriptorForType();
    var records =
        Set.of(
            "Span",
            "LogRecord",
            "NumberDataPoint",
            "HistogramDataPoint",
            "ExponentialHistogramDataPoint",
            "SummaryDataPoint");
    if (resources ? type.getName().equals("Resource") : records.contains(type.getName())) {
      var field = type.findFieldByName("attributes");
      var attributes = new ArrayList<KeyValue>();
      for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
        attributes.add((KeyValue) message.getRepeatedField(field, i));
      }
      for (var step : steps) {
        edit(attributes, step);
      }
      builder.clearField(field);
      attributes.forEach(attribute -> builder.addRepeatedField(field, attribute));
      return builder.build();
    }
    for (var field : type.getFields()) {
      if (field.getJavaType() != com.google.protobuf.Descriptors.FieldDescriptor.JavaType.MESSAGE) {
        continue;
      }
      if (field.isRepeated()) {
        for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
          builder.setRepeatedField(
              field, i, edit((Message) message.getRepeatedField(field, i), steps, resources));
        }
      } else if (message.hasField(field) || (resources && field.getName().equals("resource"))) {
        var edited = edit((Message) message.getField(field), steps, resources);
        if (message.hasField(field) || edited.getSerializedSize() > 0) {
          builder.setField(field, edited);
        }
      }
    }
    return builder.build();
  }

  private static void edit(List<KeyValue> attributes, Step step) {
    int first = -1;
    for (int i = 0; i < attributes.size() && first < 0; i++) {
      first = attributes.get(i).getKey().equals(step.key()) ? i : -1;
    }
    if (first < 0 ? step.action() == 1 || step.action() == 2 : step.action() == 3) {
      return;
    }
    KeyValue edited;
    try {
      var value =
          io.opentelemetry.proto.common.v1.AnyValue.parseFrom(step.value().encode().toArray());
      edited = KeyValue.newBuilder().setKey(step.key()).setValue(value).build();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    if (first < 0) {
      attributes.add(edited);
      return;
    }
    if (step.action() == 2) {
      attributes.remove(first);
      return;
    }
    attributes.set(first, attributes.get(first).toBuilder().setValue(edited.getValue()).build());
  }

  private static Message tree(Signal signal, Rope otlp) {
    return switch (signal) {
      case TRACES -> Messages.traces(otlp);
      case METRICS -> Messages.metrics(otlp);
      case LOGS -> Messages.logs(otlp);
      case PROFILES -> Messages.profiles(otlp);
    };
  }

  @Test
  void findsEachOfEqualKeysInTurn() {
    var request = ExportTraceServiceRequest.newBuilder();
    var span = request.addResourceSpansBuilder().addScopeSpansBuilder().addSpansBuilder();
    for (var key : List.of("a", "b", "a", "c", "a")) {
      span.addAttributesBuilder().setKey(key);
    }
    var batch = Batch.of(Signal.TRACES, Rope.of(Bytes.wrap(request.build().toByteArray())), 1);
    var key = Bytes.utf8("a");
    var seen = new ArrayList<Integer>();
    var patch =
        RecordPatch.ofRecords((table, _) -> {
          table.remove(0);
          table.add(key, Bytes.EMPTY);
          for (int at = table.find(key); at >= 0; at = table.next(key, at + 1)) {
            seen.add(at);
          }
        });
    patch.apply(batch);
    assertThat(seen).containsExactly(2, 4, 5);
  }

  @Test
  void returnsTheBatchItselfIfNothingChanges() {
    var batch = SplitTest.batch(Signal.TRACES, 5);
    var key = Bytes.utf8("not there");
    var patch = RecordPatch.ofRecords((table, _) -> assertThat(table.find(key)).isNegative());
    assertThat(patch.apply(batch)).isSameAs(batch);
  }

  @Test
  void keepsUntouchedResourcesAsSlices() {
    var request = ExportTraceServiceRequest.newBuilder();
    for (int i = 0; i < 5; i++) {
      request
          .addResourceSpansBuilder()
          .addScopeSpansBuilder()
          .addSpansBuilder()
          .addAttributesBuilder()
          .setKey("k" + i);
    }
    var received = Bytes.wrap(request.build().toByteArray());
    var batch = Batch.of(Signal.TRACES, Rope.of(received), 5);
    var key = Bytes.utf8("k2");
    var patch =
        RecordPatch.ofRecords((table, _) -> {
          int at = table.find(key);
          if (at >= 0) {
            table.remove(at);
          }
        });
    var parts = patch.apply(batch).otlp().parts();
    assertThat(parts).hasSize(1);
    assertThat(parts.getFirst().sharedArray()).isNotSameAs(received.sharedArray());
  }

  @Test
  void putsAResourceInPiecesTogether() throws Exception {
    var one = ExportTraceServiceRequest.newBuilder();
    one.addResourceSpansBuilder().getResourceBuilder().addAttributesBuilder().setKey("a");
    var half = one.getResourceSpans(0).toByteArray();
    var wire =
        new WireWriter()
            .header(1, 2 * half.length)
            .raw(half, 0, half.length)
            .raw(half, 0, half.length)
            .take();
    var batch = Batch.of(Signal.TRACES, Rope.of(wire), 0);
    var patch = RecordPatch.ofResources((table, _) -> table.put(Bytes.utf8("b"), Bytes.EMPTY));
    var edited = Messages.traces(patch.apply(batch).otlp());
    assertThat(edited.getResourceSpans(0).getResource().getAttributesList())
        .extracting(KeyValue::getKey)
        .containsExactly("a", "a", "b");
  }

  @Test
  void asksTheSelectionWithAllThatSurroundsARecord() {
    var batch =
        Split.join(
            java.util.stream.LongStream.range(0, 20)
                .mapToObj(i -> SplitTest.batch(Signal.METRICS, i))
                .toList());
    var seen = new ArrayList<String>();
    var patch =
        RecordPatch.ofRecords(
            (_, _) -> seen.add("edited"),
            (signal, resource, scope, record) -> {
              seen.add(
                  signal + " " + resource.length() + " " + scope.length() + " " + record.length());
              return false;
            });
    patch.apply(batch);
    var expected = new ArrayList<String>();
    for (var resource : Messages.metrics(batch.otlp()).getResourceMetricsList()) {
      for (var scope : resource.getScopeMetricsList()) {
        for (var metric : scope.getMetricsList()) {
          expected.add(
              "metrics "
                  + resource.getResource().getSerializedSize()
                  + " "
                  + scope.getScope().getSerializedSize()
                  + " "
                  + metric.getSerializedSize());
        }
      }
    }
    assertThat(expected).isNotEmpty();
    assertThat(seen).isEqualTo(expected);
  }
}

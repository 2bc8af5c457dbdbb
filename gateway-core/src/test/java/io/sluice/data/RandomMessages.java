package io.sluice.data;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.List;
import java.util.SplittableRandom;

/// Messages of any type with random contents, by reflection over the official descriptors.
public final class RandomMessages {
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "service.name",
          "Ünïcode ☃",
          "\uD83D\uDE00",
          "quote\" \\ \n \u0001",
          "x".repeat(200));
  private static final double[] DECIMALS = {
    -0.0,
    0,
    1,
    -1,
    0.1,
    1e300,
    1e-300,
    123456789.5,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };

  private final SplittableRandom random;
  private final boolean ids;

  /// @param ids whether to fill ids, which JSON of protobuf's own making spells differently
  public RandomMessages(long seed, boolean ids) {
    random = new SplittableRandom(seed);
    this.ids = ids;
  }

  static Message prototype(Signal signal) {
    return switch (signal) {
      case TRACES -> ExportTraceServiceRequest.getDefaultInstance();
      case METRICS -> ExportMetricsServiceRequest.getDefaultInstance();
      case LOGS -> ExportLogsServiceRequest.getDefaultInstance();
      case PROFILES -> ExportProfilesServiceRequest.getDefaultInstance();
    };
  }

  public Message request(Signal signal) {
    return fill(prototype(signal).newBuilderForType(), 0);
  }

  private Message fill(Message.Builder builder, int depth) {
    Descriptor type = builder.getDescriptorForType();
    for (OneofDescriptor oneof : type.getRealOneofs()) {
      set(builder, oneof.getFields().get(random.nextInt(oneof.getFieldCount())), depth);
    }
    for (FieldDescriptor field : type.getFields()) {
      if (field.getRealContainingOneof() == null && random.nextInt(10) < 7) {
        set(builder, field, depth);
      }
    }
    return builder.build();
  }

  private void set(Message.Builder builder, FieldDescriptor field, int depth) {
    if (depth > 14 && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      return;
    }
    if (!field.isRepeated()) {
      builder.setField(field, value(builder, field, depth));
      return;
    }
    for (int i = random.nextInt(depth > 5 ? 3 : 4); i > 0; i--) {
      builder.addRepeatedField(field, value(builder, field, depth));
    }
  }

  private Object value(Message.Builder builder, FieldDescriptor field, int depth) {
    return switch (field.getJavaType()) {
      case INT -> random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(4);
      case LONG -> random.nextInt(4) == 0 ? random.nextLong() : random.nextLong(4);
      case FLOAT -> throw new IllegalStateException("OTLP has no float");
      case DOUBLE -> random.nextBoolean() ? random.nextDouble() : decimal();
      case BOOLEAN -> random.nextBoolean();
      case STRING -> TEXTS.get(random.nextInt(TEXTS.size()));
      case BYTE_STRING -> ByteString.copyFrom(bytes(length(field)));
      case ENUM -> {
        var values = field.getEnumType().getValues();
        yield values.get(random.nextInt(values.size()));
      }
      case MESSAGE -> fill(builder.newBuilderForField(field), depth + 1);
    };
  }

  /// JSON as protobuf reads it has no -0.
  private double decimal() {
    int from = ids ? 0 : 1;
    return DECIMALS[from + random.nextInt(DECIMALS.length - from)];
  }

  private int length(FieldDescriptor field) {
    int id = idLength(field);
    if (id > 0) {
      return ids && random.nextInt(5) > 0 ? id : 0;
    }
    return random.nextInt(5);
  }

  static int idLength(FieldDescriptor field) {
    return switch (field.getName()) {
      case "trace_id", "profile_id" -> 16;
      case "span_id", "parent_span_id" -> 8;
      default -> 0;
    };
  }

  byte[] bytes(int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}

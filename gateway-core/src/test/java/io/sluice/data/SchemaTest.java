package io.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class SchemaTest {
  @Test
  void saysOfEveryMessageAndFieldWhatTheOfficialDescriptorsSay() {
    Map<String, Descriptor> official = new LinkedHashMap<>();
    for (var signal : Signal.values()) {
      collect(RandomMessages.prototype(signal).getDescriptorForType(), official);
    }
    assertThat(Schema.MESSAGES.keySet()).isEqualTo(official.keySet());
    official.forEach((name, type) ->
        assertThat(fields(Schema.of(name))).as(name).isEqualTo(officialFields(type)));
  }

  private static void collect(Descriptor type, Map<String, Descriptor> found) {
    if (found.putIfAbsent(name(type), type) == null) {
      for (var field : type.getFields()) {
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
          collect(field.getMessageType(), found);
        }
      }
    }
  }

  private static String name(Descriptor type) {
    var outer = type.getContainingType();
    return outer == null ? type.getName() : outer.getName() + "." + type.getName();
  }

  private static Map<Integer, String> officialFields(Descriptor type) {
    return type.getFields().stream()
        .collect(Collectors.toMap(FieldDescriptor::getNumber, SchemaTest::describe));
  }

  private static String describe(FieldDescriptor field) {
    var kind =
        switch (field.getType()) {
          case MESSAGE -> name(field.getMessageType());
          case ENUM ->
              field.getEnumType().getValues().stream()
                  .collect(
                      Collectors.toMap(
                          EnumValueDescriptor::getName, EnumValueDescriptor::getNumber))
                  .entrySet()
                  .stream()
                  .sorted(Map.Entry.comparingByKey())
                  .toList()
                  .toString();
          default -> field.getType().name().toLowerCase(Locale.ROOT);
        };
    int id = RandomMessages.idLength(field);
    return describe(
        field.getName(),
        field.getJsonName(),
        id > 0 ? "id" + id : kind,
        field.isRepeated(),
        field.getRealContainingOneof() != null,
        field.hasPresence()
            && field.getRealContainingOneof() == null
            && field.getJavaType() != FieldDescriptor.JavaType.MESSAGE,
        field.isPackable());
  }

  private static Map<Integer, String> fields(Schema.Message type) {
    return type.byNumber.values().stream()
        .collect(Collectors.toMap(Schema.Field::number, SchemaTest::describe));
  }

  private static String describe(Schema.Field field) {
    var kind =
        switch (field.kind()) {
          case MESSAGE -> field.type().name;
          case ENUM ->
              field.numbers().entrySet().stream()
                  .sorted(Map.Entry.comparingByKey())
                  .toList()
                  .toString();
          default -> field.kind().name().toLowerCase(Locale.ROOT);
        };
    return describe(
        field.snakeName(),
        field.jsonName(),
        kind,
        field.repeated(),
        field.oneof(),
        field.presence(),
        field.packable());
  }

  private static String describe(
      String name,
      String json,
      String kind,
      boolean repeated,
      boolean oneof,
      boolean presence,
      boolean packable) {
    return "%s %s %s repeated=%s oneof=%s presence=%s packable=%s"
        .formatted(name, json, kind, repeated, oneof, presence, packable);
  }
}

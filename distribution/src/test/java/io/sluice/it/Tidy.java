package io.sluice.it;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.HashSet;
import java.util.List;

/// Messages as real senders make them: attributes have keys, each once, and nothing refers to the
/// dictionary of profiles.
final class Tidy {
  private Tidy() {}

  static Message of(Message message) {
    var tidy = message.newBuilderForType();
    message.getAllFields().forEach((field, value) -> copy(field, value, tidy));
    return tidy.build();
  }

  private static void copy(FieldDescriptor field, Object value, Message.Builder into) {
    if (field.getName().endsWith("strindex")) {
      return;
    }
    if (!field.isRepeated()) {
      into.setField(field, value instanceof Message inner ? of(inner) : value);
      return;
    }
    var keys = new HashSet<String>();
    for (var element : (List<?>) value) {
      if (element instanceof KeyValue pair
          && (pair.getKey().isEmpty() || !keys.add(pair.getKey()))) {
        continue;
      }
      into.addRepeatedField(field, element instanceof Message inner ? of(inner) : element);
    }
  }
}

package io.sluice.it;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.List;
import java.util.SplittableRandom;

/// Messages as no sender should make them: their attributes have few keys, many of them twice, which
/// are those that processors look for.
final class Crowded {
  private final List<String> keys;
  private final SplittableRandom random;

  Crowded(List<String> keys, long seed) {
    this.keys = keys;
    random = new SplittableRandom(seed);
  }

  Message of(Message message) {
    var crowded = message.toBuilder();
    message.getAllFields().forEach((field, value) -> replace(field, value, crowded));
    if (message instanceof KeyValue) {
      var field = message.getDescriptorForType().findFieldByNumber(KeyValue.KEY_FIELD_NUMBER);
      crowded.setField(field, keys.get(random.nextInt(keys.size())));
    }
    return crowded.build();
  }

  private void replace(FieldDescriptor field, Object value, Message.Builder into) {
    if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
      return;
    }
    if (!field.isRepeated()) {
      into.setField(field, of((Message) value));
      return;
    }
    var elements = (List<?>) value;
    for (int i = 0; i < elements.size(); i++) {
      into.setRepeatedField(field, i, of((Message) elements.get(i)));
    }
  }
}

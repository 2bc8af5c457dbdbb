package io.sluice.data;

import io.sluice.wire.ArrayPool;
import io.sluice.wire.Bytes;
import io.sluice.wire.MalformedWireException;
import io.sluice.wire.WireWriter;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Turns JSON into wire bytes, field by field in the order they come: what protobuf makes of repeated
/// fields (last one wins, lists append) is what JSON asks for.
///
/// Texts go from array to array without becoming one of Java's in between. Recursion is bounded by the
/// nesting limit of [JsonText].
final class JsonReader {
  private final JsonText in;
  private final WireWriter out;
  private final JsonNumber number;
  private final JsonAttributes attributes;
  private final byte[] id = new byte[16];

  /// How many bytes the length of the last message of each type took: the next will take as many.
  private final byte[] lengthBytes = new byte[Schema.MESSAGES.size()];

  /// Which name came behind each last time: most likely it will again.
  private final @Nullable JsonName[] next = new JsonName[Schema.NAMES];

  JsonReader(Bytes text, ArrayPool arrays) {
    in = new JsonText(text);
    out = new WireWriter(text.length() / 2 + 64, arrays);
    number = new JsonNumber(in);
    attributes = new JsonAttributes(in, out);
    Arrays.fill(lengthBytes, (byte) 1);
  }

  Bytes request(Schema.Message type) {
    if (in.peek() == JsonText.END) {
      throw new MalformedWireException("empty JSON");
    }
    if (!in.isNull()) {
      object(type);
    }
    return out.take();
  }

  private void object(Schema.Message type) {
    if (in.peek() != '{') {
      throw in.unexpected(type.name);
    }
    var last = type.names.start;
    for (boolean more = in.open('}'); more; more = in.more('}')) {
      var name = in.name(type.names, next[last.index]);
      if (name == null) {
        in.skip();
        continue;
      }
      next[last.index] = name;
      last = name;
      if (!in.isNull()) {
        present(name.field());
      }
    }
  }

  private void present(Schema.Field field) {
    if (field.repeated()) {
      list(field);
    } else {
      value(field);
    }
  }

  private void list(Schema.Field field) {
    if (in.peek() != '[') {
      throw in.unexpected(field.jsonName());
    }
    if (field.packable()) {
      packed(field);
      return;
    }
    boolean areAttributes = field.message() == Schema.KEY_VALUE;
    for (boolean more = in.open(']'); more; more = in.more(']')) {
      if (!areAttributes || !attributes.read(field.number())) {
        element(field);
      }
    }
  }

  private void element(Schema.Field field) {
    if (!in.isNull()) {
      value(field);
    } else {
      out.header(field.number(), 0);
    }
  }

  private void packed(Schema.Field field) {
    int opened = out.open(field.number());
    for (boolean more = in.open(']'); more; more = in.more(']')) {
      long bits = number.bits(field);
      if (field.kind().wireType == 0) {
        out.rawVarint(bits);
      } else {
        out.rawFixed64(bits);
      }
    }
    out.close(opened);
  }

  private void value(Schema.Field field) {
    switch (field.kind()) {
      case MESSAGE -> message(field, field.type());
      case STRING -> string(field);
      case BYTES -> base64(field);
      case ID16 -> id(field, 16);
      case ID8 -> id(field, 8);
      default -> scalar(field);
    }
  }

  private void message(Schema.Field field, Schema.Message type) {
    int expected = lengthBytes[type.index];
    int opened = out.open(field.number(), expected);
    object(type);
    lengthBytes[type.index] = (byte) WireWriter.varintSize(out.size() - opened);
    out.close(opened, expected);
  }

  private void scalar(Schema.Field field) {
    long bits = number.bits(field);
    switch (field.kind().wireType) {
      case 0 -> out.varint(field.number(), bits);
      case 1 -> out.fixed64(field.number(), bits);
      default -> out.fixed32(field.number(), (int) bits);
    }
  }

  private void text(Schema.Field field) {
    if (in.peek() != '"') {
      throw in.unexpected(field.jsonName());
    }
    in.string();
  }

  private void string(Schema.Field field) {
    text(field);
    if (in.escaped() || !in.ascii()) {
      out.bytes(field.number(), unicode());
      return;
    }
    int length = in.to() - in.from();
    out.header(field.number(), length).raw(in.array(), in.from(), length);
  }

  private Bytes unicode() {
    var text = in.content();
    int from = text.offset();
    return Utf8.valid(text.sharedArray(), from, from + text.length())
        ? text
        : Bytes.utf8(text.utf8());
  }

  private void id(Schema.Field field, int length) {
    text(field);
    var digits = in.content();
    int from = digits.offset();
    if (digits.isEmpty()) {
      out.header(field.number(), 0);
    } else if (digits.length() == 2 * length
        && Hex.decode(digits.sharedArray(), from, from + digits.length(), id)) {
      out.header(field.number(), length).raw(id, 0, length);
    } else {
      throw in.notA("hex id of " + length + " bytes", field.jsonName());
    }
  }

  private void base64(Schema.Field field) {
    text(field);
    var text = in.content();
    try {
      if (text.length() % 4 == 0) {
        byte[] bytes = Base64.getDecoder().decode(text.toArray());
        out.bytes(field.number(), Bytes.wrap(bytes));
        return;
      }
    } catch (IllegalArgumentException _) {
      // Said below.
    }
    throw in.notA("padded base64", field.jsonName());
  }
}

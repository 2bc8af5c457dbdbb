package io.sluice.data;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// Writes a validated message as JSON straight from its wire form.
///
/// JSON wants each name once, the wire may bring fields in any order and more than once. So a message
/// is walked once to note where each field is found first and last, then its fields are written in the
/// order of the schema.
final class JsonWriter {
  private static final int FIELDS = 17;

  private final JsonGenerator json;
  private final List<Level> levels = new ArrayList<>();

  /// What was found at one depth of nesting; reused by the next message there.
  private static final class Level {
    final WireReader fields = new WireReader();
    final WireReader packed = new WireReader();
    final int[] count = new int[FIELDS];
    final int[] first = new int[FIELDS];
    final int[] last = new int[FIELDS];
    int to;
  }

  JsonWriter(JsonGenerator json) {
    this.json = json;
  }

  void message(Schema.Message type, Bytes message) throws IOException {
    int from = message.offset();
    message(type, message.sharedArray(), from, from + message.length(), 0);
  }

  private void message(Schema.Message type, byte[] a, int from, int to, int depth)
      throws IOException {
    if (depth == levels.size()) {
      levels.add(new Level());
    }
    var level = levels.get(depth);
    int oneof = scan(type, level, a, from, to);
    json.writeStartObject();
    for (var field : type.byNumber.values()) {
      boolean found = level.count[field.number()] > 0;
      if (field.oneof()) {
        if (field.number() == oneof) {
          single(field, level, a, depth);
        }
      } else if (found) {
        field(field, level, a, depth);
      } else if (field.kind() == Schema.Kind.MESSAGE && !field.repeated()) {
        json.writeFieldName(field.jsonName());
        message(field.type(), a, 0, 0, depth + 1);
      }
    }
    json.writeEndObject();
  }

  /// Notes where fields are; the oneof's member that came last, or 0.
  private static int scan(Schema.Message type, Level level, byte[] a, int from, int to) {
    Arrays.fill(level.count, 0);
    level.to = to;
    int oneof = 0;
    var fields = level.fields.over(a, from, to);
    while (fields.next()) {
      int number = fields.field();
      var field = number < FIELDS ? type.field(number) : null;
      if (field == null) {
        continue;
      }
      if (level.count[number]++ == 0) {
        level.first[number] = fields.fieldStart();
      }
      level.last[number] = fields.fieldStart();
      if (field.oneof()) {
        oneof = number;
      }
    }
    return oneof;
  }

  private void field(Schema.Field field, Level level, byte[] a, int depth) throws IOException {
    if (field.repeated()) {
      list(field, level, a, depth);
    } else if (field.kind() == Schema.Kind.MESSAGE && level.count[field.number()] > 1) {
      json.writeFieldName(field.jsonName());
      var merged = merged(field, level, a);
      message(field.type(), merged.sharedArray(), 0, merged.length(), depth + 1);
    } else if (field.presence() || !isDefault(field, at(level, a, level.last[field.number()]))) {
      single(field, level, a, depth);
    }
  }

  private void single(Schema.Field field, Level level, byte[] a, int depth) throws IOException {
    json.writeFieldName(field.jsonName());
    value(field, at(level, a, level.last[field.number()]), a, depth);
  }

  private static WireReader at(Level level, byte[] a, int fieldStart) {
    level.fields.over(a, fieldStart, level.to).next();
    return level.fields;
  }

  private void list(Schema.Field field, Level level, byte[] a, int depth) throws IOException {
    int number = field.number();
    int left = level.count[number];
    boolean empty = true;
    var fields = level.fields.over(a, level.first[number], level.to);
    while (left > 0 && fields.next()) {
      if (fields.field() != number) {
        continue;
      }
      left--;
      if (field.packable() && fields.wireType() == WireReader.LENGTH_DELIMITED) {
        empty = packed(field, level, empty);
      } else {
        empty = start(field, empty);
        value(field, fields, a, depth);
      }
    }
    if (!empty) {
      json.writeEndArray();
    }
  }

  private boolean start(Schema.Field field, boolean empty) throws IOException {
    if (empty) {
      json.writeFieldName(field.jsonName());
      json.writeStartArray();
    }
    return false;
  }

  private boolean packed(Schema.Field field, Level level, boolean empty) throws IOException {
    var fields = level.fields;
    if (fields.valueLength() == 0) {
      return empty;
    }
    start(field, empty);
    var values = fields.into(level.packed);
    while (values.nextPacked(field.kind().wireType)) {
      scalar(field, values);
    }
    return false;
  }

  /// All occurrences of a message that should occur once: their concatenation is their merge.
  private static Bytes merged(Schema.Field field, Level level, byte[] a) {
    var joined = new WireWriter();
    var fields = level.fields.over(a, level.first[field.number()], level.to);
    while (fields.next()) {
      if (fields.field() == field.number()) {
        joined.raw(a, fields.valueStart(), fields.valueLength());
      }
    }
    return joined.take();
  }

  private static boolean isDefault(Schema.Field field, WireReader value) {
    return switch (field.kind()) {
      case MESSAGE -> false;
      case STRING, BYTES -> value.valueLength() == 0;
      case ID16, ID8 -> {
        int bits = 0;
        for (int i = 0; i < value.valueLength(); i++) {
          bits |= value.valueAt(i);
        }
        yield bits == 0;
      }
      case DOUBLE -> Double.longBitsToDouble(value.fixed64()) == 0;
      case FIXED64, SFIXED64 -> value.fixed64() == 0;
      case FIXED32 -> value.fixed32() == 0;
      case INT64, UINT64, BOOL -> value.varint() == 0;
      default -> (int) value.varint() == 0;
    };
  }

  private void value(Schema.Field field, WireReader value, byte[] a, int depth) throws IOException {
    switch (field.kind()) {
      case MESSAGE -> message(field.type(), a, value.valueStart(), value.valueEnd(), depth + 1);
      case STRING -> json.writeUTF8String(a, value.valueStart(), value.valueLength());
      case BYTES ->
          json.writeBinary(
              Base64Variants.MIME_NO_LINEFEEDS, a, value.valueStart(), value.valueLength());
      case ID16, ID8 ->
          json.writeString(HexFormat.of().formatHex(a, value.valueStart(), value.valueEnd()));
      default -> scalar(field, value);
    }
  }

  private void scalar(Schema.Field field, WireReader value) throws IOException {
    switch (field.kind()) {
      case DOUBLE -> decimal(Double.longBitsToDouble(value.fixed64()));
      case BOOL -> json.writeBoolean(value.varint() != 0);
      case INT32, ENUM -> json.writeNumber((int) value.varint());
      case UINT32 -> json.writeNumber(value.varint() & 0xFFFFFFFFL);
      case FIXED32 -> json.writeNumber(value.fixed32() & 0xFFFFFFFFL);
      case SINT32 -> {
        int bits = (int) value.varint();
        json.writeNumber((bits >>> 1) ^ -(bits & 1));
      }
      case INT64 -> json.writeString(Long.toString(value.varint()));
      case UINT64 -> json.writeString(Long.toUnsignedString(value.varint()));
      case SFIXED64 -> json.writeString(Long.toString(value.fixed64()));
      case FIXED64 -> json.writeString(Long.toUnsignedString(value.fixed64()));
      case STRING, BYTES, ID16, ID8, MESSAGE ->
          throw new IllegalArgumentException(field + " is no scalar");
    }
  }

  /// Whole numbers without a point, as the Collector writes them; -0 keeps its sign.
  private void decimal(double value) throws IOException {
    if (!Double.isFinite(value)) {
      json.writeString(Double.toString(value));
    } else if (Double.compare(value, (long) value) == 0 && Math.abs(value) < 1e15) {
      json.writeNumber((long) value);
    } else {
      json.writeNumber(value);
    }
  }
}

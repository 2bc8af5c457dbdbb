package io.sluice.exporters.elasticsearch.document;

import io.sluice.data.AnyValue;
import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import java.util.ArrayList;
import java.util.List;

/// Writes AnyValue messages as JSON: bytes in hexadecimal, as the Collector does, maps with each key once.
/// Confined to one thread.
final class Values {
  /// What receivers take; more would take a stack.
  static final int DEPTH_MAX = 64;

  private final List<Level> levels = new ArrayList<>();

  /// What is needed at one depth of nesting; reused by the next value there.
  private static final class Level {
    final WireReader fields = new WireReader();
    final AttributeList pairs = new AttributeList();
  }

  void write(Json json, Bytes anyValue) {
    write(json, anyValue, 0, false);
  }

  /// With maps as text, in lists too: dimensions of time series are no objects.
  void writeDimension(Json json, Bytes anyValue) {
    write(json, anyValue, 0, true);
  }

  private void write(Json json, Bytes anyValue, int depth, boolean flat) {
    var level = level(depth);
    int field = 0;
    long bits = 0;
    var bytes = Bytes.EMPTY;
    var fields = level.fields.over(anyValue);
    while (fields.next()) {
      switch (fields.field()) {
        case 1, 5, 6, 7 -> bytes = fields.bytes();
        case 2, 3 -> bits = fields.varint();
        case 4 -> bits = fields.fixed64();
        default -> {
          continue;
        }
      }
      field = fields.field();
    }
    switch (field) {
      case 1 -> json.text(bytes);
      case 2 -> json.truth(bits != 0);
      case 3 -> json.number(bits);
      case 4 -> json.decimal(Double.longBitsToDouble(bits));
      case 5 -> list(json, bytes, depth, level, flat);
      case 6 -> {
        if (flat) {
          json.text(text(anyValue));
        } else {
          map(json, level.pairs.over(bytes, 1), depth);
        }
      }
      case 7 -> json.hex(bytes);
      default -> json.nothing();
    }
  }

  private Level level(int depth) {
    if (depth > DEPTH_MAX) {
      throw new Unwritable("values are nested deeper than " + DEPTH_MAX);
    }
    if (depth == levels.size()) {
      levels.add(new Level());
    }
    return levels.get(depth);
  }

  private void list(Json json, Bytes array, int depth, Level level, boolean flat) {
    json.openList();
    var fields = level.fields.over(array);
    while (fields.next()) {
      if (fields.field() == 1) {
        write(json, fields.bytes(), depth + 1, flat);
      }
    }
    json.closeList();
  }

  private void map(Json json, AttributeList pairs, int depth) {
    json.open();
    for (int i = 0; i < pairs.size(); i++) {
      json.key(pairs.key(i));
      write(json, pairs.value(i), depth + 1, false);
    }
    json.close();
  }

  /// The field number of the member that holds; 0 for none.
  static int kind(Bytes anyValue) {
    int kind = 0;
    var fields = new WireReader().over(anyValue);
    while (fields.next()) {
      kind = fields.field() <= 7 ? fields.field() : kind;
    }
    return kind;
  }

  static boolean isMap(Bytes anyValue) {
    return kind(anyValue) == 6;
  }

  static boolean isList(Bytes anyValue) {
    return kind(anyValue) == 5;
  }

  /// The message inside an AnyValue that is a list or map.
  static Bytes inside(Bytes anyValue) {
    var inside = Bytes.EMPTY;
    var fields = new WireReader().over(anyValue);
    while (fields.next()) {
      if (fields.field() == 5 || fields.field() == 6) {
        inside = fields.bytes();
      }
    }
    return inside;
  }

  static String text(Bytes anyValue) {
    return AnyValue.decode(anyValue).text();
  }
}

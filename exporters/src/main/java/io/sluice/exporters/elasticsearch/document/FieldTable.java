package io.sluice.exporters.elasticsearch.document;

import io.sluice.wire.Bytes;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The fields of one document by their dotted names, for modes in which values from several places end up
/// beside each other. Of two with one name the last counts; where one is both a value and an object
/// (`a` and `a.b`), the value is called `a.value`. Reused; confined to one thread.
final class FieldTable {
  private final TreeMap<String, Consumer<Json>> fields = new TreeMap<>();
  private final Values values;
  private final AttributeList[] nested = new AttributeList[Values.DEPTH_MAX + 1];

  FieldTable(Values values) {
    this.values = values;
  }

  void clear() {
    fields.clear();
  }

  void put(String name, Consumer<Json> value) {
    fields.put(name, value);
  }

  void text(String name, Bytes value) {
    if (!value.isEmpty()) {
      put(name, json -> json.text(value));
    }
  }

  void text(String name, String value) {
    if (!value.isEmpty()) {
      put(name, json -> json.text(value));
    }
  }

  void number(String name, long value) {
    put(name, json -> json.number(value));
  }

  void id(String name, Bytes id) {
    if (!OtelShape.zero(id)) {
      put(name, json -> json.hex(id));
    }
  }

  /// Maps become fields of their own; no value becomes none.
  void value(String name, Bytes anyValue) {
    value(name, anyValue, 0);
  }

  private void value(String name, Bytes anyValue, int depth) {
    if (depth > Values.DEPTH_MAX) {
      throw new Unwritable("values are nested deeper than " + Values.DEPTH_MAX);
    }
    int kind = Values.kind(anyValue);
    if (kind == 6) {
      var pairs = nested[depth] == null ? new AttributeList() : nested[depth];
      nested[depth] = pairs;
      pairs.over(Values.inside(anyValue), 1);
      for (int i = 0; i < pairs.size(); i++) {
        value(joined(name, pairs.key(i).utf8()), pairs.value(i), depth + 1);
      }
    } else if (kind != 0) {
      put(name, json -> values.write(json, anyValue));
    }
  }

  /// All but those that route.
  void attributes(String prefix, AttributeList attributes) {
    for (int i = 0; i < attributes.size(); i++) {
      if (!Keys.reserved(attributes.key(i))) {
        value(joined(prefix, attributes.key(i).utf8()), attributes.value(i));
      }
    }
  }

  static String joined(String prefix, String name) {
    return prefix.isEmpty() ? name : prefix + "." + name;
  }

  /// @param nests whether dots make objects
  void write(Json json, boolean nests) {
    rename();
    if (nests) {
      nest(json);
      return;
    }
    json.open();
    fields.forEach((name, value) -> {
      json.key(Bytes.utf8(name));
      value.accept(json);
    });
    json.close();
  }

  private void rename() {
    for (var name : List.copyOf(fields.keySet())) {
      if (isObject(name)) {
        var value = fields.remove(name);
        fields.putIfAbsent(free(name + ".value"), value);
      }
    }
  }

  private String free(String name) {
    return isObject(name) ? free(name + ".value") : name;
  }

  private boolean isObject(String name) {
    var next = fields.ceilingKey(name + ".");
    return next != null && next.startsWith(name + ".");
  }

  /// All names with one beginning follow each other, but for those that are not nested, which come first.
  private void nest(Json json) {
    String[] open = {};
    json.open();
    fields.forEach((name, value) -> {
      if (!nestable(name)) {
        json.key(Bytes.utf8(name));
        value.accept(json);
      }
    });
    for (var field : fields.entrySet()) {
      if (!nestable(field.getKey())) {
        continue;
      }
      var path = field.getKey().split("\\.", -1);
      int same = 0;
      while (same < open.length && same < path.length - 1 && open[same].equals(path[same])) {
        same++;
      }
      for (int i = same; i < open.length; i++) {
        json.close();
      }
      for (int i = same; i < path.length - 1; i++) {
        json.key(Bytes.utf8(path[i])).open();
      }
      json.key(Bytes.utf8(path[path.length - 1]));
      field.getValue().accept(json);
      open = java.util.Arrays.copyOf(path, path.length - 1);
    }
    for (int i = 0; i < open.length; i++) {
      json.close();
    }
    json.close();
  }

  /// A name with an empty part cannot be nested.
  private static boolean nestable(String name) {
    return !name.startsWith(".") && !name.endsWith(".") && !name.contains("..");
  }
}

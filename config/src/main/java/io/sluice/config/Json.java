package io.sluice.config;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes plain values (maps, lists, texts, numbers, booleans, null) as JSON.
final class Json {
  private final StringBuilder out = new StringBuilder();
  private final boolean indented;

  private Json(boolean indented) {
    this.indented = indented;
  }

  /// With a line for each value.
  static String of(@Nullable Object value) {
    var json = new Json(true);
    json.write(value, 0);
    return json.out.append('\n').toString();
  }

  /// In one line.
  static String line(@Nullable Object value) {
    var json = new Json(false);
    json.write(value, 0);
    return json.out.toString();
  }

  private void write(@Nullable Object value, int depth) {
    switch (value) {
      case null -> out.append("null");
      case Map<?, ?> map -> map(map, depth);
      case Collection<?> list -> list(list, depth);
      case Boolean truth -> out.append(truth);
      case Double number when number.isNaN() || number.isInfinite() ->
          out.append(quoted(number.toString()));
      case Double number when number == Math.rint(number) && Math.abs(number) < 1e15 ->
          out.append(number.longValue());
      case Number number -> out.append(number);
      default -> out.append(quoted(value.toString()));
    }
  }

  private void map(Map<?, ?> map, int depth) {
    out.append('{');
    for (var entries = map.entrySet().iterator(); entries.hasNext(); ) {
      var entry = entries.next();
      lineBreak(depth + 1);
      out.append(quoted(String.valueOf(entry.getKey()))).append(": ");
      write(entry.getValue(), depth + 1);
      comma(entries);
    }
    end(map.isEmpty(), '}', depth);
  }

  private void list(Collection<?> list, int depth) {
    out.append('[');
    for (var items = list.iterator(); items.hasNext(); ) {
      lineBreak(depth + 1);
      write(items.next(), depth + 1);
      comma(items);
    }
    end(list.isEmpty(), ']', depth);
  }

  private void comma(Iterator<?> iterator) {
    if (iterator.hasNext()) {
      out.append(indented ? "," : ", ");
    }
  }

  private void end(boolean empty, char bracket, int depth) {
    if (!empty) {
      lineBreak(depth);
    }
    out.append(bracket);
  }

  private void lineBreak(int depth) {
    if (indented) {
      out.append('\n').repeat(' ', 2 * depth);
    }
  }

  static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (isShown(c)) {
            quoted.append(c);
          } else {
            quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  private static boolean isShown(char c) {
    return c < 0xa0
        ? c >= ' ' && c < 0x7f
        : c < 0xfff0 && c != 0x2028 && c != 0x2029 && c != 0xfeff;
  }

  /// A map in the order in which they are given: name, value, name, value.
  static Map<String, @Nullable Object> object(Object... namesAndValues) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return object;
  }
}

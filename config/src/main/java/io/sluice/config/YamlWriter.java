package io.sluice.config;

import java.util.Collection;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Writes plain values (maps, lists, texts, numbers, booleans, null) as YAML in block style, indented
/// by four, as the Collector does. A text stands in quotes where it could be read as something else.
final class YamlWriter {
  private static final String INDENT = "    ";
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z0-9_./+-]([A-Za-z0-9_./+@%:=,() -]*[A-Za-z0-9_./+@%=,()-])?");

  /// What readers of YAML 1.1 take for a boolean, a number of base 60 or a date.
  private static final Pattern ELSEWHERE =
      Pattern.compile(
          "(?i)y|n|yes|no|on|off|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\\.[0-9_]*)?"
              + "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*");

  private final StringBuilder out = new StringBuilder();

  private YamlWriter() {}

  static String of(Map<?, ?> map) {
    if (map.isEmpty()) {
      return "{}\n";
    }
    var writer = new YamlWriter();
    writer.map(map, "", "");
    return writer.out.toString();
  }

  /// @param first what stands before the first key: the indent, or that of a list with its dash
  private void map(Map<?, ?> map, String first, String indent) {
    var before = first;
    for (var entry : map.entrySet()) {
      out.append(before).append(text(String.valueOf(entry.getKey()))).append(':');
      nested(entry.getValue(), indent);
      before = indent;
    }
  }

  private void nested(@Nullable Object value, String indent) {
    switch (value) {
      case Map<?, ?> map when !map.isEmpty() -> {
        out.append('\n');
        map(map, indent + INDENT, indent + INDENT);
      }
      case Collection<?> list when !list.isEmpty() -> {
        out.append('\n');
        list(list, indent + INDENT);
      }
      case null, default -> out.append(' ').append(scalar(value)).append('\n');
    }
  }

  private void list(Collection<?> list, String indent) {
    for (var item : list) {
      switch (item) {
        case Map<?, ?> map when !map.isEmpty() -> map(map, indent + "- ", indent + "  ");
        case Collection<?> inner when !inner.isEmpty() ->
            out.append(indent).append("- ").append(Json.line(inner)).append('\n');
        case null, default -> out.append(indent).append("- ").append(scalar(item)).append('\n');
      }
    }
  }

  private static String scalar(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Map<?, ?> _ -> "{}";
      case Collection<?> _ -> "[]";
      case Double number when number.isNaN() -> ".nan";
      case Double number when number.isInfinite() -> number > 0 ? ".inf" : "-.inf";
      case Number number -> Json.line(number);
      case Boolean truth -> truth.toString();
      default -> text(value.toString());
    };
  }

  private static String text(String text) {
    boolean plain =
        PLAIN.matcher(text).matches()
            && GoScalar.value(text) instanceof String
            && !ELSEWHERE.matcher(text).matches()
            && !text.startsWith("- ")
            && !text.equals("-")
            && !text.equals("---")
            && !text.contains(": ");
    return plain ? text : Json.quoted(text);
  }
}

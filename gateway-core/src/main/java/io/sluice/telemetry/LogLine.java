package io.sluice.telemetry;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/// One line of the log, as text the Collector's users know: tab-separated with fields in JSON at the
/// end, or JSON as a whole.
///
/// Values come from outside sometimes. Control characters and anything that could start a new line or
/// colour a terminal are escaped, and long values are cut at [#VALUE_CHARS_MAX].
final class LogLine {
  static final int VALUE_CHARS_MAX = 1024;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXX").withZone(ZoneId.systemDefault());

  private LogLine() {}

  static String console(
      Instant at, Log.Level level, String caller, String message, Map<String, Object> fields) {
    var line = new StringBuilder(256);
    line.append(TIME.format(at)).append('\t').append(name(level)).append('\t');
    line.append(caller).append(caller.isEmpty() ? "" : "\t");
    block(line, message);
    if (!fields.isEmpty()) {
      line.append('\t');
      object(line, fields);
    }
    return line.append('\n').toString();
  }

  static String json(
      Instant at, Log.Level level, String caller, String message, Map<String, Object> fields) {
    var line = new StringBuilder(256);
    line.append("{\"level\":\"").append(name(level)).append("\",\"ts\":\"");
    line.append(TIME.format(at)).append('"');
    if (!caller.isEmpty()) {
      line.append(",\"caller\":");
      string(line, caller);
    }
    line.append(",\"msg\":\"");
    clean(line, message, Integer.MAX_VALUE);
    line.append('"');
    fields.forEach((key, value) -> field(line.append(','), key, value));
    return line.append("}\n").toString();
  }

  static String name(Log.Level level) {
    return switch (level) {
      case DEBUG -> "debug";
      case INFO -> "info";
      case WARN -> "warn";
      case ERROR -> "error";
    };
  }

  private static void object(StringBuilder line, Map<?, ?> fields) {
    line.append('{');
    int start = line.length();
    fields.forEach(
        (key, value) -> field(line.append(line.length() == start ? "" : ", "), key, value));
    line.append('}');
  }

  private static void field(StringBuilder line, Object key, Object value) {
    string(line, key.toString());
    line.append(": ");
    switch (value) {
      case Number number -> line.append(number);
      case Boolean bool -> line.append(bool);
      case Map<?, ?> map -> object(line, map);
      default -> string(line, String.valueOf(value));
    }
  }

  private static void string(StringBuilder line, String text) {
    line.append('"');
    clean(line, text, VALUE_CHARS_MAX);
    line.append('"');
  }

  /// Messages are ours, and whole: the debug exporter prints batches as blocks of lines.
  private static void block(StringBuilder line, String message) {
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      if (Character.isISOControl(c) && c != '\n' && c != '\t') {
        line.append("\\u%04x".formatted((int) c));
      } else {
        line.append(c);
      }
    }
  }

  private static void clean(StringBuilder line, String text, int charsMax) {
    int end = Math.min(text.length(), charsMax);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> line.append("\\\"");
        case '\\' -> line.append("\\\\");
        case '\n' -> line.append("\\n");
        case '\t' -> line.append("\\t");
        case '\r' -> line.append("\\r");
        default -> {
          if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
            line.append("\\u%04x".formatted((int) c));
          } else {
            line.append(c);
          }
        }
      }
    }
    line.append(end < text.length() ? "..." : "");
  }
}

package io.sluice.transport;

import java.time.Duration;
import java.util.Locale;

/// The little JSON that answers need.
public final class JsonText {
  private JsonText() {}

  public static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ' || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
            out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /// As protobuf's JSON mapping writes a duration: `1.500s`.
  public static String seconds(Duration duration) {
    int millis = duration.toMillisPart();
    return millis == 0
        ? duration.toSeconds() + "s"
        : String.format(Locale.ROOT, "%d.%03ds", duration.toSeconds(), millis);
  }
}

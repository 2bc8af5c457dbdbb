package io.sluice.exporters.prometheuspull;

import io.sluice.exporters.prometheus.LabelNames;
import io.sluice.exporters.prometheus.SeriesTable;
import io.sluice.exporters.prometheus.Strategy;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Writes the labels of a series of a table as the page has them, without braces. Confined to one thread.
final class Labels {
  private static final Pattern PLAIN = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

  private final StringBuilder text = new StringBuilder();
  private final LabelNames escaping = new LabelNames(Strategy.UNDERSCORES, false);

  /// @param without labels of this name
  String of(SeriesTable table, int series, String without) {
    text.setLength(0);
    var symbols = table.symbols();
    for (int i = 0; i < table.labels(series); i += 2) {
      var name = symbols.text(table.label(series, i));
      if (!name.equals("__name__") && !name.equals(without)) {
        text.append(text.isEmpty() ? "" : ",");
        pair(name, symbols.text(table.label(series, i + 1)), text);
      }
    }
    return text.toString();
  }

  /// Whose series it is.
  String identity(SeriesTable table, int series) {
    text.setLength(0);
    for (var name : List.of("job", "instance")) {
      pair(name, value(table, series, name), text);
    }
    return text.toString();
  }

  /// The same under names that every scraper knows; what has one name then is joined.
  String escaped(SeriesTable table, int series, String without) {
    var values = new TreeMap<String, String>();
    var symbols = table.symbols();
    for (int i = 0; i < table.labels(series); i += 2) {
      var name = symbols.text(table.label(series, i));
      if (!name.equals("__name__") && !name.equals(without)) {
        var shown = escaping.of(name);
        var value = symbols.text(table.label(series, i + 1));
        values.merge(shown.isEmpty() ? "key_" : shown, value, (one, other) -> one + ";" + other);
      }
    }
    text.setLength(0);
    values.forEach((name, value) -> {
      text.append(text.isEmpty() ? "" : ",");
      pair(name, value, text);
    });
    return text.toString();
  }

  /// Empty if there is none of that name.
  static String value(SeriesTable table, int series, String wanted) {
    var symbols = table.symbols();
    for (int i = 0; i < table.labels(series); i += 2) {
      if (symbols.text(table.label(series, i)).equals(wanted)) {
        return symbols.text(table.label(series, i + 1));
      }
    }
    return "";
  }

  static void pair(String name, String value, StringBuilder out) {
    if (isPlain(name)) {
      out.append(name).append('=');
    } else {
      quote(name, out);
      out.append('=');
    }
    quote(value, out);
  }

  static boolean isPlain(String name) {
    return PLAIN.matcher(name).matches();
  }

  static void quote(String value, StringBuilder out) {
    out.append('"');
    escape(value, true, out);
    out.append('"');
  }

  /// @param quotes whether quotes are escaped too
  static void escape(String value, boolean quotes, StringBuilder out) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '"' -> out.append(quotes ? "\\\"" : "\"");
        default -> out.append(c);
      }
    }
  }
}

package io.sluice.exporters.prometheus;

import java.util.Map;

/// A unit of OTLP (UCUM) in the words of Prometheus.
///
/// @param main `bytes`, `seconds`, what the user wrote if it is not known, or empty
/// @param per `per_second`, or empty
record Unit(String main, String per) {
  private static final Map<String, String> MAIN =
      Map.ofEntries(
          Map.entry("d", "days"),
          Map.entry("h", "hours"),
          Map.entry("min", "minutes"),
          Map.entry("s", "seconds"),
          Map.entry("ms", "milliseconds"),
          Map.entry("us", "microseconds"),
          Map.entry("ns", "nanoseconds"),
          Map.entry("By", "bytes"),
          Map.entry("KiBy", "kibibytes"),
          Map.entry("MiBy", "mebibytes"),
          Map.entry("GiBy", "gibibytes"),
          Map.entry("TiBy", "tibibytes"),
          Map.entry("KBy", "kilobytes"),
          Map.entry("MBy", "megabytes"),
          Map.entry("GBy", "gigabytes"),
          Map.entry("TBy", "terabytes"),
          Map.entry("m", "meters"),
          Map.entry("V", "volts"),
          Map.entry("A", "amperes"),
          Map.entry("J", "joules"),
          Map.entry("W", "watts"),
          Map.entry("g", "grams"),
          Map.entry("Cel", "celsius"),
          Map.entry("Hz", "hertz"),
          Map.entry("1", ""),
          Map.entry("%", "percent"));

  private static final Map<String, String> PER =
      Map.of(
          "s", "second",
          "m", "minute",
          "h", "hour",
          "d", "day",
          "w", "week",
          "mo", "month",
          "y", "year");

  /// What stands in braces is a remark and no unit.
  static Unit of(String unit) {
    int slash = unit.indexOf('/');
    var main = word(slash < 0 ? unit : unit.substring(0, slash), MAIN);
    var per = slash < 0 ? "" : word(unit.substring(slash + 1), PER);
    return new Unit(main, per.isEmpty() ? "" : "per_" + per);
  }

  private static String word(String part, Map<String, String> words) {
    var unit = part.strip();
    return unit.indexOf('{') >= 0 || unit.indexOf('}') >= 0 ? "" : words.getOrDefault(unit, unit);
  }

  /// The same in letters, digits, colons and single underscores of ASCII.
  Unit escaped() {
    return new Unit(escaped(main), escaped(per));
  }

  private static String escaped(String word) {
    var text = new StringBuilder(word.length());
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      boolean kept = MetricNames.isWord(c);
      if (kept || (!text.isEmpty() && text.charAt(text.length() - 1) != '_')) {
        text.append(kept ? c : '_');
      }
    }
    return text.toString();
  }

  /// As metadata has it: `bytes_per_second`.
  String text() {
    var text = main.isEmpty() || per.isEmpty() ? main + per : main + "_" + per;
    int from = text.startsWith("_") ? 1 : 0;
    int to = text.length() > from && text.endsWith("_") ? text.length() - 1 : text.length();
    return text.substring(from, to);
  }
}

package io.sluice.exporters.elasticsearch.document;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// `logstash_format`: the day, or what a pattern of strftime makes of it, behind the name of an index. By
/// the clock and in UTC, as in the Collector. Confined to one thread.
public final class DateSuffix {
  private final String separator;
  private final String format;
  private long second = Long.MIN_VALUE;
  private String last = "";

  /// @param format with `%Y %y %m %d %H %M %S %j %b %%`
  public DateSuffix(String separator, String format) {
    this.separator = separator;
    this.format = format;
  }

  /// @throws IllegalArgumentException if the format has a directive that is not known
  public String at(Instant now) {
    if (now.getEpochSecond() != second) {
      second = now.getEpochSecond();
      last = separator + written(now.atZone(ZoneOffset.UTC));
    }
    return last;
  }

  private String written(ZonedDateTime now) {
    var text = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%') {
        text.append(c);
      } else {
        text.append(directive(i + 1 < format.length() ? format.charAt(++i) : ' ', now));
      }
    }
    return text.toString().toLowerCase(Locale.ROOT);
  }

  private static String directive(char letter, ZonedDateTime now) {
    var pattern =
        switch (letter) {
          case 'Y' -> "uuuu";
          case 'y' -> "uu";
          case 'm' -> "MM";
          case 'd' -> "dd";
          case 'H' -> "HH";
          case 'M' -> "mm";
          case 'S' -> "ss";
          case 'j' -> "DDD";
          case 'b' -> "MMM";
          case '%' -> "'%'";
          default ->
              throw new IllegalArgumentException(
                  "'%" + letter + "' (expected: %Y, %y, %m, %d, %H, %M, %S, %j, %b or %%)");
        };
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).format(now);
  }
}

package io.sluice.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/// Durations in Go's notation: `300ms`, `1.5h`, `2m30s`, `-1s`, `0`.
final class GoDuration {
  static final String EXPECTED = "a duration such as 300ms, 5s, 1.5h or 2m30s";

  /// For JSON Schema; a little wider than what is accepted.
  static final String PATTERN = "^[-+]?(0|([0-9]*\\.?[0-9]*(ns|us|µs|μs|ms|s|m|h))+)$";

  private static final Pattern PART = Pattern.compile("([0-9]*)(\\.[0-9]*)?(ns|us|µs|μs|ms|s|m|h)");
  private static final Pattern JAVAS =
      Pattern.compile("\\bPT(?:-?[0-9]+H)?(?:-?[0-9]+M)?(?:-?[0-9]+(?:\\.[0-9]+)?S)?(?<!PT)\\b");
  private static final int LENGTH_MAX = 100;
  private static final long SECOND = 1_000_000_000L;
  private static final Map<String, Long> UNITS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "μs", 1_000L,
          "ms", 1_000_000L,
          "s", SECOND,
          "m", 60 * SECOND,
          "h", 3600 * SECOND);

  private GoDuration() {}

  /// @throws IllegalArgumentException if it is no duration, or one of more than 292 years
  static Duration parse(String text) {
    boolean negative = text.startsWith("-");
    var rest = negative || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return Duration.ZERO;
    }
    var nanos = nanos(text, rest);
    return Duration.ofNanos(negative ? -nanos : nanos);
  }

  private static long nanos(String text, String rest) {
    var sum = BigDecimal.ZERO;
    var part = PART.matcher(rest);
    int at = 0;
    while (at < rest.length() && rest.length() <= LENGTH_MAX && part.find(at)) {
      var number = rest.substring(part.start(), part.start(3));
      if (part.start() != at || number.isEmpty() || number.equals(".")) {
        throw wrong(text);
      }
      sum = sum.add(amount(number).multiply(BigDecimal.valueOf(unit(part.group(3)))));
      at = part.end();
    }
    if (at == 0 || at < rest.length() || sum.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw wrong(text);
    }
    return sum.longValue();
  }

  private static BigDecimal amount(String number) {
    return new BigDecimal(number.endsWith(".") ? number + "0" : number);
  }

  private static long unit(String name) {
    return UNITS.getOrDefault(name, 1L);
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException("'" + text + "' (expected: " + EXPECTED + ")");
  }

  /// The same text with durations as Go prints them; Java's own notation is what a record's checks write.
  static String inText(String text) {
    return JAVAS.matcher(text).replaceAll(found -> text(Duration.parse(found.group())));
  }

  /// As Go prints it: `1h30m0s`, `2m0s`, `1.5s`, `200ms`, `0s`.
  static String text(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    if (duration.isNegative()) {
      return "-" + text(duration.negated());
    }
    long nanos = duration.toNanosPart();
    if (duration.toSeconds() == 0) {
      return nanos >= 1_000_000
          ? decimal(nanos, 6) + "ms"
          : nanos >= 1_000 ? decimal(nanos, 3) + "µs" : nanos + "ns";
    }
    long hours = duration.toHours();
    long minutes = duration.toMinutesPart();
    var seconds = decimal(duration.toSecondsPart() * SECOND + nanos, 9) + "s";
    return (hours > 0 ? hours + "h" : "")
        + (hours > 0 || minutes > 0 ? minutes + "m" : "")
        + seconds;
  }

  private static String decimal(long amount, int scale) {
    return BigDecimal.valueOf(amount, scale).stripTrailingZeros().toPlainString();
  }
}

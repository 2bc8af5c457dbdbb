package io.sluice.config;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What an unquoted scalar means, by the rules of the YAML library that the Collector uses: YAML 1.2,
/// but with octal `0777`, `1_000` and `0b11`. `on` and `yes` are texts, and so are dates.
final class GoScalar {
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Map<String, Boolean> BOOLEANS =
      Map.of(
          "true", true, "True", true, "TRUE", true, "false", false, "False", false, "FALSE", false);
  private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

  private GoScalar() {}

  static @Nullable Object value(String text) {
    return switch (text) {
      case "", "~", "null", "Null", "NULL" -> null;
      case ".nan", ".NaN", ".NAN" -> Double.NaN;
      case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" -> Double.POSITIVE_INFINITY;
      case "-.inf", "-.Inf", "-.INF" -> Double.NEGATIVE_INFINITY;
      default -> {
        var truth = BOOLEANS.get(text);
        yield truth != null ? truth : numberOrText(text);
      }
    };
  }

  private static Object numberOrText(String text) {
    char first = text.charAt(0);
    if (first != '+' && first != '-' && first != '.' && (first < '0' || first > '9')) {
      return text;
    }
    var digits = text.replace("_", "");
    var integer = integer(digits);
    if (integer != null) {
      return fitting(integer);
    }
    return FLOAT.matcher(digits).matches() ? decimalOrText(digits, text) : text;
  }

  /// What no double can hold, such as `1e400`, is a text.
  private static Object decimalOrText(String digits, String text) {
    var decimal = Double.valueOf(digits);
    return decimal.isInfinite() ? (Object) text : decimal;
  }

  private static Object fitting(BigInteger integer) {
    return integer.compareTo(LONG_MIN) < 0 || integer.compareTo(LONG_MAX) > 0
        ? (Object) integer.doubleValue()
        : (Object) integer.longValue();
  }

  private static @Nullable BigInteger integer(String digits) {
    boolean signed = digits.startsWith("-") || digits.startsWith("+");
    var body = (signed ? digits.substring(1) : digits).toLowerCase(Locale.ROOT);
    var magnitude = magnitude(body);
    return magnitude == null || !digits.startsWith("-") ? magnitude : magnitude.negate();
  }

  private static @Nullable BigInteger magnitude(String body) {
    if (body.startsWith("0x")) {
      return parsed(body.substring(2), 16);
    }
    if (body.startsWith("0b")) {
      return parsed(body.substring(2), 2);
    }
    if (body.startsWith("0o")) {
      return parsed(body.substring(2), 8);
    }
    return body.length() > 1 && body.startsWith("0")
        ? parsed(body.substring(1), 8)
        : parsed(body, 10);
  }

  /// Longer numbers are no settings, and reading them takes time that grows with the square.
  private static final int DIGITS_MAX = 100;

  private static @Nullable BigInteger parsed(String digits, int radix) {
    if (digits.isEmpty() || digits.length() > DIGITS_MAX) {
      return null;
    }
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c > 'f' || Character.digit(c, radix) < 0) {
        return null;
      }
    }
    return new BigInteger(digits, radix);
  }
}

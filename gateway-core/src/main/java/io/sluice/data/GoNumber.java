package io.sluice.data;

import java.math.BigDecimal;
import java.math.MathContext;

/// Decimals as the Collector writes them: the shortest digits that read back the same, without an
/// exponent between 1e-6 and 1e21.
public final class GoNumber {
  private GoNumber() {}

  public static String text(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    double size = Math.abs(value);
    return size != 0 && (size < 1e-6 || size >= 1e21) ? scientific(value, 1) : plain(value);
  }

  /// `%v`: an exponent below 1e-4 and from 1e6 on, with at least two digits.
  public static String general(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    double size = Math.abs(value);
    return size != 0 && (size < 1e-4 || exponent(size) >= 6) ? scientific(value, 2) : plain(value);
  }

  /// `%f`: six decimals.
  public static String fixed(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    var text = new BigDecimal(value).setScale(6, java.math.RoundingMode.HALF_EVEN).toPlainString();
    return isNegativeZero(value, text) ? "-" + text : text;
  }

  /// No exponent, whatever the size.
  public static String plain(double value) {
    if (value == 0) {
      return Double.compare(value, 0) < 0 ? "-0" : "0";
    }
    return shortest(value).toPlainString();
  }

  private static int exponent(double size) {
    var decimal = shortest(size);
    return decimal.precision() - 1 - decimal.scale();
  }

  /// The fewest digits that read back the same. Java's own text has at least two.
  private static BigDecimal shortest(double value) {
    var decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    if (decimal.precision() == 2) {
      var one = decimal.round(new MathContext(1));
      return one.doubleValue() == value ? one : decimal;
    }
    return decimal;
  }

  private static boolean isNegativeZero(double value, String text) {
    return Double.compare(value, 0) < 0 && !text.startsWith("-");
  }

  private static String scientific(double value, int exponentDigits) {
    var decimal = shortest(Math.abs(value));
    var digits = decimal.unscaledValue().toString();
    int exponent = digits.length() - 1 - decimal.scale();
    var text = new StringBuilder(value < 0 ? "-" : "").append(digits.charAt(0));
    if (digits.length() > 1) {
      text.append('.').append(digits, 1, digits.length());
    }
    text.append('e').append(exponent < 0 ? '-' : '+');
    var size = Integer.toString(Math.abs(exponent));
    return text.append("0".repeat(Math.max(0, exponentDigits - size.length())))
        .append(size)
        .toString();
  }
}

package io.sluice.processors.attraction;

import io.sluice.data.AnyValue;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `convert`: to int, double or string; null leaves the value as it is.
@FunctionalInterface
interface Conversion {
  @Nullable AnyValue apply(AnyValue value);

  static Conversion of(String type) {
    return switch (type) {
      case "int" -> Conversion::toInt;
      case "double" -> Conversion::toDouble;
      case "string" ->
          value -> value instanceof AnyValue.Text ? null : new AnyValue.Text(value.text());
      default -> throw new IllegalArgumentException("converted_type " + type);
    };
  }

  private static @Nullable AnyValue toInt(AnyValue value) {
    return switch (value) {
      case AnyValue.Decimal(var number) -> new AnyValue.Int(truncate(number));
      case AnyValue.Bool(var bool) -> new AnyValue.Int(bool ? 1 : 0);
      case AnyValue.Text(var text) -> parseInt(text);
      default -> null;
    };
  }

  /// As the Collector's processor does on amd64: what does not fit becomes the smallest number.
  private static long truncate(double number) {
    return number >= -0x1p63 && number < 0x1p63 ? (long) number : Long.MIN_VALUE;
  }

  private static @Nullable AnyValue toDouble(AnyValue value) {
    return switch (value) {
      case AnyValue.Int(var number) -> new AnyValue.Decimal(number);
      case AnyValue.Bool(var bool) -> new AnyValue.Decimal(bool ? 1 : 0);
      case AnyValue.Text(var text) -> parseDouble(text);
      default -> null;
    };
  }

  private static @Nullable AnyValue parseInt(String text) {
    if (!text.chars().allMatch(c -> c < 128)) {
      return null;
    }
    try {
      return new AnyValue.Int(Long.parseLong(text));
    } catch (NumberFormatException _) {
      return null;
    }
  }

  private static @Nullable AnyValue parseDouble(String text) {
    var special =
        switch (text.toLowerCase(java.util.Locale.ROOT)) {
          case "nan" -> Double.valueOf(Double.NaN);
          case "inf", "+inf", "infinity", "+infinity" -> Double.valueOf(Double.POSITIVE_INFINITY);
          case "-inf", "-infinity" -> Double.valueOf(Double.NEGATIVE_INFINITY);
          default -> null;
        };
    if (special != null) {
      return new AnyValue.Decimal(special);
    }
    if (!Decimals.SYNTAX.matcher(text).matches()) {
      return null;
    }
    double number = Double.parseDouble(text);
    return Double.isFinite(number) ? new AnyValue.Decimal(number) : null;
  }

  /// What Go's parser takes: decimal, or hexadecimal with an exponent.
  final class Decimals {
    static final Pattern SYNTAX =
        Pattern.compile(
            "[+-]?(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?"
                + "|0[xX](?:\\p{XDigit}+\\.?\\p{XDigit}*|\\.\\p{XDigit}+)[pP][+-]?\\d+)");

    private Decimals() {}
  }
}

package io.sluice.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Locale;

/// Reads numbers, booleans and enums as the bits that go on the wire.
///
/// What is plain is read from the bytes; the rest (signs, exponents, very many digits, escapes, names)
/// by the means of Java, which also decide what is no number.
final class JsonNumber {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// So many digits always fit into 64 bits.
  private static final int DIGITS_MAX = 19;

  /// Integers up to here and powers of ten up to there are exact as doubles, so that one division of
  /// them rounds as it should.
  private static final int EXACT_DIGITS_MAX = 15;

  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private final JsonText in;

  JsonNumber(JsonText in) {
    this.in = in;
  }

  /// Reads a value of this kind of field.
  long bits(Schema.Field field) {
    return switch (field.kind()) {
      case DOUBLE -> Double.doubleToRawLongBits(decimal(field));
      case BOOL -> bool(field) ? 1 : 0;
      case ENUM -> enumeration(field);
      case INT32 -> integer(field, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case SINT32 -> {
        int value = (int) integer(field, Integer.MIN_VALUE, Integer.MAX_VALUE);
        yield ((value << 1) ^ (value >> 31)) & 0xFFFFFFFFL;
      }
      case UINT32, FIXED32 -> integer(field, 0, 0xFFFFFFFFL);
      case UINT64, FIXED64 -> unsigned(field);
      default -> integer(field, Long.MIN_VALUE, Long.MAX_VALUE);
    };
  }

  private boolean bool(Schema.Field field) {
    int c = in.peek();
    if (c != 't' && c != 'f') {
      throw in.unexpected(field.jsonName());
    }
    in.literal(c == 't' ? "true" : "false");
    return c == 't';
  }

  private long enumeration(Schema.Field field) {
    if (in.peek() != '"') {
      return integer(field, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    in.string();
    var number = field.numbers().get(text());
    if (number == null) {
      throw in.notA("known name", field.jsonName());
    }
    return number;
  }

  private long integer(Schema.Field field, long min, long max) {
    digits(field);
    byte[] a = in.array();
    boolean negative = in.from() < in.to() && a[in.from()] == '-';
    int from = negative ? in.from() + 1 : in.from();
    long value;
    if (isPlain(a, from, in.to())) {
      value = negative ? -value(a, from, in.to()) : value(a, from, in.to());
      if (value < 0 != negative && value != 0) {
        throw in.notA("integer in range", field.jsonName());
      }
    } else {
      value = signed(field);
    }
    if (value < min || value > max) {
      throw in.notA("integer in range", field.jsonName());
    }
    return value;
  }

  private long signed(Schema.Field field) {
    try {
      return Long.parseLong(text());
    } catch (NumberFormatException _) {
      throw in.notA("integer in range", field.jsonName());
    }
  }

  private long unsigned(Schema.Field field) {
    digits(field);
    if (isPlain(in.array(), in.from(), in.to())) {
      return value(in.array(), in.from(), in.to());
    }
    try {
      return Long.parseUnsignedLong(text());
    } catch (NumberFormatException _) {
      throw in.notA("unsigned integer", field.jsonName());
    }
  }

  private void digits(Schema.Field field) {
    if (in.peek() == '"') {
      in.string();
      return;
    }
    int c = in.peek();
    if (c != '-' && (c < '0' || c > '9')) {
      throw in.unexpected(field.jsonName());
    }
    in.number();
    if (!in.integral()) {
      throw in.unexpected(field.jsonName(), "number");
    }
  }

  private static boolean isPlain(byte[] a, int from, int to) {
    int at = from;
    for (; to - at >= 8; at += 8) {
      long word = (long) LONG.get(a, at);
      long digits = word - 0x3030303030303030L;
      if (((digits | (word + 0x4646464646464646L)) & 0x8080808080808080L) != 0) {
        return false;
      }
    }
    for (; at < to; at++) {
      if (a[at] < '0' || a[at] > '9') {
        return false;
      }
    }
    return to > from && to - from <= DIGITS_MAX;
  }

  /// What so many digits say; above the signed range as an unsigned number.
  private static long value(byte[] a, int from, int to) {
    long value = 0;
    int at = from;
    for (; to - at >= 8; at += 8) {
      value = value * 100_000_000 + eight((long) LONG.get(a, at));
    }
    for (; at < to; at++) {
      value = value * 10 + (a[at] - '0');
    }
    return value;
  }

  /// Eight digits at once: neighbours become pairs, pairs become fours, fours the result.
  private static long eight(long digits) {
    long pairs = ((digits & 0x0F0F0F0F0F0F0F0FL) * (1 + (10 << 8))) >>> 8;
    long fours = ((pairs & 0x00FF00FF00FF00FFL) * (1 + (100 << 16))) >>> 16;
    return ((fours & 0x0000FFFF0000FFFFL) * (1 + (10_000L << 32))) >>> 32;
  }

  private double decimal(Schema.Field field) {
    int c = in.peek();
    if (c == '"') {
      in.string();
      return named(field, text());
    }
    if (c != '-' && (c < '0' || c > '9')) {
      throw in.unexpected(field.jsonName());
    }
    in.number();
    double exact = exact(in.array(), in.from(), in.to());
    return Double.isNaN(exact) ? parsed(field, text()) : exact;
  }

  /// A number of few digits without an exponent; of others NaN.
  private static double exact(byte[] a, int from, int to) {
    boolean negative = a[from] == '-';
    int first = negative ? from + 1 : from;
    if (to - first > EXACT_DIGITS_MAX + 1) {
      return Double.NaN;
    }
    long digits = 0;
    int point = to;
    for (int at = first; at < to; at++) {
      int digit = a[at] - '0';
      if (digit >= 0 && digit <= 9) {
        digits = digits * 10 + digit;
      } else if (a[at] == '.') {
        point = at + 1;
      } else {
        return Double.NaN;
      }
    }
    if (digits >= 1_000_000_000_000_000L) {
      return Double.NaN;
    }
    double value = digits / POWERS[to - point];
    return negative ? -value : value;
  }

  private double named(Schema.Field field, String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan" -> Double.NaN;
      case "infinity", "inf", "+inf", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-infinity", "-inf" -> Double.NEGATIVE_INFINITY;
      default -> spelled(field, text);
    };
  }

  /// Java takes more for a number than JSON has.
  private double spelled(Schema.Field field, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (i == JsonText.NUMBER_CHARS_MAX || "0123456789+-.eE".indexOf(text.charAt(i)) < 0) {
        throw in.notA("number", field.jsonName());
      }
    }
    return parsed(field, text);
  }

  private double parsed(Schema.Field field, String text) {
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw in.notA("number", field.jsonName());
  }

  /// What was read last, as a text of Java's.
  private String text() {
    return in.content().utf8();
  }
}

package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireWriter;
import java.nio.charset.StandardCharsets;

/// What the escapes of a JSON string mean, in UTF-8. A lone surrogate, which JSON can spell and UTF-8
/// cannot, becomes U+FFFD.
final class JsonEscapes {
  private static final int REPLACEMENT = 0xFFFD;

  private JsonEscapes() {}

  /// @param a holds a string, the escapes of which have been checked
  static Bytes unescaped(byte[] a, int from, int to) {
    var out = new WireWriter(to - from);
    int at = from;
    while (at < to) {
      int plain = at;
      while (at < to && a[at] != '\\') {
        at++;
      }
      out.raw(a, plain, at - plain);
      if (at < to) {
        at = escape(a, at, to, out);
      }
    }
    return out.take();
  }

  private static int escape(byte[] a, int at, int to, WireWriter out) {
    if (a[at + 1] != 'u') {
      codePoint(simple(a[at + 1]), out);
      return at + 2;
    }
    int unit = unit(a, at);
    int next = at + 6;
    if (Character.isHighSurrogate((char) unit) && isEscapedUnit(a, next, to)) {
      int low = unit(a, next);
      if (Character.isLowSurrogate((char) low)) {
        codePoint(Character.toCodePoint((char) unit, (char) low), out);
        return next + 6;
      }
    }
    codePoint(Character.isSurrogate((char) unit) ? REPLACEMENT : unit, out);
    return next;
  }

  private static int simple(byte letter) {
    return switch (letter) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> letter;
    };
  }

  private static boolean isEscapedUnit(byte[] a, int at, int to) {
    return to - at >= 6 && a[at] == '\\' && a[at + 1] == 'u';
  }

  private static int unit(byte[] a, int at) {
    int unit = 0;
    for (int i = at + 2; i < at + 6; i++) {
      unit = unit << 4 | Hex.value(a[i]);
    }
    return unit;
  }

  private static void codePoint(int codePoint, WireWriter out) {
    if (codePoint < 0x80) {
      out.rawVarint(codePoint);
    } else {
      byte[] bytes = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
      out.raw(bytes, 0, bytes.length);
    }
  }
}

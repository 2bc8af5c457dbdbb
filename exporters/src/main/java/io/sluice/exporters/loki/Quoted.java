package io.sluice.exporters.loki;

import io.sluice.wire.WireWriter;
import java.nio.charset.StandardCharsets;

/// Texts in quotes, as bytes. What goes in is valid UTF-8; whatever is not ASCII stays as it is.
final class Quoted {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /// What follows the backslash in Go for 7 (bell) to 13 (return).
  private static final byte[] GO = "abtnvfr".getBytes(StandardCharsets.US_ASCII);

  private Quoted() {}

  static void ascii(WireWriter out, String text) {
    byte[] room = out.room(text.length());
    int at = out.size();
    for (int i = 0; i < text.length(); i++) {
      room[at + i] = (byte) text.charAt(i);
    }
    out.wrote(text.length());
  }

  static void octet(WireWriter out, char c) {
    out.room(1)[out.size()] = (byte) c;
    out.wrote(1);
  }

  /// A text of JSON, quotes included.
  static void json(WireWriter out, byte[] array, int from, int length) {
    octet(out, '"');
    jsonInside(out, array, from, length);
    octet(out, '"');
  }

  private static void jsonInside(WireWriter out, byte[] array, int from, int length) {
    int copied = from;
    int end = from + length;
    for (int at = from; at < end; at++) {
      byte b = array[at];
      if ((b >= 0 && b < ' ') || b == '"' || b == '\\') {
        out.raw(array, copied, at - copied);
        copied = at + 1;
        octet(out, '\\');
        switch (b) {
          case '"', '\\' -> octet(out, (char) b);
          case '\n' -> octet(out, 'n');
          case '\r' -> octet(out, 'r');
          case '\t' -> octet(out, 't');
          default -> {
            ascii(out, "u00");
            hex(out, b);
          }
        }
      }
    }
    out.raw(array, copied, end - copied);
  }

  /// A text of Go, which LogQL and logfmt have too, quotes included.
  static void go(WireWriter out, byte[] array, int from, int length) {
    octet(out, '"');
    int copied = from;
    int end = from + length;
    for (int at = from; at < end; at++) {
      byte b = array[at];
      if ((b >= 0 && b < ' ') || b == 0x7F || b == '"' || b == '\\') {
        out.raw(array, copied, at - copied);
        copied = at + 1;
        octet(out, '\\');
        if (b == '"' || b == '\\') {
          octet(out, (char) b);
        } else if (b >= 7 && b <= 13) {
          octet(out, (char) GO[b - 7]);
        } else {
          octet(out, 'x');
          hex(out, b);
        }
      }
    }
    out.raw(array, copied, end - copied);
    octet(out, '"');
  }

  static void hex(WireWriter out, byte b) {
    octet(out, (char) HEX[b >> 4 & 0xF]);
    octet(out, (char) HEX[b & 0xF]);
  }
}

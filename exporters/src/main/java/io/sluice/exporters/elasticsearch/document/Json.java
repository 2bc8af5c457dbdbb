package io.sluice.exporters.elasticsearch.document;

import io.sluice.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes JSON into a growing array. Commas are its own business. Bytes that are no UTF-8 become U+FFFD, and
/// numbers that JSON does not have become null. Confined to one thread; reused with [#cut].
public final class Json {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /// The largest array the JDK is sure to have.
  private static final int BYTES_MAX = Integer.MAX_VALUE - 8;

  private byte[] array = new byte[1 << 10];
  private int size;

  public int size() {
    return size;
  }

  /// Takes back what was written behind this.
  public void cut(int toSize) {
    size = toSize;
  }

  /// What was written; it stays as it is until something else is written.
  public Bytes view() {
    return Bytes.wrap(array, 0, size);
  }

  /// What was written from there on, copied.
  Bytes copyFrom(int from) {
    return Bytes.copyOf(array, from, size);
  }

  Json open() {
    return begin('{');
  }

  Json close() {
    return put('}');
  }

  Json openList() {
    return begin('[');
  }

  Json closeList() {
    return put(']');
  }

  void newLine() {
    put('\n');
  }

  private Json begin(char bracket) {
    separate();
    return put(bracket);
  }

  /// @param name of plain characters
  Json key(String name) {
    separate();
    ensure(name.length() + 3);
    array[size++] = '"';
    for (int i = 0; i < name.length(); i++) {
      array[size++] = (byte) name.charAt(i);
    }
    array[size++] = '"';
    array[size++] = ':';
    return this;
  }

  Json key(Bytes name) {
    text(name);
    return put(':');
  }

  /// A key with its value, or several, as [#copyFrom] gave them.
  void fields(Bytes written) {
    if (!written.isEmpty()) {
      separate();
      raw(written);
    }
  }

  void text(String value) {
    text(Bytes.utf8(value));
  }

  void text(Bytes value) {
    separate();
    put('"');
    escaped(value.sharedArray(), value.offset(), value.offset() + value.length());
    put('"');
  }

  void number(long value) {
    separate();
    digits(Long.toString(value));
  }

  void unsigned(long value) {
    separate();
    digits(Long.toUnsignedString(value));
  }

  /// With a point or an exponent always, by which the server tells it from a whole number.
  void decimal(double value) {
    if (Double.isFinite(value)) {
      separate();
      digits(Double.toString(value));
    } else {
      nothing();
    }
  }

  void truth(boolean value) {
    separate();
    digits(value ? "true" : "false");
  }

  void nothing() {
    separate();
    digits("null");
  }

  void hex(Bytes value) {
    separate();
    ensure(2 * value.length() + 2);
    array[size++] = '"';
    for (int i = 0; i < value.length(); i++) {
      int b = value.at(i);
      array[size++] = HEX[(b >> 4) & 0xF];
      array[size++] = HEX[b & 0xF];
    }
    array[size++] = '"';
  }

  private void digits(String ascii) {
    ensure(ascii.length());
    for (int i = 0; i < ascii.length(); i++) {
      array[size++] = (byte) ascii.charAt(i);
    }
  }

  /// Behind anything that can stand before a sibling.
  private void separate() {
    if (size > 0) {
      switch (array[size - 1]) {
        case '{', '[', ':', '\n' -> {}
        default -> put(',');
      }
    }
  }

  private void escaped(byte[] a, int from, int to) {
    ensure(to - from);
    int plain = from;
    for (int at = from; at < to; ) {
      int b = a[at];
      if (b >= 0x20 && b != '"' && b != '\\') {
        at++;
        continue;
      }
      int length = b < 0 ? sequence(a, at, to) : 0;
      if (length > 0) {
        at += length;
        continue;
      }
      raw(a, plain, at - plain);
      if (b < 0) {
        raw(REPLACEMENT, 0, REPLACEMENT.length);
      } else {
        escape(b);
      }
      plain = ++at;
    }
    raw(a, plain, to - plain);
  }

  private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);

  private void escape(int b) {
    ensure(6);
    array[size++] = '\\';
    switch (b) {
      case '"', '\\' -> array[size++] = (byte) b;
      case '\n' -> array[size++] = 'n';
      case '\r' -> array[size++] = 'r';
      case '\t' -> array[size++] = 't';
      default -> {
        array[size++] = 'u';
        array[size++] = '0';
        array[size++] = '0';
        array[size++] = HEX[b >> 4];
        array[size++] = HEX[b & 0xF];
      }
    }
  }

  /// How long the character of several bytes is that begins here; 0 if there is none.
  private static int sequence(byte[] a, int at, int to) {
    int first = a[at] & 0xFF;
    int length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || to - at < length) {
      return 0;
    }
    int code = first & (0xFF >> (length + 1));
    for (int i = 1; i < length; i++) {
      if ((a[at + i] & 0xC0) != 0x80) {
        return 0;
      }
      code = (code << 6) | (a[at + i] & 0x3F);
    }
    boolean overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    boolean surrogate = code >= 0xD800 && code <= 0xDFFF;
    return overlong || surrogate || code > 0x10FFFF ? 0 : length;
  }

  private void raw(Bytes bytes) {
    raw(bytes.sharedArray(), bytes.offset(), bytes.length());
  }

  private void raw(byte[] source, int from, int length) {
    ensure(length);
    System.arraycopy(source, from, array, size, length);
    size += length;
  }

  private Json put(char ascii) {
    ensure(1);
    array[size++] = (byte) ascii;
    return this;
  }

  private void ensure(int more) {
    if (array.length - size < more) {
      long wanted = Math.max((long) size + more, array.length * 2L);
      array = Arrays.copyOf(array, Math.clamp(wanted, Math.addExact(size, more), BYTES_MAX));
    }
  }
}

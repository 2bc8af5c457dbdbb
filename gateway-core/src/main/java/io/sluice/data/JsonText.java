package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.MalformedWireException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// A JSON text and a place in it: the syntax, without any meaning. Works on the bytes themselves and
/// makes no objects; strings are looked through eight bytes at a time.
///
/// What was read last (a string, a number) is known by [#from] and [#to] until the next is read.
/// Nesting is bounded, so that whoever follows it may recurse.
final class JsonText {
  static final int END = -1;

  /// An AnyValue level takes up to four levels of JSON; [Validate] counts those of values exactly.
  static final int DEPTH_MAX = 4 * Validate.NESTING_MAX + 64;

  static final int NUMBER_CHARS_MAX = 400;
  static final int NAME_CHARS_MAX = 1000;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = ONES << 7;
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';
  private static final long SPACES = ONES * ' ';

  private final byte[] a;
  private final int start;
  private final int end;
  private int at;
  private int depth;

  /// Where the last value begins, for those who complain of it.
  private int valueAt;

  private int from;
  private int to;
  private boolean ascii;
  private boolean escaped;
  private boolean integral;

  JsonText(Bytes text) {
    refuseOtherEncodings(text);
    a = text.sharedArray();
    start = text.offset();
    end = start + text.length();
    at = start;
    if (text.length() >= 3
        && a[at] == (byte) 0xEF
        && a[at + 1] == (byte) 0xBB
        && a[at + 2] == (byte) 0xBF) {
      at += 3;
    }
  }

  /// UTF-16 and UTF-32 have a zero or a byte order mark of theirs among the first bytes.
  private static void refuseOtherEncodings(Bytes json) {
    for (int i = 0; i < Math.min(4, json.length()); i++) {
      int b = json.at(i) & 0xFF;
      if (b == 0 || b >= 0xFE) {
        throw new MalformedWireException("JSON that is not UTF-8");
      }
    }
  }

  byte[] array() {
    return a;
  }

  /// Where this is in [#array].
  int at() {
    return at;
  }

  int end() {
    return end;
  }

  /// For those who have read something themselves.
  void moveTo(int index) {
    at = index;
  }

  /// How many objects and arrays may still begin.
  int depthLeft() {
    return DEPTH_MAX - depth;
  }

  /// What was read last, with the meaning of its escapes.
  Bytes content() {
    return escaped ? JsonEscapes.unescaped(a, from, to) : Bytes.wrap(a, from, to);
  }

  /// Where the last string, without its quotes, or number begins.
  int from() {
    return from;
  }

  int to() {
    return to;
  }

  /// Whether the last string is ASCII as far as it is not escaped.
  boolean ascii() {
    return ascii;
  }

  /// Whether the last string has escapes.
  boolean escaped() {
    return escaped;
  }

  /// Whether the last number has neither fraction nor exponent.
  boolean integral() {
    return integral;
  }

  /// Goes to the next token; the result is its first byte, or [#END].
  int peek() {
    int c = at < end ? a[at] : END;
    return c > ' ' ? c : peekFurther();
  }

  private int peekFurther() {
    while (at < end) {
      int c = a[at];
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return c & 0xFF;
      }
      at++;
    }
    return END;
  }

  /// Goes into the object or array that begins here.
  ///
  /// @return whether there is something in it
  boolean open(int close) {
    if (++depth > DEPTH_MAX) {
      throw beyond("Document nesting depth", depth, DEPTH_MAX);
    }
    at++;
    if (peek() != close) {
      return true;
    }
    leave();
    return false;
  }

  /// Goes on behind a value.
  ///
  /// @return whether there is one more in this object or array
  boolean more(int close) {
    int c = peek();
    if (c == ',') {
      at++;
      return true;
    }
    if (c != close) {
      throw notJson();
    }
    leave();
    return false;
  }

  private void leave() {
    at++;
    depth--;
  }

  /// Reads a name and the colon behind it.
  ///
  /// @param expected tried first
  @Nullable JsonName name(JsonNames names, @Nullable JsonName expected) {
    if (peek() != '"') {
      throw notJson();
    }
    if (expected != null && expected.isAt(a, at, end)) {
      at += expected.length();
      return expected;
    }
    return name(names);
  }

  private @Nullable JsonName name(JsonNames names) {
    string();
    if (to - from > NAME_CHARS_MAX) {
      throw beyond("Name length", to - from, NAME_CHARS_MAX);
    }
    if (peek() != ':') {
      throw notJson();
    }
    at++;
    if (!escaped) {
      return names.find(a, from, to);
    }
    byte[] name = content().toArray();
    return names.find(name, 0, name.length);
  }

  /// The first eight bytes of a name, or as many as it has.
  static long word(byte[] a, int from, int to) {
    int length = to - from;
    if (a.length - from >= 8) {
      long word = (long) LONG.get(a, from);
      return length >= 8 ? word : word & ((1L << (8 * length)) - 1);
    }
    long word = 0;
    for (int i = 0; i < length; i++) {
      word |= (a[from + i] & 0xFFL) << (8 * i);
    }
    return word;
  }

  /// Reads `null`, if that is what comes.
  boolean isNull() {
    if (peek() != 'n') {
      return false;
    }
    literal("null");
    return true;
  }

  void literal(String word) {
    valueAt = at;
    int length = word.length();
    for (int i = 0; i < length; i++, at++) {
      if (at == end || a[at] != word.charAt(i)) {
        throw notJson();
      }
    }
    if (at < end && (a[at] < 0 || Character.isJavaIdentifierPart(a[at]))) {
      throw notJson();
    }
  }

  /// Reads the string that begins here.
  void string() {
    valueAt = at;
    from = at + 1;
    escaped = false;
    long bits = 0;
    int i = from;
    while (true) {
      for (; end - i >= 8; i += 8) {
        long word = (long) LONG.get(a, i);
        long found = special(word);
        if (found != 0) {
          int before = Long.numberOfTrailingZeros(found) & ~7;
          bits |= word & ((1L << before) - 1);
          i += before >>> 3;
          break;
        }
        bits |= word;
      }
      for (; i < end && a[i] != '"' && a[i] != '\\' && (a[i] & 0xE0) != 0; i++) {
        bits |= a[i];
      }
      if (i < end && a[i] == '"') {
        break;
      }
      i = escape(i);
    }
    to = i;
    at = i + 1;
    ascii = (bits & HIGH_BITS) == 0;
  }

  /// The lowest bit that is set is in the first byte that is a quote, a backslash or below a space;
  /// bits above it mean nothing.
  static long special(long word) {
    long quotes = word ^ QUOTES;
    long backslashes = word ^ BACKSLASHES;
    return (((quotes - ONES) & ~quotes)
            | ((backslashes - ONES) & ~backslashes)
            | ((word - SPACES) & ~word))
        & HIGH_BITS;
  }

  /// Checks an escape; what it means is for [JsonEscapes].
  private int escape(int backslash) {
    at = backslash;
    if (end - backslash < 2 || a[backslash] != '\\') {
      throw notJson();
    }
    escaped = true;
    int c = a[backslash + 1];
    if (c != 'u') {
      if ("\"\\/bfnrt".indexOf(c) < 0) {
        throw notJson();
      }
      return backslash + 2;
    }
    for (int i = 2; i < 6; i++) {
      if (backslash + i >= end || !Hex.isDigit(a[backslash + i])) {
        throw notJson();
      }
    }
    return backslash + 6;
  }

  /// Reads the number that begins here.
  void number() {
    valueAt = at;
    from = at;
    escaped = false;
    int i = at;
    if (a[i] == '-') {
      i++;
    }
    int first = i;
    i = digits(i);
    if (a[first] == '0' && i - first > 1) {
      throw notJson(first + 1);
    }
    integral = true;
    if (i < end && a[i] == '.') {
      integral = false;
      i = digits(i + 1);
    }
    if (i < end && (a[i] | 0x20) == 'e') {
      integral = false;
      i++;
      i = digits(i < end && (a[i] == '+' || a[i] == '-') ? i + 1 : i);
    }
    at = i;
    to = i;
    if (to - from > NUMBER_CHARS_MAX) {
      throw beyond("Number value length", to - from, NUMBER_CHARS_MAX);
    }
  }

  private int digits(int first) {
    int i = first;
    while (i < end && a[i] >= '0' && a[i] <= '9') {
      i++;
    }
    if (i == first) {
      throw notJson(i);
    }
    return i;
  }

  /// Steps over any value.
  void skip() {
    switch (peek()) {
      case '{' -> {
        for (boolean more = open('}'); more; more = more('}')) {
          name(NO_NAMES, null);
          skip();
        }
      }
      case '[' -> {
        for (boolean more = open(']'); more; more = more(']')) {
          skip();
        }
      }
      default -> scalar();
    }
  }

  private static final JsonNames NO_NAMES = new JsonNames(0);

  private void scalar() {
    switch (peek()) {
      case '"' -> string();
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw notJson();
    }
  }

  /// Of the value that begins here: not one that may be here.
  MalformedWireException unexpected(String name) {
    int c = peek();
    if (c != '"' && c != '{' && c != '[') {
      scalar();
    } else {
      valueAt = at;
    }
    var found =
        switch (c) {
          case '{' -> "object";
          case '[' -> "array";
          case '"' -> "string";
          case 't', 'f' -> "boolean";
          case 'n' -> "null";
          default -> "number";
        };
    return unexpected(name, found);
  }

  /// Of the value that was read last: not one that may be here.
  MalformedWireException unexpected(String name, String found) {
    return new MalformedWireException(
        "JSON " + name + ": unexpected " + found + " at " + place(valueAt));
  }

  /// Of the value that was read last: it means nothing.
  MalformedWireException notA(String what, String name) {
    return new MalformedWireException("JSON " + name + ": no " + what + " at " + place(valueAt));
  }

  MalformedWireException notJson() {
    return notJson(at);
  }

  private MalformedWireException notJson(int index) {
    return new MalformedWireException("not JSON at " + place(index));
  }

  private static MalformedWireException beyond(String what, int found, int max) {
    return new MalformedWireException(
        "JSON beyond limits: "
            + what
            + " ("
            + found
            + ") exceeds the maximum allowed ("
            + max
            + ")");
  }

  /// Lines and columns count from one, columns in bytes.
  private String place(int index) {
    int line = 1;
    int lineAt = start;
    for (int i = start; i < index; i++) {
      if (a[i] == '\n' || (a[i] == '\r' && (i + 1 == end || a[i + 1] != '\n'))) {
        line++;
        lineAt = i + 1;
      }
    }
    return "line " + line + ", column " + (index - lineAt + 1);
  }
}

package io.sluice.data;

import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Attributes as nearly every sender writes them, which is most of what there is:
/// `{"key":"…","value":{"stringValue":"…"}}`, or an integer, without spaces or escapes, ASCII, and short
/// enough for all lengths to take one byte. Anything else is left to [JsonReader], from the beginning.
///
/// The same walk looks for the end of a text and copies it, eight bytes at a time.
final class JsonAttributes {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final byte KEY_TAG = 0x0A;
  private static final byte VALUE_TAG = 0x12;
  private static final byte STRING_VALUE_TAG = 0x0A;
  private static final byte INT_VALUE_TAG = 0x18;

  private static final long HIGH_BITS = 0x8080808080808080L;

  private static final String KEY_TEXT = "{\"key\":\"";
  private static final String VALUE_TEXT = "\",\"value\":{\"";
  private static final String STRING_TEXT = "stringValue\":\"";
  private static final String INTEGER_TEXT = "intValue\":";
  private static final long KEY = word(KEY_TEXT, 0);
  private static final long VALUE = word(VALUE_TEXT, 0);
  private static final int VALUE_END = (int) (word(VALUE_TEXT, 4) >>> 32);
  private static final long STRING = word(STRING_TEXT, 0);
  private static final long STRING_END = word(STRING_TEXT, 6);
  private static final long INTEGER = word(INTEGER_TEXT, 0);

  /// What may be looked at without asking at each step whether it is still in the text.
  private static final int LOOK_AHEAD = 64;

  private static final int DIGITS_MAX = 18;
  private static final int LENGTH_MAX = 127;
  private static final int FIELD_MAX = 15;

  /// An attribute, and what the last look at a text of it writes too much.
  private static final int ROOM = 4 * LENGTH_MAX;

  private final JsonText in;
  private final WireWriter out;
  private final byte[] a;

  /// Where this is in the text, and in the array of what is written.
  private int at;

  private int to;

  JsonAttributes(JsonText in, WireWriter out) {
    this.in = in;
    this.out = out;
    a = in.array();
  }

  /// Reads the attribute that begins here, if it is one as said above.
  boolean read(int field) {
    at = in.at();
    if (field > FIELD_MAX || in.depthLeft() < 2 || !hasLookAhead() || word(at) != KEY) {
      return false;
    }
    byte[] target = out.room(ROOM);
    int start = out.size();
    int key = start + 4;
    at += KEY_TEXT.length();
    to = key;
    if (!text(target)) {
      return false;
    }
    int value = to;
    if (!value(target) || to - start - 2 > LENGTH_MAX) {
      return false;
    }
    target[start] = (byte) (field << 3 | WireReader.LENGTH_DELIMITED);
    target[start + 1] = (byte) (to - start - 2);
    target[start + 2] = KEY_TAG;
    target[start + 3] = (byte) (value - key);
    out.wrote(to - start);
    in.moveTo(at);
    return true;
  }

  private boolean value(byte[] target) {
    if (!hasLookAhead() || word(at) != VALUE || (int) INT.get(a, at + 8) != VALUE_END) {
      return false;
    }
    at += VALUE_TEXT.length();
    long word = word(at);
    if (word == STRING && word(at + 6) == STRING_END) {
      return string(target);
    }
    return word == INTEGER && a[at + 8] == '"' && a[at + 9] == ':' && integer(target);
  }

  private boolean string(byte[] target) {
    int value = to;
    at += STRING_TEXT.length();
    to += 4;
    if (!text(target)) {
      return false;
    }
    at++;
    int length = to - value - 4;
    target[value] = VALUE_TAG;
    target[value + 1] = (byte) (length + 2);
    target[value + 2] = STRING_VALUE_TAG;
    target[value + 3] = (byte) length;
    return isClosed();
  }

  private boolean integer(byte[] target) {
    at += INTEGER_TEXT.length();
    boolean quoted = a[at] == '"';
    at += quoted ? 1 : 0;
    boolean negative = a[at] == '-';
    at += negative ? 1 : 0;
    int first = at;
    long number = 0;
    for (; a[at] >= '0' && a[at] <= '9' && at - first <= DIGITS_MAX; at++) {
      number = number * 10 + (a[at] - '0');
    }
    int digits = at - first;
    if (digits == 0 || digits > DIGITS_MAX || (digits > 1 && a[first] == '0')) {
      return false;
    }
    if (quoted && a[at++] != '"') {
      return false;
    }
    varint(target, negative ? -number : number);
    return isClosed();
  }

  private void varint(byte[] target, long number) {
    int value = to;
    target[value] = VALUE_TAG;
    target[value + 2] = INT_VALUE_TAG;
    to = value + 3;
    long rest = number;
    while ((rest & ~0x7FL) != 0) {
      target[to++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    target[to++] = (byte) rest;
    target[value + 1] = (byte) (to - value - 2);
  }

  /// Goes behind the braces of value and attribute, if they come next.
  private boolean isClosed() {
    if (in.end() - at < 2 || a[at] != '}' || a[at + 1] != '}') {
      return false;
    }
    at += 2;
    return true;
  }

  /// Copies a text up to its quote; more than [#LENGTH_MAX] bytes are not plain.
  private boolean text(byte[] target) {
    int from = at;
    int last = Math.min(in.end() - 8, from + LENGTH_MAX);
    for (int i = from; i <= last; i += 8) {
      long word = word(i);
      LONG.set(target, to + (i - from), word);
      long found = JsonText.special(word) | (word & HIGH_BITS);
      if (found != 0) {
        at = i + (Long.numberOfTrailingZeros(found) >>> 3);
        to += at - from;
        return a[at] == '"';
      }
    }
    return false;
  }

  private boolean hasLookAhead() {
    return in.end() - at >= LOOK_AHEAD;
  }

  private long word(int index) {
    return (long) LONG.get(a, index);
  }

  private static long word(String text, int index) {
    return (long) LONG.get(text.getBytes(StandardCharsets.US_ASCII), index);
  }
}

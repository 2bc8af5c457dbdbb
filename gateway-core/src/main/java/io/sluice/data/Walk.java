package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.MalformedWireException;

/// The walk of [Validate] over one request. This is the hottest code of the gateway: every byte that
/// comes in passes here. So it works on the array itself and allocates nothing; [Schema.Message#checks]
/// says what to do for each tag.
///
/// Recursion is bounded: OTLP nests eight messages, each AnyValue level three more, of which
/// [Validate#NESTING_MAX] are allowed.
final class Walk {
  private static final int KEY_TAG = 0x0A;
  private static final int VALUE_TAG = 0x12;
  private static final int STRING_VALUE_TAG = 0x0A;
  private static final int BOOL_VALUE_TAG = 0x10;
  private static final int INT_VALUE_TAG = 0x18;
  private static final int DOUBLE_VALUE_TAG = 0x21;

  /// Eight bytes can be looked at with one load.
  private static final int SMALLEST_PLAIN = 8;

  private final byte[] a;
  private final int start;
  private final int end;
  private final int messagesMax;
  private int messages;
  private int items;
  private int badStrings;

  /// Which kind of data the present metric has; 0 for none yet.
  private int dataTag;

  /// Where the length that was read last ends; a second result without an object.
  private int cursor;

  Walk(Bytes request) {
    a = request.sharedArray();
    start = request.offset();
    end = start + request.length();
    messagesMax = Validate.MESSAGES_FREE + request.length() / Validate.BYTES_PER_MESSAGE;
  }

  int items() {
    return items;
  }

  int badStrings() {
    return badStrings;
  }

  void request(Schema.Message type) {
    message(type, start, end, 0);
    if (messages > messagesMax) {
      throw new MalformedWireException("too many messages for " + (end - start) + " bytes");
    }
  }

  /// @param depth how many AnyValues are around it
  private void message(Schema.Message type, int from, int to, int depth) {
    messages++;
    byte[] checks = type.checks;
    int at = from;
    while (at < to) {
      int tag = a[at++];
      if (tag < 0) {
        at = longTag(type, at - 1, to);
        tag = longTag;
        if (tag >= Schema.Message.TAGS) {
          at = unknown(type, tag, at, to);
          continue;
        }
      }
      switch (checks[tag]) {
        case Check.VARINT -> at = varint(at, to);
        case Check.FIXED64 -> at = skip(8, at, to);
        case Check.FIXED32 -> at = skip(4, at, to);
        case Check.UNKNOWN -> at = unknown(type, tag, at, to);
        case Check.KEY_VALUE -> {
          int done = attributes(tag, at, to, depth);
          at = done >= 0 ? done : lengthDelimited(type, tag, ~done, to, depth);
        }
        default -> at = lengthDelimited(type, tag, at, to, depth);
      }
    }
  }

  /// Checks a value behind its length; the result is where it ends.
  private int lengthDelimited(Schema.Message type, int tag, int from, int to, int depth) {
    int at = from;
    int length = at < to ? a[at] : -1;
    if (length < 0) {
      length = length(at, to);
      at = cursor;
    } else {
      at++;
    }
    if (length > to - at) {
      throw new MalformedWireException(type + " " + (tag >>> 3) + " runs past its message");
    }
    value(type, tag, at, at + length, depth);
    return at + length;
  }

  private int longTag;

  private int longTag(Schema.Message type, int from, int to) {
    int at = from;
    long tag = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at == to) {
        throw new MalformedWireException(type + ": tag runs past its message");
      }
      byte b = a[at++];
      tag |= (b & 0x7FL) << shift;
      if (b >= 0) {
        break;
      }
    }
    if (tag >>> 32 != 0) {
      throw new MalformedWireException(type + ": tag " + Long.toUnsignedString(tag));
    }
    // A tag above the int range is of an unknown field; which one is of no interest.
    longTag = tag >>> 31 == 0 ? (int) tag : 0x7FFFFFF8 | ((int) tag & 7);
    return at;
  }

  private void value(Schema.Message type, int tag, int from, int to, int depth) {
    switch (type.checks[tag]) {
      case Check.KEY_VALUE -> message(Schema.KEY_VALUE, from, to, depth);
      case Check.STRING -> string(from, to);
      case Check.MESSAGE -> message(type.children[tag], from, to, depth);
      case Check.METRIC -> {
        dataTag = 0;
        message(type.children[tag], from, to, depth);
      }
      case Check.DATA -> data(type, tag, from, to, depth);
      case Check.ITEM -> {
        items++;
        message(type.children[tag], from, to, depth);
      }
      case Check.ANY_VALUE -> anyValue(from, to, depth);
      case Check.ID16 -> id(type, tag, to - from, 16);
      case Check.ID8 -> id(type, tag, to - from, 8);
      case Check.PACKED_VARINT -> packedVarints(from, to);
      case Check.PACKED_FIXED64 -> {
        if (((to - from) & 7) != 0) {
          throw new MalformedWireException(type + " " + (tag >>> 3) + ": packed, but cut");
        }
      }
      default -> {}
    }
  }

  /// A run of plain attributes, which is most of what there is: each shorter than 128 bytes, its texts
  /// ASCII, its value a text or a number. Then lengths and tags are ASCII bytes too, so that one look at
  /// a whole attribute tells of both its texts.
  ///
  /// @param from behind the tag of the first
  /// @return where the run ends; if an attribute is not plain, the complement of where it starts
  private int attributes(int tag, int from, int to, int depth) {
    int at = from;
    if (depth == Validate.NESTING_MAX) {
      return ~at;
    }
    while (true) {
      int end = at < to ? at + 1 + a[at] : 0;
      if (end > to || end - at <= SMALLEST_PLAIN || !plain(at + 1, end)) {
        return ~at;
      }
      messages += 2;
      if (end == to || a[end] != tag) {
        return end;
      }
      at = end + 1;
    }
  }

  private boolean plain(int from, int end) {
    if (a[from] != KEY_TAG || a[from + 1] < 0) {
      return false;
    }
    int value = from + 2 + a[from + 1];
    if (end - value < 4 || a[value] != VALUE_TAG || a[value + 1] != end - value - 2) {
      return false;
    }
    return switch (a[value + 2]) {
      case STRING_VALUE_TAG -> a[value + 3] == end - value - 4 && Utf8.asciiOfEight(a, from, end);
      case BOOL_VALUE_TAG, INT_VALUE_TAG ->
          isVarint(value + 3, end) && Utf8.ascii(a, from + 2, value);
      case DOUBLE_VALUE_TAG -> end == value + 11 && Utf8.ascii(a, from + 2, value);
      default -> false;
    };
  }

  private boolean isVarint(int from, int end) {
    int at = from;
    while (at < end && a[at] < 0) {
      at++;
    }
    return at == end - 1 && end - from <= 10;
  }

  private void anyValue(int from, int to, int depth) {
    if (depth == Validate.NESTING_MAX) {
      throw tooDeep();
    }
    message(Schema.ANY_VALUE, from, to, depth + 1);
  }

  /// Of two kinds of data a reader would keep the last, so that items would be counted that nobody sees.
  private void data(Schema.Message type, int tag, int from, int to, int depth) {
    if (dataTag != 0 && dataTag != tag) {
      throw new MalformedWireException(type + " with data of two kinds");
    }
    dataTag = tag;
    message(type.children[tag], from, to, depth);
  }

  private static MalformedWireException tooDeep() {
    return new MalformedWireException(
        "values nested more than " + Validate.NESTING_MAX + " levels deep");
  }

  private void string(int from, int to) {
    if (!Utf8.valid(a, from, to)) {
      badStrings++;
    }
  }

  private static void id(Schema.Message type, int tag, int length, int expected) {
    if (length != expected && length != 0) {
      throw new MalformedWireException(
          type + " " + (tag >>> 3) + ": id of " + length + " bytes (expected: " + expected + ")");
    }
  }

  private int varint(int from, int to) {
    int at = from;
    while (at < to && at - from < 10) {
      if (a[at++] >= 0) {
        return at;
      }
    }
    throw new MalformedWireException("varint that does not end");
  }

  private void packedVarints(int from, int to) {
    for (int at = from; at < to; ) {
      at = varint(at, to);
    }
  }

  private static int skip(int size, int at, int to) {
    if (size > to - at) {
      throw new MalformedWireException("value runs past its message");
    }
    return at + size;
  }

  /// A length of any size, ending at [#cursor]; what no array can have becomes the largest int.
  private int length(int from, int to) {
    long value = 0;
    int at = from;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at >= to) {
        throw new MalformedWireException("length runs past its message");
      }
      byte b = a[at++];
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        cursor = at;
        return value >>> 31 == 0 ? (int) value : Integer.MAX_VALUE;
      }
    }
    throw new MalformedWireException("length that does not end");
  }

  /// A field we do not know is stepped over; one we do know, in another wire type, is refused.
  private int unknown(Schema.Message type, int tag, int at, int to) {
    int number = tag >>> 3;
    if (number == 0) {
      throw new MalformedWireException(type + ": field 0");
    }
    if (type.field(number) != null) {
      throw new MalformedWireException(type + " " + number + ": wire type " + (tag & 7));
    }
    return switch (tag & 7) {
      case 0 -> varint(at, to);
      case 1 -> skip(8, at, to);
      case 2 -> {
        int length = length(at, to);
        yield skip(length, cursor, to);
      }
      case 5 -> skip(4, at, to);
      default -> throw new MalformedWireException(type + " " + number + ": wire type " + (tag & 7));
    };
  }
}

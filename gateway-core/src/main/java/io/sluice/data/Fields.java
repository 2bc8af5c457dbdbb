package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;

/// Where the fields of one message are, by number: found in one walk, then read in any order. Reused
/// with [#over]. Of a field that came more than once, the last counts.
final class Fields {
  /// OTLP's field numbers all lie below; larger ones are unknown to us and skipped.
  static final int MAX = 32;

  private final WireReader reader = new WireReader();
  private final int[] count = new int[MAX];
  private final int[] first = new int[MAX];
  private final int[] last = new int[MAX];
  private byte[] array = new byte[0];
  private int to;

  Fields over(byte[] source, int from, int end) {
    array = source;
    to = end;
    java.util.Arrays.fill(count, 0);
    reader.over(source, from, end);
    while (reader.next()) {
      int number = reader.field();
      if (number < MAX) {
        if (count[number]++ == 0) {
          first[number] = reader.fieldStart();
        }
        last[number] = reader.fieldStart();
      }
    }
    return this;
  }

  Fields over(Bytes message) {
    int from = message.offset();
    return over(message.sharedArray(), from, from + message.length());
  }

  boolean has(int number) {
    return count[number] > 0;
  }

  int count(int number) {
    return count[number];
  }

  /// Which of the members of a oneof holds: the one that came last, or 0.
  int lastOf(int... members) {
    int holds = 0;
    for (int member : members) {
      if (has(member) && (holds == 0 || last[member] > last[holds])) {
        holds = member;
      }
    }
    return holds;
  }

  long varint(int number) {
    return has(number) ? at(last[number]).varint() : 0;
  }

  long fixed64(int number) {
    return has(number) ? at(last[number]).fixed64() : 0;
  }

  int fixed32(int number) {
    return has(number) ? at(last[number]).fixed32() : 0;
  }

  double decimal(int number) {
    return Double.longBitsToDouble(fixed64(number));
  }

  Bytes bytes(int number) {
    return has(number) ? at(last[number]).bytes() : Bytes.EMPTY;
  }

  String text(int number) {
    return has(number) ? at(last[number]).bytes().utf8() : "";
  }

  /// A message that should occur once. If it does not, the concatenation is the merge.
  Bytes message(int number) {
    if (count[number] < 2) {
      return bytes(number);
    }
    var joined = new WireWriter();
    var fields = new WireReader().over(array, first[number], to);
    while (fields.next()) {
      if (fields.field() == number) {
        joined.raw(fields.bytes());
      }
    }
    return joined.take();
  }

  /// Stands before the first of the repeated fields of this number; others lie between.
  WireReader from(int number, WireReader target) {
    return has(number) ? target.over(array, first[number], to) : target.over(Bytes.EMPTY);
  }

  private WireReader at(int fieldStart) {
    reader.over(array, fieldStart, to).next();
    return reader;
  }
}

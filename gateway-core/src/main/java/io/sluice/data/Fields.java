package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/// Where the fields of one message are, by number: found in one walk, then read in any order. Reused
/// with [#over]. Of a field that came more than once, the last counts.
public final class Fields {
  /// OTLP's field numbers all lie below; larger ones are unknown to us and skipped.
  static final int MAX = 32;

  private final WireReader reader = new WireReader();
  private final int[] count = new int[MAX];
  private final int[] first = new int[MAX];
  private final int[] last = new int[MAX];
  private byte[] array = new byte[0];
  private int to;

  /// Where the fields of this message are, for code that reads few.
  public static Fields of(Bytes message) {
    return new Fields().over(message);
  }

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

  public Fields over(Bytes message) {
    int from = message.offset();
    return over(message.sharedArray(), from, from + message.length());
  }

  public boolean has(int number) {
    return count[number] > 0;
  }

  public int count(int number) {
    return count[number];
  }

  /// Which of the members of a oneof holds: the one that came last, or 0.
  public int lastOf(int... members) {
    int holds = 0;
    for (int member : members) {
      if (has(member) && (holds == 0 || last[member] > last[holds])) {
        holds = member;
      }
    }
    return holds;
  }

  public long varint(int number) {
    return has(number) ? at(last[number]).varint() : 0;
  }

  public long fixed64(int number) {
    return has(number) ? at(last[number]).fixed64() : 0;
  }

  public int fixed32(int number) {
    return has(number) ? at(last[number]).fixed32() : 0;
  }

  public double decimal(int number) {
    return Double.longBitsToDouble(fixed64(number));
  }

  public Bytes bytes(int number) {
    return has(number) ? at(last[number]).bytes() : Bytes.EMPTY;
  }

  public String text(int number) {
    return has(number) ? at(last[number]).bytes().utf8() : "";
  }

  /// A message that should occur once. If it does not, the concatenation is the merge.
  public Bytes message(int number) {
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

  /// All occurrences of a repeated message, text or bytes field.
  public List<Bytes> all(int number) {
    var all = new ArrayList<Bytes>(count[number]);
    var fields = from(number, new WireReader());
    while (all.size() < count[number] && fields.next()) {
      if (fields.field() == number) {
        all.add(fields.bytes());
      }
    }
    return all;
  }

  /// All values of a repeated field of 64 bits each (fixed64, double), packed or not.
  public long[] allFixed64(int number) {
    return all(number, WireReader.FIXED64);
  }

  /// All values of a repeated varint field, packed or not.
  public long[] allVarints(int number) {
    return all(number, WireReader.VARINT);
  }

  private long[] all(int number, int wireType) {
    var all = LongStream.builder();
    var packed = new WireReader();
    var fields = from(number, new WireReader());
    for (int left = count[number]; left > 0 && fields.next(); ) {
      if (fields.field() != number) {
        continue;
      }
      left--;
      if (fields.wireType() != WireReader.LENGTH_DELIMITED) {
        all.add(value(fields, wireType));
        continue;
      }
      var values = fields.into(packed);
      while (values.nextPacked(wireType)) {
        all.add(value(values, wireType));
      }
    }
    return all.build().toArray();
  }

  private static long value(WireReader reader, int wireType) {
    return wireType == WireReader.VARINT ? reader.varint() : reader.fixed64();
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

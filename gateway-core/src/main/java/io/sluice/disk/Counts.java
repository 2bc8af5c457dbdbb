package io.sluice.disk;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;

/// How much of something: stored batches, items in them, and their size as it counts in memory.
///
/// @param bytes of uncompressed OTLP
public record Counts(long records, long items, long bytes) {
  public static final Counts NONE = new Counts(0, 0, 0);

  private static final int RECORDS = 1;
  private static final int ITEMS = 2;
  private static final int RAW_BYTES = 3;

  Counts plus(Counts more) {
    return new Counts(records + more.records, items + more.items, bytes + more.bytes);
  }

  Counts minus(Counts less) {
    return new Counts(records - less.records, items - less.items, bytes - less.bytes);
  }

  static Counts of(RecordHeader header) {
    return new Counts(1, header.items(), header.rawLength());
  }

  void write(WireWriter out, int field) {
    int opened = out.open(field);
    out.varint(RECORDS, records).varint(ITEMS, items).varint(RAW_BYTES, bytes);
    out.close(opened);
  }

  static Counts decode(Bytes body) {
    var in = new WireReader().over(body);
    long[] values = new long[RAW_BYTES + 1];
    while (in.next()) {
      if (in.field() <= RAW_BYTES) {
        values[in.field()] = in.varint();
      }
    }
    return new Counts(values[RECORDS], values[ITEMS], values[RAW_BYTES]);
  }
}

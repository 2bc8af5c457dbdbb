package io.sluice.disk;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;

/// The last block of a segment that is finished: what a start has to know of it without reading it.
///
/// @param end where the records end
/// @param last the sequence of the last record
/// @param committed up to where it is known that bytes were forced: a bad record behind that was never
///     answered for
/// @param counts for each destination of the header
record Footer(
    SegmentHeader header,
    long end,
    long last,
    long committed,
    long oldestMs,
    long newestMs,
    List<Counts> counts) {
  static final int BYTES = SegmentHeader.BLOCK_BYTES;
  static final long MAGIC = 0x534C55494345_464FL; // "SLUICEFO"

  private static final int HEADER = 1;
  private static final int END = 2;
  private static final int LAST = 3;
  private static final int COMMITTED = 4;
  private static final int OLDEST = 5;
  private static final int NEWEST = 6;
  private static final int COUNTS = 7;

  Footer {
    counts = List.copyOf(counts);
  }

  Bytes encoded() {
    var out = new WireWriter();
    out.bytes(HEADER, header.encoded());
    out.varint(END, end).varint(LAST, last).varint(COMMITTED, committed);
    out.varint(OLDEST, oldestMs).varint(NEWEST, newestMs);
    counts.forEach(each -> each.write(out, COUNTS));
    return out.toBytes();
  }

  static Footer decode(Bytes body) {
    var in = new WireReader().over(body);
    var header = new SegmentHeader(0, 0, 0, List.of());
    long[] values = new long[NEWEST + 1];
    var counts = new ArrayList<Counts>();
    while (in.next()) {
      switch (in.field()) {
        case HEADER -> header = SegmentHeader.decode(in.bytes());
        case END, LAST, COMMITTED, OLDEST, NEWEST -> values[in.field()] = in.varint();
        case COUNTS -> counts.add(Counts.decode(in.bytes()));
        default -> {} // of a later release
      }
    }
    return new Footer(
        header,
        values[END],
        values[LAST],
        values[COMMITTED],
        values[OLDEST],
        values[NEWEST],
        counts);
  }
}

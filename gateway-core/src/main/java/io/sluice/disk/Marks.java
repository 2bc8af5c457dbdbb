package io.sluice.disk;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/// What each destination has settled, as it is kept in the file `marks`: a whole picture, written aside
/// and renamed. It is small whatever the backlog, since what is settled makes few runs; a picture that is
/// late, or lost, makes duplicates and nothing else.
///
/// @param next no sequence from here on was ever used
/// @param attempted for each destination the highest sequence that was on its way
record Marks(long next, Map<String, Ranges> settled, Map<String, Long> attempted) {
  static final String FILE = "marks";
  static final long MAGIC = 0x534C55494345_4D4BL; // "SLUICEMK"
  static final Marks NONE = new Marks(1, Map.of(), Map.of());

  private static final int NEXT = 1;
  private static final int DESTINATION = 2;
  private static final int NAME = 1;
  private static final int RUN = 2;
  private static final int ATTEMPTED = 3;

  Bytes encoded() {
    var out = new WireWriter();
    out.varint(NEXT, next);
    settled.forEach((name, ranges) -> {
      int opened = out.open(DESTINATION);
      out.bytes(NAME, Bytes.utf8(name));
      out.varint(ATTEMPTED, attempted.getOrDefault(name, 0L));
      ranges.forEach((from, to) -> {
        int run = out.open(RUN, 1);
        out.rawVarint(from).rawVarint(to - from);
        out.close(run, 1);
      });
      out.close(opened);
    });
    return out.toBytes();
  }

  static Marks decode(Bytes body) {
    var in = new WireReader().over(body);
    long next = 1;
    var settled = new LinkedHashMap<String, Ranges>();
    var attempted = new LinkedHashMap<String, Long>();
    while (in.next()) {
      switch (in.field()) {
        case NEXT -> next = in.varint();
        case DESTINATION -> destination(in.bytes(), settled, attempted);
        default -> {} // of a later release
      }
    }
    return new Marks(next, settled, attempted);
  }

  private static void destination(
      Bytes body, Map<String, Ranges> settled, Map<String, Long> attempted) {
    var in = new WireReader().over(body);
    var run = new WireReader();
    var name = "";
    var ranges = new Ranges();
    long highest = 0;
    while (in.next()) {
      switch (in.field()) {
        case NAME -> name = in.bytes().utf8();
        case ATTEMPTED -> highest = in.varint();
        case RUN -> {
          in.into(run);
          long from = run.nextPacked(WireReader.VARINT) ? run.varint() : 0;
          long more = run.nextPacked(WireReader.VARINT) ? run.varint() : 0;
          ranges.add(from, from + more);
        }
        default -> {} // of a later release
      }
    }
    settled.put(name, ranges);
    attempted.put(name, highest);
  }
}

package io.sluice.disk;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What each destination has settled, as it is kept in the file `marks`: a whole picture, written aside
/// and renamed. It is small whatever the backlog, since what is settled makes few runs; a picture that is
/// late, or lost, makes duplicates and nothing else.
///
/// @param next no sequence from here on was ever used
/// @param sent for each destination what was on its way and is not settled
record Marks(long next, Map<String, Ranges> settled, Map<String, Set<Long>> sent) {
  static final String FILE = "marks";
  static final long MAGIC = 0x534C55494345_4D4BL; // "SLUICEMK"
  static final Marks NONE = new Marks(1, Map.of(), Map.of());

  private static final int NEXT = 1;
  private static final int DESTINATION = 2;
  private static final int NAME = 1;
  private static final int RUN = 2;
  private static final int SENT = 3;

  Bytes encoded() {
    var out = new WireWriter();
    out.varint(NEXT, next);
    settled.forEach((name, ranges) -> {
      int opened = out.open(DESTINATION);
      out.bytes(NAME, Bytes.utf8(name));
      sent.getOrDefault(name, Set.of()).forEach(sequence -> out.varint(SENT, sequence));
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
    var sent = new LinkedHashMap<String, Set<Long>>();
    while (in.next()) {
      switch (in.field()) {
        case NEXT -> next = in.varint();
        case DESTINATION -> destination(in.bytes(), settled, sent);
        default -> {} // of a later release
      }
    }
    return new Marks(next, settled, sent);
  }

  private static void destination(
      Bytes body, Map<String, Ranges> settled, Map<String, Set<Long>> sent) {
    var in = new WireReader().over(body);
    var run = new WireReader();
    var name = "";
    var ranges = new Ranges();
    var unsettled = new HashSet<Long>();
    while (in.next()) {
      switch (in.field()) {
        case NAME -> name = in.bytes().utf8();
        case SENT -> unsettled.add(in.varint());
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
    sent.put(name, unsettled);
  }
}

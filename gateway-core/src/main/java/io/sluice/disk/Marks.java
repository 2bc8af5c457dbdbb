package io.sluice.disk;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What each destination has settled, as it is kept in the file `marks`: a whole picture, written aside
/// and renamed. It is small whatever the backlog, since what is settled makes few runs; a picture that is
/// late, or lost, makes duplicates and nothing else.
///
/// @param next no sequence from here on was ever used
/// @param sent for each destination what was on its way and is not settled
/// @param newest what had been stored in the segment that was written to
record Marks(
    long next, Map<String, Ranges> settled, Map<String, Set<Long>> sent, @Nullable Newest newest) {
  static final String FILE = "marks";
  static final long MAGIC = 0x534C55494345_4D4BL; // "SLUICEMK"
  static final Marks NONE = new Marks(1, Map.of(), Map.of(), null);

  private static final int NEXT = 1;
  private static final int DESTINATION = 2;
  private static final int NEWEST = 3;
  private static final int NAME = 1;
  private static final int RUN = 2;
  private static final int SENT = 3;
  private static final int FIRST = 1;
  private static final int SALT = 2;
  private static final int LAST = 3;
  private static final int COUNTS = 4;

  /// A segment that has no footer yet: so it is known what is missing if its file is cut short.
  ///
  /// @param first its first sequence
  /// @param salt of its header
  /// @param last the last sequence on stable storage
  /// @param counts of what had been stored up to there, for each destination of its header
  record Newest(long first, long salt, long last, List<Counts> counts) {
    Newest {
      counts = List.copyOf(counts);
    }

    private void write(WireWriter out) {
      int opened = out.open(NEWEST);
      out.varint(FIRST, first).fixed64(SALT, salt).varint(LAST, last);
      counts.forEach(each -> each.write(out, COUNTS));
      out.close(opened);
    }

    private static Newest decode(Bytes body) {
      var in = new WireReader().over(body);
      long[] values = new long[LAST + 1];
      var counts = new ArrayList<Counts>();
      while (in.next()) {
        switch (in.field()) {
          case FIRST, LAST -> values[in.field()] = in.varint();
          case SALT -> values[SALT] = in.fixed64();
          case COUNTS -> counts.add(Counts.decode(in.bytes()));
          default -> {} // of a later release
        }
      }
      return new Newest(values[FIRST], values[SALT], values[LAST], counts);
    }
  }

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
    if (newest != null) {
      newest.write(out);
    }
    return out.toBytes();
  }

  static Marks decode(Bytes body) {
    var in = new WireReader().over(body);
    long next = 1;
    var settled = new LinkedHashMap<String, Ranges>();
    var sent = new LinkedHashMap<String, Set<Long>>();
    Newest newest = null;
    while (in.next()) {
      switch (in.field()) {
        case NEXT -> next = in.varint();
        case DESTINATION -> destination(in.bytes(), settled, sent);
        case NEWEST -> newest = Newest.decode(in.bytes());
        default -> {} // of a later release
      }
    }
    return new Marks(next, settled, sent, newest);
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

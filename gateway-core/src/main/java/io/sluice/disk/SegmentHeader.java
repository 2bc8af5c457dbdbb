package io.sluice.disk;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;

/// What a segment says of itself: at its start, twice, a block apart, and once more in its footer.
///
/// @param salt makes the checksums of this segment its own
/// @param first the sequence of its first record
/// @param front that of the segment that was written to before; 0 if it is not known
/// @param destinations the names that the bits of its records stand for
record SegmentHeader(long salt, long first, long front, List<String> destinations) {
  static final int BLOCK_BYTES = 8 << 10;

  /// Where the records begin.
  static final int BYTES = 2 * BLOCK_BYTES;

  static final long MAGIC = 0x534C55494345_5347L; // "SLUICESG"
  static final int DESTINATIONS_MAX = Long.SIZE;

  /// The names must leave room for the counts in the footer.
  static final int NAMES_BYTES_MAX = 5 << 10;

  private static final int SALT = 1;
  private static final int FIRST = 2;
  private static final int DESTINATION = 3;
  private static final int FRONT = 4;

  SegmentHeader {
    destinations = List.copyOf(destinations);
  }

  static boolean holds(List<String> destinations) {
    int bytes = 0;
    for (var name : destinations) {
      bytes += Bytes.utf8(name).length();
    }
    return destinations.size() <= DESTINATIONS_MAX && bytes <= NAMES_BYTES_MAX;
  }

  Bytes encoded() {
    var out = new WireWriter();
    out.fixed64(SALT, salt).varint(FIRST, first).varint(FRONT, front);
    destinations.forEach(name -> out.bytes(DESTINATION, Bytes.utf8(name)));
    return out.toBytes();
  }

  static SegmentHeader decode(Bytes body) {
    var in = new WireReader().over(body);
    long salt = 0;
    long first = 0;
    long front = 0;
    var destinations = new ArrayList<String>();
    while (in.next()) {
      switch (in.field()) {
        case SALT -> salt = in.fixed64();
        case FIRST -> first = in.varint();
        case FRONT -> front = in.varint();
        case DESTINATION -> destinations.add(in.bytes().utf8());
        default -> {} // of a later release
      }
    }
    return new SegmentHeader(salt, first, front, destinations);
  }
}

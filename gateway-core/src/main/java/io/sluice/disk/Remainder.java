package io.sluice.disk;

import java.io.IOException;
import java.util.Arrays;

/// What is left of a segment after a start: what is stored less what is settled. Headers are read only if
/// some is settled and some is not.
final class Remainder {
  private final Segment segment;

  /// The sequences whose headers cannot be found.
  private final Ranges lost = new Ranges();

  Remainder(Segment segment) {
    this.segment = segment;
  }

  void find(Scan scan) throws IOException {
    long first = segment.header.first();
    boolean partly = false;
    for (var share : segment.shares) {
      var settled = share.destination.settled;
      boolean none = settled.containsNone(first, segment.last);
      boolean all = !none && settled.containsAll(first, segment.last);
      share.remaining = all ? Counts.NONE : share.stored;
      partly |= !none && !all;
    }
    if (partly) {
      subtractSettled(scan);
    }
    for (var share : segment.shares) {
      share.destination.unsettled = share.destination.unsettled.plus(share.remaining);
    }
  }

  private void subtractSettled(Scan scan) throws IOException {
    var there = new Counts[segment.shares.size()];
    Arrays.fill(there, Counts.NONE);
    long next = segment.header.first();
    for (var found = scan.next(segment.end);
        !(found instanceof Scan.Found.End);
        found = scan.next(segment.end)) {
      if (found instanceof Scan.Found.Head head) {
        lost.add(next, head.header().sequence() - 1);
        next = head.header().sequence() + 1;
        if (segment.counts(head, scan)) {
          look(head.header(), there);
        }
      }
    }
    lost.add(next, segment.last);
    for (int i = 0; i < there.length; i++) {
      var share = segment.shares.get(i);
      if (lost.within(share.destination.settled)) {
        share.remaining = there[i]; // nothing is counted twice of what was lost before
      }
    }
  }

  /// @param there takes what is not settled
  private void look(RecordHeader header, Counts[] there) {
    for (int i = 0; i < there.length; i++) {
      if ((header.destinations() >>> i & 1) != 0) {
        var share = segment.shares.get(i);
        var counts = Counts.of(header);
        if (!share.destination.settled.contains(header.sequence())) {
          there[i] = there[i].plus(counts);
        } else if (share.remaining.records() > 0) {
          share.remaining = share.remaining.minus(counts);
        }
      }
    }
  }
}

package io.sluice.disk;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What is known of a segment that its own file may not say any more, because it is damaged or cut short.
///
/// Two things prove that a record was on stable storage. The marks say so of the segment that was written
/// to; and each record says up to where all had been committed before it, so the first of a segment
/// tells how far the one in front was filled. Within a segment sequences are contiguous, so the highest
/// one proves those below. The second may be about a segment that has been deleted since: so it counts only
/// where a segment names the one in front, and a sequence that somebody has settled proves nothing.
final class Evidence {
  private final Marks marks;
  private final boolean marked;

  /// By whatever destination.
  private final Ranges settled = new Ranges();

  /// @param marked whether these are the marks; if they are lost, all that they tell is unknown
  Evidence(Marks marks, boolean marked) {
    this.marks = marks;
    this.marked = marked;
    marks.settled().values().forEach(settled::addAll);
  }

  /// What stands behind a segment.
  ///
  /// @param first sequence there
  /// @param front the first of the segment that this is about; 0 if it does not say
  /// @param committed what the first record there says was committed before it; -1 if it does not say
  record Behind(long first, long front, long committed) {
    static final Behind NOTHING = nothing(Long.MAX_VALUE);

    /// There is something, and it says nothing.
    static Behind nothing(long first) {
      return new Behind(first, 0, -1);
    }

    /// @param end where records end there
    static Behind of(SegmentHeader header, Files.Handle file, long end) throws IOException {
      var scan = new Scan(file, header);
      scan.tolerate();
      for (var found = scan.next(end); !(found instanceof Scan.Found.End); found = scan.next(end)) {
        if (found instanceof Scan.Found.Head(var record, _)) {
          boolean before = record.committed() < header.first();
          return new Behind(header.first(), header.front(), before ? record.committed() : -1);
        }
      }
      return nothing(header.first());
    }
  }

  /// What the marks say of this segment.
  Marks.@Nullable Newest newest(SegmentHeader header) {
    var newest = marks.newest();
    return newest != null && newest.first() == header.first() && newest.salt() == header.salt()
        ? newest
        : null;
  }

  /// The highest sequence that is proved to have been stored in a segment.
  ///
  /// @param first of the segment
  /// @param known of which that is known already
  long storedUpTo(long first, long known, Behind behind) {
    long highest = known;
    var newest = marks.newest();
    if (newest != null && newest.first() == first) {
      highest = Math.max(highest, newest.last());
    }
    boolean about = behind.front() == 0 || behind.front() == first;
    if (about && proves(behind.committed(), highest, behind)) {
      highest = behind.committed();
    }
    return highest;
  }

  private boolean proves(long sequence, long above, Behind behind) {
    return marked && sequence > above && sequence < behind.first() && !settled.contains(sequence);
  }

  /// How many of these nobody has settled.
  long unsettled(long from, long to) {
    return settled.missing(from, to);
  }
}

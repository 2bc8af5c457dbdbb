package io.sluice.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What is known of a segment in memory, whatever it holds. Guarded by the log's [State].
final class Segment {
  static final String SUFFIX = ".seg";
  private static final int NAME_DIGITS = 19;

  final SegmentHeader header;
  final String file;
  final List<Share> shares = new ArrayList<>();

  /// Where records end that may be read.
  long end = SegmentHeader.BYTES;

  long last;
  long committed;
  long oldestMs = Long.MAX_VALUE;
  long newestMs;

  /// On disk.
  long bytes;

  /// Nothing more is appended.
  boolean finished;

  /// Not to be touched by the writer any more: a write or a sync failed.
  boolean failed;

  /// What was in it is given up, or its file is gone: nobody begins to read it.
  boolean dropped;

  /// What one destination has in a segment.
  static final class Share {
    final Segment segment;
    final Destination destination;

    Counts stored = Counts.NONE;

    /// Of what was stored: not settled, outstanding included.
    Counts remaining = Counts.NONE;

    /// Read and not settled.
    Counts outstanding = Counts.NONE;

    Share(Segment segment, Destination destination) {
      this.segment = segment;
      this.destination = destination;
    }
  }

  Segment(SegmentHeader header) {
    this.header = header;
    file = fileOf(header.first());
    last = header.first() - 1;
    committed = last;
  }

  static String fileOf(long first) {
    return String.format(Locale.ROOT, "%0" + NAME_DIGITS + "d", first) + SUFFIX;
  }

  @Nullable Share shareOf(Destination destination) {
    for (var share : shares) {
      if (share.destination == destination) {
        return share;
      }
    }
    return null;
  }

  boolean settled() {
    return dropped || shares.stream().allMatch(share -> share.remaining.records() <= 0);
  }

  Footer footer() {
    var stored = shares.stream().map(share -> share.stored).toList();
    return new Footer(header, end, last, committed, oldestMs, newestMs, stored);
  }

  /// Whether all there is of it was once forced, as far as this record goes.
  boolean committed(long sequence) {
    return sequence <= committed;
  }
}

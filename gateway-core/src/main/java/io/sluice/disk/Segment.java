package io.sluice.disk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is known of a segment in memory, whatever it holds. Guarded by the log's [State].
final class Segment {
  static final String SUFFIX = ".seg";
  private static final int NAME_DIGITS = 19;

  /// No sequence comes near to what the digits could say.
  private static final Pattern NAME = Pattern.compile("0\\d{" + (NAME_DIGITS - 1) + "}\\.seg");

  final SegmentHeader header;
  final String file;
  final List<Share> shares = new ArrayList<>();

  /// Where records end that may be read.
  long end = SegmentHeader.BYTES;

  long last;
  long committed;
  long oldestMs = Long.MAX_VALUE;
  long newestMs;

  /// Records that a start found damaged, and that are in no figures: they are given to nobody, should a
  /// disk be able to read them again.
  final Ranges uncounted = new Ranges();

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

  /// The first sequence in a file of this name; empty if it is no name of ours.
  static OptionalLong firstOf(String file) {
    if (!NAME.matcher(file).matches()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(file, 0, NAME_DIGITS, 10));
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

  /// Those that a record is for.
  List<Share> sharesOf(RecordHeader header) {
    var to = new ArrayList<Share>();
    for (int i = 0; i < shares.size(); i++) {
      if ((header.destinations() >>> i & 1) != 0) {
        to.add(shares.get(i));
      }
    }
    return to;
  }

  /// Whether a record is in the figures: all that was answered for is, what else is whole, and what only
  /// the disk knows.
  boolean counts(Scan.Found.Head record, Scan scan) throws IOException {
    return committed(record.header().sequence())
        || !(scan.content(record) instanceof Scan.Content.Damaged);
  }

  /// Whether all there is of it was once forced, as far as this record goes.
  boolean committed(long sequence) {
    return sequence <= committed;
  }
}

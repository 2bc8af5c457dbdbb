package io.sluice.disk;

import java.time.Duration;

/// How much a log may hold.
///
/// @param bytesMax of segments on disk; 0 for what the disk has
/// @param ageMax older batches are dropped; zero for any age
/// @param dropOldest what to do when full: make room by dropping the oldest segment, or refuse
/// @param segmentBytes of a segment; one that must hold a larger batch is larger
public record Limits(long bytesMax, Duration ageMax, boolean dropOldest, long segmentBytes) {
  static final long SEGMENT_BYTES_MAX = 32L << 20;
  static final long SEGMENT_BYTES_MIN = 256L << 10;
  static final int SEGMENTS_OF_CAP = 8;
  static final long LETTERS_SEGMENT_BYTES = 2L << 20;

  /// Segments of a size that makes dropping or deleting one a small step.
  public static Limits of(long bytesMax, Duration ageMax, boolean dropOldest) {
    long segment =
        bytesMax == 0
            ? SEGMENT_BYTES_MAX
            : Math.clamp(bytesMax / SEGMENTS_OF_CAP, SEGMENT_BYTES_MIN, SEGMENT_BYTES_MAX);
    return new Limits(bytesMax, ageMax, dropOldest, segment);
  }

  /// For what there is little of.
  public static Limits ofLetters(long bytesMax) {
    var usual = of(bytesMax, Duration.ZERO, false);
    return new Limits(
        bytesMax, Duration.ZERO, false, Math.min(usual.segmentBytes, LETTERS_SEGMENT_BYTES));
  }

  /// What a segment must be to hold one record of this length.
  long segmentFor(long record) {
    return Math.max(segmentBytes, SegmentHeader.BYTES + record + Footer.BYTES);
  }
}

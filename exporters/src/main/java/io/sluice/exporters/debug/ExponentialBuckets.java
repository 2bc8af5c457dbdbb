package io.sluice.exporters.debug;

import io.sluice.data.Fields;

/// The buckets of an exponential histogram point with the bounds that scale and offset give them.
/// A bound may be infinite; nothing is allocated by scale or offset.
final class ExponentialBuckets {
  private final double factor;
  private final int negativeOffset;
  private final long[] negative;
  private final int positiveOffset;
  private final long[] positive;

  ExponentialBuckets(Fields point) {
    factor = factor(zigzag(point.varint(6)));
    negativeOffset = offset(point, 9);
    negative = Fields.of(point.message(9)).allVarints(2);
    positiveOffset = offset(point, 8);
    positive = Fields.of(point.message(8)).allVarints(2);
  }

  /// Counts by index, the smallest values first.
  long[] negative() {
    return negative;
  }

  long[] positive() {
    return positive;
  }

  double negativeLower(int index) {
    return Math.exp(((double) negativeOffset + index) * factor);
  }

  double negativeUpper(int index) {
    return Math.exp(((double) negativeOffset + index + 1) * factor);
  }

  double positiveLower(int index) {
    return Math.exp(((double) positiveOffset + index) * factor);
  }

  double positiveUpper(int index) {
    return Math.exp(((double) positiveOffset + index + 1) * factor);
  }

  private static double factor(int scale) {
    return Math.log(2) * Math.pow(2, -(double) scale);
  }

  private static int offset(Fields point, int field) {
    return zigzag(Fields.of(point.message(field)).varint(1));
  }

  private static int zigzag(long varint) {
    int bits = (int) varint;
    return (bits >>> 1) ^ -(bits & 1);
  }
}

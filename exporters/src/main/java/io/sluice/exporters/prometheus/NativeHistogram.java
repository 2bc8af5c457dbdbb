package io.sluice.exporters.prometheus;

import io.sluice.data.Fields;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Writes Histogram messages of remote write, without their start times. Confined to one thread.
///
/// A bucket of OTLP is known by the exponent of its lower bound, one of Prometheus by that of its upper,
/// so indexes differ by one. Buckets without observations are left out where at least three follow each
/// other.
final class NativeHistogram {
  static final int SCALE_MIN = -4;
  private static final int SCALE_MAX = 8;

  /// All of one sign are in one bucket then.
  private static final int DOWN_MAX = Long.SIZE - 1;

  private static final int ROOM = 64;

  /// What grew larger is not kept for the next.
  private static final int KEPT_MAX = 1 << 12;

  /// The schema with bounds of its own.
  private static final int CUSTOM = -53;

  /// The bits of the NaN that says: no longer there.
  static final long STALE = 0x7ff0000000000002L;

  private static final double ZERO_THRESHOLD = 1e-128;
  private static final int GAP_MAX = 2;

  private static final int COUNT = 1;
  private static final int SUM = 3;
  private static final int SCHEMA = 4;
  private static final int THRESHOLD = 5;
  private static final int ZERO_COUNT = 6;
  private static final int NEGATIVE_SPANS = 8;
  private static final int NEGATIVE_DELTAS = 9;
  private static final int POSITIVE_SPANS = 11;
  private static final int POSITIVE_DELTAS = 12;
  private static final int TIME = 15;
  private static final int CUSTOM_VALUES = 16;

  private final Fields side = new Fields();
  private final WireReader reader = new WireReader();
  private final WireReader packed = new WireReader();

  /// Buckets with observations, and those in small gaps.
  private int[] indexes = new int[ROOM];

  private long[] counts = new long[ROOM];
  private int size;

  static int scale(Fields point) {
    return zigzag(point.varint(6));
  }

  private static int zigzag(long coded) {
    int value = (int) coded;
    return value >>> 1 ^ -(value & 1);
  }

  /// @param point an ExponentialHistogramDataPoint of scale [#SCALE_MIN] or more
  void exponential(Fields point, long timeMs, boolean stale, WireWriter out) {
    int scale = scale(point);
    int schema = Math.min(scale, SCALE_MAX);
    double threshold = point.decimal(14);
    out.varint(COUNT, stale ? STALE : point.fixed64(4));
    out.fixed64(SUM, stale ? STALE : point.fixed64(5));
    sint(SCHEMA, schema, out);
    out.fixed64(THRESHOLD, Double.doubleToRawLongBits(threshold == 0 ? ZERO_THRESHOLD : threshold));
    out.varint(ZERO_COUNT, point.fixed64(7));
    buckets(point, 9, scale - schema);
    write(NEGATIVE_SPANS, NEGATIVE_DELTAS, out);
    buckets(point, 8, scale - schema);
    write(POSITIVE_SPANS, POSITIVE_DELTAS, out);
    out.varint(TIME, timeMs);
  }

  /// @param down by how many powers of two buckets are merged
  private void buckets(Fields point, int field, int down) {
    clear();
    if (!point.has(field)) {
      return;
    }
    var message = point.message(field);
    side.over(message);
    long index = zigzag(side.varint(1));
    reader.over(message);
    while (reader.next()) {
      if (reader.is(2, WireReader.VARINT)) {
        bucket(index++, down, reader.varint());
      } else if (reader.is(2, WireReader.LENGTH_DELIMITED)) {
        reader.into(packed);
        while (packed.nextPacked(WireReader.VARINT)) {
          bucket(index++, down, packed.varint());
        }
      }
    }
  }

  private void clear() {
    size = 0;
    if (indexes.length > KEPT_MAX) {
      indexes = new int[ROOM];
      counts = new long[ROOM];
    }
  }

  private void bucket(long index, int down, long count) {
    if (count != 0) {
      bucket((int) ((index >> Math.min(down, DOWN_MAX)) + 1), count);
    }
  }

  private void bucket(int index, long count) {
    if (size > 0 && indexes[size - 1] == index) {
      counts[size - 1] += count;
      return;
    }
    if (size > 0 && index - indexes[size - 1] - 1 <= GAP_MAX) {
      while (indexes[size - 1] + 1 < index) {
        append(indexes[size - 1] + 1, 0);
      }
    }
    append(index, count);
  }

  private void append(int index, long count) {
    if (size == indexes.length) {
      indexes = Arrays.copyOf(indexes, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
    }
    indexes[size] = index;
    counts[size++] = count;
  }

  private void write(int spans, int deltas, WireWriter out) {
    if (size == 0) {
      return;
    }
    int end = 0;
    for (int from = 0; from < size; ) {
      int to = from + 1;
      while (to < size && indexes[to] == indexes[to - 1] + 1) {
        to++;
      }
      int span = out.open(spans, 1);
      sint(1, indexes[from] - end, out);
      out.varint(2, to - from);
      out.close(span, 1);
      end = indexes[to - 1] + 1;
      from = to;
    }
    int packed = out.open(deltas);
    long before = 0;
    for (int i = 0; i < size; i++) {
      long delta = counts[i] - before;
      out.rawVarint(delta << 1 ^ delta >> 63);
      before = counts[i];
    }
    out.close(packed);
  }

  private static void sint(int field, int value, WireWriter out) {
    out.varint(field, (value << 1 ^ value >> 31) & 0xFFFF_FFFFL);
  }

  /// What Prometheus calls a native histogram with custom buckets.
  ///
  /// @param point a HistogramDataPoint
  /// @return false, with nothing written, if its buckets contradict each other
  boolean custom(Fields point, long timeMs, boolean stale, WireWriter out) {
    if (stale) {
      out.fixed64(SUM, STALE);
      sint(SCHEMA, CUSTOM, out);
      out.varint(TIME, timeMs);
      return true;
    }
    var bounds = bounds(point);
    if (bounds == null) {
      return false;
    }
    var all = point.allFixed64(6);
    long total = 0;
    clear();
    for (int i = 0; i < Math.min(all.length, bounds.length); i++) {
      total += all[i];
      if (all[i] != 0) {
        bucket(i, all[i]);
      }
    }
    long rest = all.length > bounds.length ? all[bounds.length] : 0;
    rest = Math.max(rest, point.fixed64(4) - total);
    if (rest > 0) {
      bucket(bounds.length, rest);
    }
    out.varint(COUNT, total + rest);
    out.fixed64(SUM, point.fixed64(5));
    sint(SCHEMA, CUSTOM, out);
    write(POSITIVE_SPANS, POSITIVE_DELTAS, out);
    out.varint(TIME, timeMs);
    if (bounds.length > 0) {
      out.header(CUSTOM_VALUES, bounds.length * 8);
      for (long bound : bounds) {
        out.rawFixed64(bound);
      }
    }
    return true;
  }

  /// As bits, without an infinite one at the end; null if they do not grow.
  private static long @Nullable [] bounds(Fields point) {
    var bounds = point.allFixed64(7);
    for (int i = 0; i < bounds.length; i++) {
      double bound = Double.longBitsToDouble(bounds[i]);
      if (Double.isNaN(bound) || (i > 0 && bound <= Double.longBitsToDouble(bounds[i - 1]))) {
        return null;
      }
      if (bound == Double.POSITIVE_INFINITY) {
        return i == bounds.length - 1 ? Arrays.copyOf(bounds, i) : null;
      }
    }
    return bounds;
  }
}

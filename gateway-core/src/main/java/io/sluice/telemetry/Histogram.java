package io.sluice.telemetry;

import io.sluice.telemetry.Metric.Distribution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/// Counts values in buckets. A reload may change the buckets under it; what was counted then starts
/// anew, as all of the Collector's metrics do. Safe on any thread; recording neither locks nor
/// allocates.
public final class Histogram {
  private final SortedMap<String, String> attributes;
  private volatile Buckets buckets;

  Histogram(SortedMap<String, String> attributes, List<Double> bounds) {
    this.attributes = attributes;
    buckets = new Buckets(bounds);
  }

  public void record(double value) {
    buckets.record(value);
  }

  void bounds(List<Double> bounds) {
    if (!buckets.boxed.equals(bounds)) {
      buckets = new Buckets(bounds);
    }
  }

  Distribution now() {
    return buckets.now(attributes);
  }

  private static final class Buckets {
    private final List<Double> boxed;
    private final double[] bounds;
    private final LongAdder[] counts;
    private final DoubleAdder sum = new DoubleAdder();

    Buckets(List<Double> bounds) {
      boxed = bounds;
      this.bounds = bounds.stream().mapToDouble(Double::doubleValue).toArray();
      counts = new LongAdder[bounds.size() + 1];
      Arrays.setAll(counts, _ -> new LongAdder());
    }

    /// A value equal to a bound is in the bucket below it.
    void record(double value) {
      int at = Arrays.binarySearch(bounds, value);
      counts[at < 0 ? -at - 1 : at].increment();
      sum.add(value);
    }

    Distribution now(SortedMap<String, String> attributes) {
      var each = new ArrayList<Long>(counts.length);
      for (var count : counts) {
        each.add(count.sum());
      }
      return new Distribution(attributes, boxed, each, sum.sum());
    }
  }
}

package io.sluice.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Values of one quantity, one for each round.
record Series(List<Double> values) {
  Series {
    values = List.copyOf(values);
  }

  double min() {
    return sorted()[0];
  }

  double median() {
    var sorted = sorted();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  double max() {
    return sorted()[values.size() - 1];
  }

  /// Not below which so much of all values lies, 0.99 for the 99th percentile; 0 of nothing.
  double quantile(double part) {
    var sorted = sorted();
    return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(part * sorted.length) - 1];
  }

  private double[] sorted() {
    var sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  /// Minimum, median, maximum.
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%8.3f %8.3f %8.3f", min(), median(), max());
  }
}

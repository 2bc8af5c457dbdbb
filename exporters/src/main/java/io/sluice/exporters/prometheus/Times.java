package io.sluice.exporters.prometheus;

import java.util.concurrent.TimeUnit;

/// Times of OTLP are nanoseconds, those of Prometheus milliseconds.
final class Times {
  private Times() {}

  /// Whole ones, towards the epoch.
  static long ms(long ns) {
    return TimeUnit.NANOSECONDS.toMillis(ns);
  }

  /// The start of counting; 0 for unknown, or if it lies behind what it is to be the start of.
  static long startMs(long startNs, long timeNs) {
    return startNs > 0 && startNs <= timeNs ? ms(startNs) : 0;
  }
}

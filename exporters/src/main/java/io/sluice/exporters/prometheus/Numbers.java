package io.sluice.exporters.prometheus;

import io.sluice.data.GoNumber;
import io.sluice.wire.Bytes;
import java.util.HashMap;
import java.util.Map;

/// Bounds and quantiles as texts: the same few come again and again. Confined to one thread.
final class Numbers {
  /// So many are remembered; then all are forgotten.
  private static final int REMEMBERED_MAX = 10_000;

  private final Map<Double, Bytes> remembered = new HashMap<>();

  Bytes text(double number) {
    if (remembered.size() >= REMEMBERED_MAX) {
      remembered.clear();
    }
    return remembered.computeIfAbsent(number, Numbers::of);
  }

  private static Bytes of(double number) {
    if (Double.isInfinite(number)) {
      return Bytes.utf8(number > 0 ? "+Inf" : "-Inf");
    }
    return Bytes.utf8(Double.isNaN(number) ? "NaN" : GoNumber.plain(number));
  }
}

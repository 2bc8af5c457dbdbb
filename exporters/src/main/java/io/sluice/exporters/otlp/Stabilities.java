package io.sluice.exporters.otlp;

import io.sluice.component.Stability;
import io.sluice.data.Signal;
import java.util.Map;

/// How settled OTLP is for each signal.
final class Stabilities {
  static final Map<Signal, Stability> OTLP =
      Map.of(
          Signal.TRACES, Stability.STABLE,
          Signal.METRICS, Stability.STABLE,
          Signal.LOGS, Stability.STABLE,
          Signal.PROFILES, Stability.ALPHA);

  private Stabilities() {}
}

package io.sluice.exporters.loki;

import io.sluice.component.ComponentContext;
import java.util.HashMap;
import java.util.Map;

/// The guards of all labels of an exporter, whoever translates. Confined to one thread.
final class Guards {
  private final int valuesMax;
  private final long seed;
  private final String fate;
  private final ComponentContext context;
  private final Map<String, Guard> guards = new HashMap<>();

  /// @param seed makes it hard to find values that collide
  Guards(LokiConfig config, long seed, ComponentContext context) {
    valuesMax = config.labels().maxValuesPerLabel();
    fate =
        config.sendsMetadata()
            ? "become structured metadata"
            : config.format() == Format.RAW ? "are not sent" : "stay in the line";
    this.seed = seed;
    this.context = context;
  }

  /// @param label one of those in the configuration
  Guard of(String label) {
    return guards.computeIfAbsent(label, name -> new Guard(name, valuesMax, seed, fate, context));
  }
}

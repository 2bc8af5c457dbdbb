package io.sluice.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;

/// Gauges that may have several owners: after a reload an exporter that leaves and its successor have
/// the same name and labels for a while. What is shown is the sum; the gauge goes with its last owner.
final class Gauges {
  private final MeterRegistry registry;
  private final Map<List<String>, Shared> gauges = new HashMap<>();

  Gauges(MeterRegistry registry) {
    this.registry = registry;
  }

  private record Shared(List<DoubleSupplier> owners, Gauge gauge) {}

  /// Running what is returned takes this owner away.
  synchronized Runnable add(String name, String help, DoubleSupplier value, String... labels) {
    var key = new ArrayList<>(Arrays.asList(labels));
    key.addFirst(name);
    var shared = gauges.computeIfAbsent(key, _ -> register(name, help, labels));
    shared.owners.add(value);
    return () -> remove(key, value);
  }

  private Shared register(String name, String help, String... labels) {
    var owners = new CopyOnWriteArrayList<DoubleSupplier>();
    var gauge =
        Gauge.builder(name, () -> owners.stream().mapToDouble(DoubleSupplier::getAsDouble).sum())
            .description(help)
            .tags(labels)
            .register(registry);
    return new Shared(owners, gauge);
  }

  private synchronized void remove(List<String> key, DoubleSupplier value) {
    var shared = gauges.get(key);
    if (shared != null && shared.owners.remove(value) && shared.owners.isEmpty()) {
      gauges.remove(key);
      registry.remove(shared.gauge);
    }
  }
}

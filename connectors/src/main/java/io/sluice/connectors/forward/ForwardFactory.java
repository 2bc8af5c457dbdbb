package io.sluice.connectors.forward;

import io.sluice.component.ComponentContext;
import io.sluice.component.Connector;
import io.sluice.component.ConnectorFactory;
import io.sluice.component.Outlets;
import io.sluice.component.Stability;
import io.sluice.data.Signal;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/// Declares `forward`.
public final class ForwardFactory implements ConnectorFactory<ForwardConfig> {
  @Override
  public String type() {
    return "forward";
  }

  @Override
  public Map<Signal, Stability> signals() {
    return Map.of(
        Signal.TRACES,
        Stability.BETA,
        Signal.METRICS,
        Stability.BETA,
        Signal.LOGS,
        Stability.BETA,
        Signal.PROFILES,
        Stability.ALPHA);
  }

  @Override
  public Map<Signal, Set<Signal>> pairs() {
    var pairs = new EnumMap<Signal, Set<Signal>>(Signal.class);
    for (var signal : Signal.values()) {
      pairs.put(signal, Set.of(signal));
    }
    return pairs;
  }

  @Override
  public ForwardConfig defaults() {
    return ForwardConfig.defaults();
  }

  @Override
  public Connector create(ForwardConfig config, ComponentContext context, Outlets outlets) {
    return new ForwardConnector(outlets);
  }
}

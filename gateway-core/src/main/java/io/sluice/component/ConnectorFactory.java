package io.sluice.component;

import io.sluice.data.Signal;
import java.util.Map;
import java.util.Set;

public non-sealed interface ConnectorFactory<C extends Record> extends ComponentFactory<C> {
  Connector create(C config, ComponentContext context, Outlets outlets);

  /// Which signals come out for each that goes in.
  Map<Signal, Set<Signal>> pairs();

  default Placement placement() {
    return Placement.EVERY_LOOP;
  }

  @Override
  default Kind kind() {
    return Kind.CONNECTOR;
  }
}

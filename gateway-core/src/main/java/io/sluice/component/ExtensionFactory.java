package io.sluice.component;

import io.sluice.data.Signal;
import java.util.Map;

public non-sealed interface ExtensionFactory<C extends Record> extends ComponentFactory<C> {
  Extension create(C config, ComponentContext context);

  @Override
  default Map<Signal, Stability> signals() {
    return Map.of();
  }

  /// How settled the extension is.
  Stability stability();

  @Override
  default Kind kind() {
    return Kind.EXTENSION;
  }
}

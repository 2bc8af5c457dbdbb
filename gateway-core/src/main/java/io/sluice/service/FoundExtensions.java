package io.sluice.service;

import io.sluice.component.ComponentContext;
import io.sluice.component.ComponentId;
import io.sluice.component.Extension;
import java.util.Map;
import java.util.Optional;

/// The extensions of one graph by id, and those of the graph that runs.
///
/// @param byId grows while the graph is built
record FoundExtensions(Map<ComponentId, Extension> byId, StatusBoard board)
    implements ComponentContext.Extensions {
  @Override
  public Optional<Extension> find(ComponentId id) {
    return Optional.ofNullable(byId.get(id));
  }

  @Override
  public Map<ComponentId, Extension> running() {
    return board.extensions();
  }
}

package io.sluice.config;

import io.sluice.component.ComponentFactory;
import io.sluice.component.ComponentId;
import io.sluice.component.Kind;
import io.sluice.service.PipelineId;
import io.sluice.service.TelemetryConfig;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A configuration in records, as far as each section can be read by itself; names in it need not lead
/// anywhere yet.
///
/// @param declared all ids that were written, also of what could not be read
/// @param writesPipelines also true if none of them could be read
/// @param components also those that no pipeline uses
record Configuration(
    Place place,
    Map<Kind, Set<ComponentId>> declared,
    Map<Kind, Map<ComponentId, Bound<?>>> components,
    TelemetryConfig telemetry,
    List<Reference> extensions,
    boolean writesPipelines,
    List<Uses> pipelines) {
  /// A component with its configuration.
  record Bound<C extends Record>(
      ComponentId id, ComponentFactory<C> factory, C config, Place place) {}

  /// The name of a component, where one is asked for.
  record Reference(ComponentId id, Place place, String path) {}

  /// `service::pipelines::x`.
  record Uses(
      PipelineId id,
      Place place,
      String path,
      List<Reference> receivers,
      List<Reference> processors,
      List<Reference> exporters) {}

  Map<ComponentId, Bound<?>> of(Kind kind) {
    return components.getOrDefault(kind, Map.of());
  }

  Set<ComponentId> declared(Kind kind) {
    return declared.getOrDefault(kind, Set.of());
  }
}

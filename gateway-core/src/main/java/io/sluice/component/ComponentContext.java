package io.sluice.component;

import io.sluice.telemetry.Log;
import io.sluice.telemetry.Telemetry;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// All that a component may reach besides its configuration and the next sink.
///
/// @param loop where it lives: created, started, called and stopped there
/// @param loops the others, for what listens on several
public record ComponentContext(
    Kind kind,
    ComponentId id,
    Loop loop,
    Loops loops,
    Budget budget,
    Telemetry telemetry,
    Log log,
    Status.Reporter status,
    Health health,
    Extensions extensions,
    InstantSource clock,
    Build build) {
  /// The extensions that run, by the id the user gave them.
  @FunctionalInterface
  public interface Extensions {
    Extensions NONE = _ -> Optional.empty();

    Optional<Extension> find(ComponentId id);

    /// Those of the plan that runs now, which a reload changes. Safe on any thread.
    default Map<ComponentId, Extension> running() {
      return Map.of();
    }
  }

  /// What this program calls itself, in user agents and self-telemetry.
  public record Build(String command, String description, String version) {}
}

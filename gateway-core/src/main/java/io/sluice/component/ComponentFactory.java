package io.sluice.component;

import io.sluice.data.Signal;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Declares a component: its names in the configuration, what it can carry, how it is configured.
///
/// @param <C> the configuration, see the package comment
public sealed interface ComponentFactory<C extends Record>
    permits ReceiverFactory, ProcessorFactory, ExporterFactory, ConnectorFactory, ExtensionFactory {
  String type();

  /// Older spellings of the type; accepted with a warning.
  default Set<String> aliases() {
    return Set.of();
  }

  Kind kind();

  /// What it carries, and how settled that is. Empty for extensions.
  Map<Signal, Stability> signals();

  /// Why this configuration cannot serve a pipeline of this signal, though it is right in itself. Asked
  /// for each use; empty if it can.
  default List<String> objections(C config, Signal signal) {
    return List.of();
  }

  /// What it may hold or take in at one time by the user's word, in bytes, by key; without what is held
  /// on disk or left at its default. The gateway refuses what could never fit into its memory.
  default Map<String, Long> bytesAtOnce(C config) {
    return Map.of();
  }

  /// The configuration a user gets who writes nothing. Also the source of the reference manual.
  C defaults();
}

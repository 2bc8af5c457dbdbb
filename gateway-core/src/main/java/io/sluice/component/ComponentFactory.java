package io.sluice.component;

import io.sluice.data.Signal;
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

  /// The configuration a user gets who writes nothing. Also the source of the reference manual.
  C defaults();
}

package io.sluice.config;

import io.sluice.component.ComponentFactory;
import io.sluice.component.ConnectorFactory;
import io.sluice.component.ExporterFactory;
import io.sluice.component.ExtensionFactory;
import io.sluice.component.Kind;
import io.sluice.component.ProcessorFactory;
import io.sluice.component.ReceiverFactory;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The components of a distribution, by kind and by the name they have in the configuration. An alias
/// leads to the same factory.
public final class Registry {
  private final List<ComponentFactory<?>> factories;
  private final Map<String, ReceiverFactory<?>> receivers = new TreeMap<>();
  private final Map<String, ProcessorFactory<?>> processors = new TreeMap<>();
  private final Map<String, ExporterFactory<?>> exporters = new TreeMap<>();
  private final Map<String, ConnectorFactory<?>> connectors = new TreeMap<>();
  private final Map<String, ExtensionFactory<?>> extensions = new TreeMap<>();

  private Registry(Collection<? extends ComponentFactory<?>> factories) {
    this.factories = List.copyOf(factories);
    for (var factory : factories) {
      switch (factory) {
        case ReceiverFactory<?> receiver -> put(receivers, receiver);
        case ProcessorFactory<?> processor -> put(processors, processor);
        case ExporterFactory<?> exporter -> put(exporters, exporter);
        case ConnectorFactory<?> connector -> put(connectors, connector);
        case ExtensionFactory<?> extension -> put(extensions, extension);
      }
    }
  }

  /// A registry of these.
  ///
  /// @throws IllegalArgumentException if two of one kind share a name
  public static Registry of(Collection<? extends ComponentFactory<?>> factories) {
    return new Registry(factories);
  }

  public static Registry of(ComponentFactory<?>... factories) {
    return new Registry(List.of(factories));
  }

  private static <F extends ComponentFactory<?>> void put(Map<String, F> byName, F factory) {
    putName(byName, factory.type(), factory);
    factory.aliases().forEach(alias -> putName(byName, alias, factory));
  }

  private static <F extends ComponentFactory<?>> void putName(
      Map<String, F> byName, String name, F factory) {
    if (byName.putIfAbsent(name, factory) != null) {
      throw new IllegalArgumentException("two " + factory.kind() + "s are called " + name);
    }
  }

  /// In the order given.
  public List<ComponentFactory<?>> factories() {
    return factories;
  }

  public List<ComponentFactory<?>> factories(Kind kind) {
    return factories.stream().filter(factory -> factory.kind() == kind).toList();
  }

  public Optional<ComponentFactory<?>> find(Kind kind, String name) {
    return Optional.ofNullable(byName(kind).get(name));
  }

  Map<String, ? extends ComponentFactory<?>> byName(Kind kind) {
    return switch (kind) {
      case RECEIVER -> receivers;
      case PROCESSOR -> processors;
      case EXPORTER -> exporters;
      case CONNECTOR -> connectors;
      case EXTENSION -> extensions;
    };
  }

  Map<String, ReceiverFactory<?>> receivers() {
    return receivers;
  }

  Map<String, ProcessorFactory<?>> processors() {
    return processors;
  }

  Map<String, ExporterFactory<?>> exporters() {
    return exporters;
  }

  Map<String, ConnectorFactory<?>> connectors() {
    return connectors;
  }

  Map<String, ExtensionFactory<?>> extensions() {
    return extensions;
  }
}

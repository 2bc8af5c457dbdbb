package io.sluice.config;

import io.sluice.component.ComponentFactory;
import io.sluice.component.Kind;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The components of a distribution, by kind and by the name they have in the configuration. An alias
/// leads to the same factory.
public final class Registry {
  private final List<ComponentFactory<?>> factories;
  private final Map<Kind, Map<String, ComponentFactory<?>>> byName = new EnumMap<>(Kind.class);

  private Registry(Collection<? extends ComponentFactory<?>> factories) {
    this.factories = List.copyOf(factories);
    for (var factory : factories) {
      put(factory.type(), factory);
      factory.aliases().forEach(alias -> put(alias, factory));
    }
  }

  private void put(String name, ComponentFactory<?> factory) {
    var names = byName.computeIfAbsent(factory.kind(), _ -> new TreeMap<>());
    if (names.putIfAbsent(name, factory) != null) {
      throw new IllegalArgumentException("two " + factory.kind() + "s are called " + name);
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

  /// In the order given.
  public List<ComponentFactory<?>> factories() {
    return factories;
  }

  public List<ComponentFactory<?>> factories(Kind kind) {
    return factories.stream().filter(factory -> factory.kind() == kind).toList();
  }

  public Optional<ComponentFactory<?>> find(Kind kind, String name) {
    return Optional.ofNullable(byName.getOrDefault(kind, Map.of()).get(name));
  }

  /// Types and aliases, in order.
  Set<String> names(Kind kind) {
    return byName.getOrDefault(kind, Map.of()).keySet();
  }
}

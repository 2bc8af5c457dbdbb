package io.sluice.config;

import static io.sluice.config.Problems.path;

import io.sluice.component.ComponentFactory;
import io.sluice.component.ComponentId;
import io.sluice.component.Kind;
import io.sluice.config.Configuration.Bound;
import io.sluice.config.Configuration.Reference;
import io.sluice.config.Configuration.Uses;
import io.sluice.config.Tree.Entry;
import io.sluice.config.Tree.Mapping;
import io.sluice.config.Tree.Scalar;
import io.sluice.config.Tree.Sequence;
import io.sluice.data.Signal;
import io.sluice.service.PipelineId;
import io.sluice.service.TelemetryConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Binds each section of the tree.
final class ConfigurationReader {
  static final String SERVICE = "service";
  private static final String PIPELINES = "pipelines";
  private static final String EXTENSIONS = "extensions";
  private static final String TELEMETRY = "telemetry";

  private final Registry registry;
  private final Catalogue catalogue;
  private final Problems problems;
  private final Binder binder;
  private final Map<Kind, Set<ComponentId>> declared = new EnumMap<>(Kind.class);

  ConfigurationReader(Registry registry, Catalogue catalogue, Problems problems) {
    this.registry = registry;
    this.catalogue = catalogue;
    this.problems = problems;
    this.binder = new Binder(problems);
  }

  Configuration read(Mapping root) {
    var sections = new TreeSet<String>();
    Arrays.stream(Kind.values()).map(Kind::section).forEach(sections::add);
    sections.add(SERVICE);
    onlyKeys(root, "", "section", sections);
    var components = new EnumMap<Kind, Map<ComponentId, Bound<?>>>(Kind.class);
    for (var kind : Kind.values()) {
      components.put(kind, components(kind, at(root, kind.section(), "")));
    }
    var service = at(root, SERVICE, "");
    onlyKeys(service, SERVICE, "key", List.of(EXTENSIONS, PIPELINES, TELEMETRY));
    var pipelines = at(service, PIPELINES, SERVICE);
    return new Configuration(
        root.place(),
        declared,
        components,
        telemetry(service),
        references(service, EXTENSIONS, SERVICE),
        !pipelines.entries().isEmpty(),
        pipelines(pipelines));
  }

  /// Of a text that has nothing but exporters.
  Map<ComponentId, Bound<?>> exporters(Mapping root) {
    onlyKeys(root, "", "section", List.of(Kind.EXPORTER.section()));
    return components(Kind.EXPORTER, at(root, Kind.EXPORTER.section(), ""));
  }

  private void onlyKeys(Mapping mapping, String path, String noun, Collection<String> known) {
    mapping
        .entries()
        .forEach((key, entry) -> {
          if (!known.contains(key)) {
            problems.error(
                entry.keyPlace(), path(path, key), "unknown " + noun + Nearest.hint(key, known));
          }
        });
  }

  private Mapping at(Mapping mapping, String key, String path) {
    var entry = mapping.entries().get(key);
    if (entry == null) {
      return Mapping.empty(mapping.place());
    }
    return switch (entry.value()) {
      case Mapping inner -> inner;
      case Tree tree when Binder.isNothing(tree) -> Mapping.empty(entry.keyPlace());
      case Tree tree -> {
        problems.error(tree.place(), path(path, key), tree.described() + " (expected: a mapping)");
        yield Mapping.empty(tree.place());
      }
    };
  }

  private TelemetryConfig telemetry(Mapping service) {
    var entry = service.entries().get(TELEMETRY);
    return binder.section(
        entry == null ? null : entry.value(),
        entry == null ? service.place() : entry.keyPlace(),
        path(SERVICE, TELEMETRY),
        TelemetryConfig.defaults());
  }

  private Map<ComponentId, Bound<?>> components(Kind kind, Mapping section) {
    var components = new LinkedHashMap<ComponentId, Bound<?>>();
    section
        .entries()
        .forEach((key, entry) -> {
          var path = path(kind.section(), key);
          var id = id(key, entry.keyPlace(), kind.section());
          if (id.isPresent()) {
            declared.computeIfAbsent(kind, _ -> new LinkedHashSet<>()).add(id.get());
            component(kind, id.get(), entry, path)
                .ifPresent(bound -> components.put(id.get(), bound));
          }
        });
    return components;
  }

  private Optional<Bound<?>> component(Kind kind, ComponentId id, Entry entry, String path) {
    var factory = registry.find(kind, id.type());
    if (factory.isEmpty()) {
      problems.error(entry.keyPlace(), path, catalogue.unknown(kind, id.type(), registry));
      return Optional.empty();
    }
    if (!factory.get().type().equals(id.type())) {
      problems.note(
          entry.keyPlace(),
          path,
          "'" + id.type() + "' is now called '" + factory.get().type() + "'; both work");
    }
    return Optional.of(bound(factory.get(), id, entry, path));
  }

  private <C extends Record> Bound<C> bound(
      ComponentFactory<C> factory, ComponentId id, Entry entry, String path) {
    var config = binder.section(entry.value(), entry.keyPlace(), path, factory.defaults());
    return new Bound<>(id, factory, config, entry.keyPlace());
  }

  /// The Collector drops blanks around a name and with them the body that stands below it.
  private Optional<ComponentId> id(String text, Place place, String path) {
    try {
      if (text.chars().anyMatch(Character::isWhitespace)) {
        throw new IllegalArgumentException("'" + text + "' as an id (expected: no blanks in it)");
      }
      return Optional.of(ComponentId.parse(text));
    } catch (IllegalArgumentException e) {
      problems.error(place, path, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private List<Uses> pipelines(Mapping section) {
    var pipelines = new ArrayList<Uses>();
    section
        .entries()
        .forEach((key, entry) -> {
          var path = path(path(SERVICE, PIPELINES), key);
          var body = pipelineBody(section, key, path);
          atLeastOne(body, "receiver", entry.keyPlace(), path);
          atLeastOne(body, "exporter", entry.keyPlace(), path);
          pipelineId(key, entry.keyPlace(), path)
              .ifPresent(id ->
                  pipelines.add(
                      new Uses(
                          id,
                          entry.keyPlace(),
                          path,
                          references(body, "receivers", path),
                          references(body, "processors", path),
                          references(body, "exporters", path))));
        });
    return pipelines;
  }

  private Mapping pipelineBody(Mapping section, String key, String path) {
    var body = at(section, key, path(SERVICE, PIPELINES));
    onlyKeys(body, path, "key", List.of("receivers", "processors", "exporters"));
    return body;
  }

  private void atLeastOne(Mapping pipeline, String noun, Place place, String path) {
    var entry = pipeline.entries().get(noun + "s");
    if (entry == null
        || Binder.isNothing(entry.value())
        || (entry.value() instanceof Sequence list && list.items().isEmpty())) {
      problems.error(place, path, "no " + noun + " (expected: at least one)");
    }
  }

  private Optional<PipelineId> pipelineId(String text, Place place, String path) {
    var id = id(text, place, path(SERVICE, PIPELINES));
    if (id.isEmpty()) {
      return Optional.empty();
    }
    var signal = signal(id.get().type());
    if (signal == null) {
      var names = Arrays.stream(Signal.values()).map(Signal::toString).toList();
      problems.error(place, path, "unknown signal" + Nearest.hint(id.get().type(), names));
      return Optional.empty();
    }
    return Optional.of(new PipelineId(signal, id.get().name()));
  }

  private static @Nullable Signal signal(String name) {
    return Arrays.stream(Signal.values())
        .filter(signal -> signal.toString().equals(name))
        .findFirst()
        .orElse(null);
  }

  private List<Reference> references(Mapping mapping, String key, String path) {
    var entry = mapping.entries().get(key);
    var here = path(path, key);
    return switch (entry == null ? null : entry.value()) {
      case null -> List.of();
      case Sequence list ->
          list.items().stream().flatMap(item -> reference(item, here).stream()).toList();
      case Tree tree when Binder.isNothing(tree) -> List.of();
      case Tree tree -> {
        problems.error(tree.place(), here, tree.described() + " (expected: a list of ids)");
        yield List.of();
      }
    };
  }

  private Optional<Reference> reference(Tree item, String path) {
    if (item instanceof Scalar scalar && scalar.value() instanceof String text) {
      return id(text, item.place(), path).map(id -> new Reference(id, item.place(), path));
    }
    problems.error(item.place(), path, item.described() + " (expected: an id)");
    return Optional.empty();
  }
}

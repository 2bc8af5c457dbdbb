package io.sluice.config;

import io.sluice.component.ComponentId;
import io.sluice.component.ExporterFactory;
import io.sluice.service.Limits;
import io.sluice.service.Plan;
import java.util.List;

/// Reads a Collector configuration into a plan, or says all that is wrong with it.
public final class ConfigLoader {
  private final Registry registry;
  private final Environment environment;
  private final FeatureGates gates;
  private final Limits limits;
  private final Catalogue catalogue = new Catalogue();

  /// @param limits on memory that the configuration has to keep within
  public ConfigLoader(
      Registry registry, Environment environment, FeatureGates gates, Limits limits) {
    this.registry = registry;
    this.environment = environment;
    this.gates = gates;
    this.limits = limits;
  }

  /// Reads and checks all; starts nothing.
  ///
  /// @param sources as given to `--config`, in order
  /// @param sets as given to `--set`: `key.key=value`
  /// @throws InvalidConfigException with every problem there is
  public Loaded load(List<String> sources, List<String> sets) {
    return load(sources, sets, true);
  }

  /// Reads all, but leaves unchecked whether the names in `service` lead anywhere, for
  /// `print-config --validate=false`. The plan of the result is of no use.
  ///
  /// @throws InvalidConfigException with every problem of the sections themselves
  public Loaded loadUnchecked(List<String> sources, List<String> sets) {
    return load(sources, sets, false);
  }

  private Loaded load(List<String> sources, List<String> sets, boolean references) {
    var problems = new Problems();
    var resolver = new Resolver(environment, gates, problems);
    var merged = resolver.merged(sources, sets);
    var tree = resolver.expanded(merged);
    // What could not be read at all would only give misleading errors further on.
    problems.throwIfAny();
    var configuration = new ConfigurationReader(registry, catalogue, problems).read(tree);
    var checked = references ? problems : new Problems();
    var plan = new PlanBuilder(configuration, gates, limits, checked).build();
    problems.throwIfAny();
    if (references) {
      new Advice(problems).on(plan, configuration, tree);
    }
    return new Loaded(plan, problems, merged, tree, configuration);
  }

  /// One exporter from a text that holds nothing else: what [Loaded#written] gave.
  ///
  /// @param source of the text, for messages
  /// @throws InvalidConfigException with every problem there is
  public Plan.ExporterPart<?> exporter(String source, String yaml, ComponentId id) {
    var problems = new Problems();
    var resolver = new Resolver(environment, gates, problems);
    var tree = resolver.resolve(List.of("yaml:" + yaml), List.of());
    problems.throwIfAny();
    var components = new ConfigurationReader(registry, catalogue, problems).exporters(tree);
    var bound = components.get(id);
    if (bound == null || !(bound.factory() instanceof ExporterFactory<?>)) {
      problems.error(tree.place(), "exporters", source + " has no exporter '" + id + "'");
      problems.throwIfAny();
      throw new IllegalStateException("no problem is a problem");
    }
    problems.throwIfAny();
    return part(bound);
  }

  private static <C extends Record> Plan.ExporterPart<C> part(Configuration.Bound<C> bound) {
    if (bound.factory() instanceof ExporterFactory<C> factory) {
      return new Plan.ExporterPart<>(bound.id(), factory, bound.config());
    }
    throw new IllegalArgumentException(bound.id() + " is no exporter");
  }
}

package io.sluice.config;

import io.sluice.service.Limits;
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
    var tree = new Resolver(environment, gates, problems).resolve(sources, sets);
    // What could not be read at all would only give misleading errors further on.
    problems.throwIfAny();
    var configuration = new ConfigurationReader(registry, catalogue, problems).read(tree);
    var checked = references ? problems : new Problems();
    var plan = new PlanBuilder(configuration, gates, limits, checked).build();
    problems.throwIfAny();
    if (references) {
      new Advice(problems).on(plan, configuration, tree);
    }
    return new Loaded(plan, problems, tree, configuration);
  }
}

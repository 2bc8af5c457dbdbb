package io.sluice.config;

import io.sluice.service.Plan;
import java.util.List;

/// A configuration that can run.
public final class Loaded {
  private final Plan plan;
  private final List<Problem> warnings;
  private final Tree tree;
  private final Configuration configuration;

  Loaded(Plan plan, List<Problem> warnings, Tree tree, Configuration configuration) {
    this.plan = plan;
    this.warnings = List.copyOf(warnings);
    this.tree = tree;
    this.configuration = configuration;
  }

  public Plan plan() {
    return plan;
  }

  /// What is legal but loses data or does not do what one might think.
  public List<Problem> warnings() {
    return warnings;
  }

  /// The sources after merging and expansion; it holds secrets in the clear.
  public Tree tree() {
    return tree;
  }

  Configuration configuration() {
    return configuration;
  }
}

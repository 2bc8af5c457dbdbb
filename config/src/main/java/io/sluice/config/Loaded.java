package io.sluice.config;

import io.sluice.service.Plan;
import java.util.List;

/// A configuration that can run.
public final class Loaded {
  private final Plan plan;
  private final List<Problem> warnings;
  private final List<Problem> notes;
  private final Tree.Mapping merged;
  private final Tree tree;
  private final Configuration configuration;

  Loaded(
      Plan plan, Problems problems, Tree.Mapping merged, Tree tree, Configuration configuration) {
    this.plan = plan;
    this.merged = merged;
    warnings = problems.warnings();
    notes = problems.notes();
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

  /// What is as it should be and worth knowing: newer names, what is open to everybody.
  public List<Problem> notes() {
    return notes;
  }

  /// The sources after merging and expansion; it holds secrets in the clear.
  public Tree tree() {
    return tree;
  }

  /// The section of one exporter as it was written, with nothing expanded.
  public WrittenExporter written(Plan.ExporterPart<?> part) {
    return WrittenExporter.of(merged, part);
  }

  Configuration configuration() {
    return configuration;
  }
}

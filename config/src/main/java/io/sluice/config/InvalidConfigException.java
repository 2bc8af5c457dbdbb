package io.sluice.config;

import static java.util.stream.Collectors.joining;

import java.util.List;

/// A configuration that cannot run. The message has one line for each problem.
public final class InvalidConfigException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;
  private final transient List<Problem> warnings;

  InvalidConfigException(List<Problem> problems, List<Problem> warnings) {
    super(problems.stream().map(Problem::toString).collect(joining("\n")));
    this.problems = List.copyOf(problems);
    this.warnings = List.copyOf(warnings);
  }

  /// In the order in which they stand in the sources.
  public List<Problem> problems() {
    return problems;
  }

  public List<Problem> warnings() {
    return warnings;
  }
}

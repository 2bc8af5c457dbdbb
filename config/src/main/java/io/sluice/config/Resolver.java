package io.sluice.config;

import io.sluice.config.Location.UnusableException;
import io.sluice.config.Tree.Mapping;
import io.sluice.config.Tree.Scalar;
import io.sluice.config.YamlReader.Places;
import io.sluice.config.YamlReader.YamlException;
import java.util.List;

/// From the sources a user names to one tree. `--set` comes after every `--config`.
final class Resolver {
  private final Environment environment;
  private final Problems problems;
  private final Merge merge;
  private int order;

  Resolver(Environment environment, FeatureGates gates, Problems problems) {
    this.environment = environment;
    this.merge = new Merge(gates.isOn(FeatureGates.MERGE_APPEND));
    this.problems = problems;
  }

  Mapping resolve(List<String> sources, List<String> sets) {
    return expanded(merged(sources, sets));
  }

  Mapping expanded(Mapping merged) {
    return new Expansion(environment, problems).of(merged);
  }

  /// As it was written: `${...}` still stand for what they refer to.
  Mapping merged(List<String> sources, List<String> sets) {
    var tree = Mapping.empty(Place.of(0, sources.isEmpty() ? "--config" : sources.getFirst()));
    if (sources.isEmpty() && sets.isEmpty()) {
      problems.error(tree.place(), "", "no source given (expected: at least one --config)");
    }
    for (var source : sources) {
      tree = merge.of(tree, source(source));
      order++;
    }
    for (var set : sets) {
      tree = merge.of(tree, set(set));
      order++;
    }
    return tree;
  }

  private Mapping source(String text) {
    try {
      var location = Location.ofSource(text);
      var content = location.read(environment);
      if (!content.warning().isEmpty()) {
        problems.warning(Place.of(order, location.label()), "", content.warning());
      }
      return parsed(Places.in(order, location.label()), content.text());
    } catch (UnusableException e) {
      problems.error(Place.of(order, "--config"), "", String.valueOf(e.getMessage()));
      return Mapping.empty(Place.of(order, text));
    }
  }

  /// `k.l=v` stands for the YAML `k::l: v`.
  private Mapping set(String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      var place = Place.of(order, "--set " + text);
      problems.error(place, "", "no '=' (expected: key=value)");
      return Mapping.empty(place);
    }
    var key = text.substring(0, equals).strip();
    var yaml = key.replace(".", Merge.DELIMITER) + ": " + text.substring(equals + 1).strip();
    return parsed(Places.at(Place.of(order, "--set " + key)), yaml);
  }

  private Mapping parsed(Places places, String yaml) {
    try {
      return switch (YamlReader.readAll(places, yaml, this::secondDocument)) {
        case Mapping mapping -> Merge.nested(mapping, "", 0, problems);
        case Scalar scalar when scalar.value() == null -> Mapping.empty(scalar.place());
        case Tree other -> {
          problems.error(
              other.place(),
              "",
              other.described() + " (expected: the sections of a configuration)");
          yield Mapping.empty(other.place());
        }
      };
    } catch (YamlException e) {
      problems.error(e.problem());
      return Mapping.empty(e.problem().place());
    }
  }

  private void secondDocument(Place place) {
    problems.warning(place, "", "a second document, which is not read (expected: one)");
  }
}

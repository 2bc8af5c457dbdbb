package io.sluice.config;

import io.sluice.service.Limits;
import java.io.IOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An environment of variables and files that exist only in a test, and a short way to load from it.
final class World implements Environment {
  private final Map<String, String> variables = new HashMap<>();
  private final Map<String, String> files = new HashMap<>();
  private final List<String> sets = new ArrayList<>();
  private FeatureGates gates = FeatureGates.defaults();

  World variable(String name, String value) {
    variables.put(name, value);
    return this;
  }

  World file(String path, String text) {
    files.put(path, text);
    return this;
  }

  World set(String text) {
    sets.add(text);
    return this;
  }

  World gate(String flag) {
    gates = gates.with(List.of(flag));
    return this;
  }

  /// 32 MiB in flight.
  private static final Limits LIMITS =
      new Limits(80 << 20, 32 << 20, 32 << 20, 8 << 20, 8 << 20, Map.of());

  Loaded load(String... sources) {
    return new ConfigLoader(Fakes.REGISTRY, this, gates, LIMITS).load(List.of(sources), sets);
  }

  /// Loads one file, called gateway.yaml.
  Loaded loadText(String yaml) {
    return file("gateway.yaml", yaml).load("gateway.yaml");
  }

  /// What is wrong with gateway.yaml, one line for each problem.
  List<String> problems(String yaml) {
    try {
      var loaded = loadText(yaml);
      throw new AssertionError("loaded: " + loaded.plan());
    } catch (InvalidConfigException e) {
      return e.problems().stream().map(Problem::toString).toList();
    }
  }

  List<String> warnings(String yaml) {
    return loadText(yaml).warnings().stream().map(Problem::toString).toList();
  }

  List<String> notes(String yaml) {
    return loadText(yaml).notes().stream().map(Problem::toString).toList();
  }

  @Nullable Object resolved(String... sources) {
    var problems = new Problems();
    var tree = new Resolver(this, gates, problems).resolve(List.of(sources), sets);
    problems.throwIfAny();
    return tree.plain();
  }

  @Override
  public @Nullable String variable(String name) {
    return variables.get(name);
  }

  @Override
  public String file(String path) throws IOException {
    var text = files.get(path);
    if (text == null) {
      throw new NoSuchFileException(path);
    }
    return text;
  }

  @Override
  public String fetch(URI address) throws IOException {
    return file(address.toString());
  }
}

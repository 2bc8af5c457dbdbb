package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.ComponentFactory;
import io.sluice.config.Shape.Field;
import io.sluice.config.Shape.Section;
import io.sluice.config.YamlReader.Places;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// For the test of each component: no key of its configuration escapes.
///
/// ```java
/// ConfigContract.check(new BatchProcessor.Factory(), """
///     timeout: 5s
///     send_batch_size: 7
///     """);
/// ```
public final class ConfigContract {
  private ConfigContract() {}

  /// Requires that every key, at any depth, is set to something other than its default in at least one
  /// of the bodies, that each has a meaning in the manual, that the user of one without effect is warned,
  /// and that the bodies are right. Keys that are not supported cannot be set and need not be.
  public static void check(ComponentFactory<?> factory, String... bodies) {
    var section = new Section(factory.defaults().getClass());
    var undocumented = new TreeSet<String>();
    var missing = new TreeSet<String>();
    var silent = new TreeSet<String>();
    paths(section, "", new ArrayList<>(), missing, undocumented, silent);
    for (var body : bodies) {
      differences(section, bind(factory, body), factory.defaults(), "", missing);
      silent.removeAll(withoutEffect(factory, body));
    }
    assertThat(undocumented).as("keys of '%s' without @Doc", factory.type()).isEmpty();
    assertThat(missing)
        .as("keys of '%s' that no body sets to a value other than the default", factory.type())
        .isEmpty();
    assertThat(silent).as("keys of '%s' without effect or warning", factory.type()).isEmpty();
  }

  /// The keys that a body is warned of for having no effect.
  private static List<String> withoutEffect(ComponentFactory<?> factory, String body) {
    var problems = new Problems();
    bound(factory, body, problems);
    return problems.warnings().stream()
        .filter(problem -> problem.what().startsWith("the key has no effect"))
        .map(problem -> problem.path().replaceAll("::\\d+", ""))
        .toList();
  }

  /// The configuration that a body gives. Fails if it is wrong.
  public static <C extends Record> C bind(ComponentFactory<C> factory, String body) {
    var problems = new Problems();
    var config = bound(factory, body, problems);
    problems.throwIfAny();
    return config;
  }

  /// What is wrong with a body, as `line:column: key: what`.
  public static <C extends Record> List<String> problems(ComponentFactory<C> factory, String body) {
    var problems = new Problems();
    bound(factory, body, problems);
    try {
      problems.throwIfAny();
      return List.of();
    } catch (InvalidConfigException e) {
      return e.problems().stream().map(ConfigContract::text).toList();
    }
  }

  /// What a body is warned of, in the same form.
  public static <C extends Record> List<String> warnings(ComponentFactory<C> factory, String body) {
    var problems = new Problems();
    bound(factory, body, problems);
    return problems.warnings().stream().map(ConfigContract::text).toList();
  }

  private static String text(Problem problem) {
    return problem.place().line()
        + ":"
        + problem.place().column()
        + ": "
        + (problem.path().isEmpty() ? "" : problem.path() + ": ")
        + problem.what();
  }

  private static <C extends Record> C bound(
      ComponentFactory<C> factory, String body, Problems problems) {
    var tree = YamlReader.read(Places.in(0, "body"), body);
    var plain = tree instanceof Tree.Mapping map ? Merge.nested(map, "", 0, problems) : tree;
    return new Binder(problems).section(plain, tree.place(), "", factory.defaults());
  }

  private static void paths(
      Section section,
      String path,
      List<Class<?>> open,
      Collection<String> all,
      Collection<String> undocumented,
      Collection<String> silent) {
    if (open.contains(section.type())) {
      return;
    }
    open.add(section.type());
    for (var field : section.fields()) {
      if (field.squashed()) {
        paths((Section) field.shape(), path, open, all, undocumented, silent);
        continue;
      }
      var here = Problems.path(path, field.key());
      if (field.unsupported().isEmpty()) {
        all.add(here);
      }
      if (field.ignored().isPresent()) {
        silent.add(here);
      }
      if (field.doc().filter(doc -> !doc.isBlank()).isEmpty()) {
        undocumented.add(here);
      }
      if (field.unsupported().isEmpty()) {
        inner(field.shape()).ifPresent(s -> paths(s, here, open, all, undocumented, silent));
      }
    }
    open.remove(section.type());
  }

  /// The section in a shape, however it is wrapped.
  private static Optional<Section> inner(Shape shape) {
    return switch (shape) {
      case Section section -> Optional.of(section);
      case Shape.Maybe maybe -> inner(maybe.inner());
      case Shape.Many many -> inner(many.item());
      case Shape.Named named -> inner(named.value());
      default -> Optional.empty();
    };
  }

  private static void differences(
      Section section, Record record, Record defaults, String path, Collection<String> missing) {
    for (var field : section.fields()) {
      var value = field.of(record);
      var standard = field.of(defaults);
      if (field.squashed()) {
        differences((Section) field.shape(), (Record) value, (Record) standard, path, missing);
        continue;
      }
      var here = Problems.path(path, field.key());
      if (!value.equals(standard)) {
        missing.remove(here);
      }
      inside(field, value, standard, here, missing);
    }
  }

  private static void inside(
      Field field,
      Object value,
      @Nullable Object standard,
      String path,
      Collection<String> missing) {
    var section = inner(field.shape());
    if (section.isPresent()) {
      var before = sections(standard);
      for (var each : sections(value)) {
        var defaults = before.size() == 1 ? before.getFirst() : section.get().defaults();
        differences(section.get(), each, defaults, path, missing);
      }
    }
  }

  private static List<Record> sections(@Nullable Object value) {
    return switch (value) {
      case Record record -> List.of(record);
      case Optional<?> optional -> sections(optional.orElse(null));
      case Collection<?> list -> list.stream().flatMap(item -> sections(item).stream()).toList();
      case Map<?, ?> map -> sections(map.values());
      case null, default -> List.of();
    };
  }
}

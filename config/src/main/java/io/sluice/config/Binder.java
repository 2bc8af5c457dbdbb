package io.sluice.config;

import static io.sluice.config.Problems.path;

import io.sluice.component.Checked;
import io.sluice.component.Findings;
import io.sluice.config.Shape.Field;
import io.sluice.config.Shape.Section;
import io.sluice.config.Tree.Entry;
import io.sluice.config.Tree.Mapping;
import io.sluice.config.Tree.Scalar;
import io.sluice.config.Tree.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Lays a tree over a record of defaults.
///
/// Nothing is converted by guess: a number is no text and a text no number, but for values that came
/// out of `${...}`, whose text is known. What cannot be bound is reported and keeps its default, so
/// that the rest is checked too; a plan is never made from it.
final class Binder {
  /// A number or a duration before what is expected instead.
  private static final Pattern VALUE = Pattern.compile("-?[0-9][0-9a-zµ.]*(?= \\(expected)");

  private static final String ENABLED = "enabled";
  private static final Set<String> PAIR = Set.of("name", "value");

  private final Problems problems;
  private final Scalars scalars;
  private final boolean checks;

  Binder(Problems problems) {
    this(problems, true);
  }

  /// @param checks false for a section that is turned off: its keys must be keys, but need not make
  ///     sense together
  private Binder(Problems problems, boolean checks) {
    this.problems = problems;
    this.scalars = new Scalars(problems);
    this.checks = checks;
  }

  /// @param tree null if the section was not written at all
  /// @param at where to report what has no place of its own
  @SuppressWarnings("unchecked")
  <C extends Record> C section(@Nullable Tree tree, Place at, String path, C defaults) {
    return (C) section(tree, at, path, defaults, Set.of());
  }

  private Record section(
      @Nullable Tree tree, Place at, String path, Record defaults, Set<String> besides) {
    var given = mapping(tree, at, path);
    var shape = new Section(defaults.getClass());
    if (given.entries().isEmpty()) {
      unwritten(shape, given, path, defaults);
      return defaults;
    }
    var known = new TreeSet<>(besides);
    var record = filled(shape, given, path, defaults, known);
    given
        .entries()
        .forEach((key, entry) -> {
          if (!known.contains(key)) {
            problems.error(
                entry.keyPlace(), path(path, key), "unknown key" + Nearest.hint(key, known));
          }
        });
    return record;
  }

  /// A section that was not written still has its rules: a key in it may be required.
  private void unwritten(Section shape, Mapping given, String path, Record defaults) {
    for (var field : shape.fields()) {
      if (field.shape() instanceof Section inner) {
        var here = field.squashed() ? path : path(path, field.key());
        unwritten(inner, given, here, (Record) field.of(defaults));
      }
    }
    check(given, path, defaults);
  }

  private Record filled(
      Section shape, Mapping given, String path, Record defaults, Set<String> known) {
    var values = new ArrayList<Object>();
    for (var field : shape.fields()) {
      var standard = field.of(defaults);
      if (field.squashed() && field.shape() instanceof Section inner) {
        values.add(filled(inner, given, path, (Record) standard, known));
      } else {
        values.add(value(field, given, path, standard, known));
      }
    }
    return checked(shape, given, path, defaults, values);
  }

  private Object value(
      Field field, Mapping given, String path, Object standard, Set<String> known) {
    known.add(field.key());
    var entry = entry(field, given, path, known);
    var here = path(path, field.key());
    if (entry == null) {
      return field.shape() instanceof Section
          ? section(null, given.place(), here, (Record) standard)
          : standard;
    }
    if (isOff(field, entry.value(), standard)) {
      return standard;
    }
    var value = converted(new Slot(field.shape(), entry, here, field.anyCase()), standard);
    if (value == null) {
      return standard;
    }
    if (!value.equals(standard)) {
      field
          .ignored()
          .ifPresent(
              why -> problems.warning(entry.keyPlace(), here, "the key has no effect: " + why));
      field
          .unsupported()
          .ifPresent(why -> problems.error(entry.keyPlace(), here, "not supported: " + why));
    }
    return value;
  }

  private @Nullable Entry entry(Field field, Mapping given, String path, Set<String> known) {
    var entry = given.entries().get(field.key());
    var old = field.renamed().map(given.entries()::get).orElse(null);
    if (old == null) {
      return entry;
    }
    var oldKey = field.renamed().orElseThrow();
    known.add(oldKey);
    if (entry != null) {
      problems.error(
          old.keyPlace(), path(path, oldKey), "beside its new name '" + field.key() + "'");
      return entry;
    }
    problems.warning(
        old.keyPlace(), path(path, oldKey), "the key is now called '" + field.key() + "'");
    return old;
  }

  private static boolean isOff(Field field, Tree tree, Object standard) {
    return field.emptyIsOff()
        && isNothing(tree)
        && standard instanceof Optional<?> section
        && section.isEmpty();
  }

  /// Null if it could not be bound, which has been reported.
  private @Nullable Object converted(Slot slot, @Nullable Object standard) {
    return switch (slot.shape()) {
      case Shape.Text _ -> scalars.text(slot, false);
      case Shape.Hidden _ -> scalars.secret(slot);
      case Shape.Whole whole -> scalars.whole(slot, whole);
      case Shape.Fraction _ -> scalars.fraction(slot);
      case Shape.Truth _ -> scalars.truth(slot);
      case Shape.Span _ -> scalars.duration(slot);
      case Shape.Any _ -> scalars.any(slot);
      case Shape.Choice choice -> scalars.choice(slot, choice);
      case Shape.Parsed parsed -> scalars.parsed(slot, parsed);
      case Section section ->
          section(
              slot.tree(),
              slot.entry().keyPlace(),
              slot.path(),
              standard == null ? section.defaults() : (Record) standard);
      case Shape.Maybe maybe -> maybe(slot, maybe, standard);
      case Shape.Many many -> many(slot, many, standard);
      case Shape.Named named -> named(slot, named, standard == null ? Map.of() : standard);
    };
  }

  private Object maybe(Slot slot, Shape.Maybe maybe, @Nullable Object standard) {
    var before = standard instanceof Optional<?> optional ? optional.orElse(null) : null;
    if (maybe.inner() instanceof Section section) {
      return optionalSection(slot, section, (Record) before);
    }
    if (isUnset(slot.tree(), maybe.inner())) {
      return Optional.empty();
    }
    return Optional.ofNullable(converted(slot.with(maybe.inner()), before));
  }

  /// How the Collector prints what was not written.
  private static boolean isUnset(Tree tree, Shape inner) {
    return isNothing(tree)
        || (inner instanceof Shape.Choice
            && tree instanceof Mapping mapping
            && mapping.entries().isEmpty());
  }

  /// Written, it is on; `enabled: false` turns it off, unless the section has an `enabled` of its own.
  private Object optionalSection(Slot slot, Section section, @Nullable Record before) {
    var defaults = before == null ? section.defaults() : before;
    boolean ownSwitch = section.keys().stream().anyMatch(field -> field.key().equals(ENABLED));
    var besides = ownSwitch ? Set.<String>of() : Set.of(ENABLED);
    boolean on = ownSwitch || isEnabled(slot);
    var binder = on ? this : new Binder(problems, false);
    var record =
        binder.section(slot.tree(), slot.entry().keyPlace(), slot.path(), defaults, besides);
    return on ? Optional.of(record) : Optional.empty();
  }

  private boolean isEnabled(Slot slot) {
    var entry = slot.tree() instanceof Mapping mapping ? mapping.entries().get(ENABLED) : null;
    if (entry != null && isNothing(entry.value())) {
      scalars.expected(slot.item(new Shape.Truth(), entry, ENABLED), "nothing", "true or false");
    } else if (entry != null) {
      return !Boolean.FALSE.equals(scalars.truth(slot.item(new Shape.Truth(), entry, ENABLED)));
    }
    return true;
  }

  private @Nullable Object many(Slot slot, Shape.Many many, @Nullable Object standard) {
    return switch (slot.tree()) {
      case Sequence sequence -> items(slot, many, sequence);
      case Scalar scalar
          when scalar.value() instanceof String text && many.item() instanceof Shape.Text ->
          text.isEmpty() ? List.of() : List.of(text.split(",", -1));
      case Tree tree when isNothing(tree) -> standard == null ? List.of() : standard;
      case Tree tree -> {
        scalars.expected(slot, tree.described(), "a list");
        yield null;
      }
    };
  }

  private List<Object> items(Slot slot, Shape.Many many, Sequence sequence) {
    var items = new ArrayList<Object>();
    for (int i = 0; i < sequence.items().size(); i++) {
      var item = sequence.items().get(i);
      var entry = new Entry(item.place(), item);
      var value = converted(slot.item(many.item(), entry, String.valueOf(i)), null);
      if (value != null) {
        items.add(value);
      }
    }
    return List.copyOf(items);
  }

  private Object named(Slot slot, Shape.Named named, Object standard) {
    var values = new LinkedHashMap<String, Object>();
    ((Map<?, ?>) standard).forEach((key, value) -> values.put((String) key, value));
    var given =
        slot.tree() instanceof Sequence sequence && isTextual(named.value())
            ? pairs(slot, sequence, named.value())
            : entries(slot, named.value());
    given.forEach((key, entry) -> {
      var value = converted(slot.item(named.value(), entry, key), values.get(key));
      if (value != null) {
        values.put(key, value);
      }
    });
    return Collections.unmodifiableMap(values);
  }

  private Map<String, Entry> entries(Slot slot, Shape shape) {
    if (shape instanceof Shape.Hidden
        && !(slot.tree() instanceof Mapping)
        && !isNothing(slot.tree())) {
      scalars.expected(slot, "a value of another type", "a mapping");
      return Map.of();
    }
    return mapping(slot.tree(), slot.tree().place(), slot.path()).entries();
  }

  /// Never the text of what may be a secret in the wrong place.
  private static String found(Tree item, Shape shape) {
    return shape instanceof Shape.Hidden && item instanceof Scalar ? "an item" : item.described();
  }

  private static boolean isTextual(Shape shape) {
    return shape instanceof Shape.Hidden || shape instanceof Shape.Text;
  }

  /// Headers and their like may also be a list of `name` and `value`.
  private Map<String, Entry> pairs(Slot slot, Sequence sequence, Shape shape) {
    var pairs = new LinkedHashMap<String, Entry>();
    for (var item : sequence.items()) {
      if (item instanceof Mapping mapping
          && mapping.entries().get("name") instanceof Entry(_, Scalar name)
          && name.value() instanceof String key
          && PAIR.containsAll(mapping.entries().keySet())) {
        var none = new Entry(item.place(), new Scalar(item.place(), "", null));
        pairs.put(key, mapping.entries().getOrDefault("value", none));
      } else {
        problems.error(
            item.place(), slot.path(), found(item, shape) + " (expected: name and value)");
      }
    }
    return pairs;
  }

  private Mapping mapping(@Nullable Tree tree, Place at, String path) {
    if (tree instanceof Mapping mapping) {
      return mapping;
    }
    if (tree != null && !isNothing(tree)) {
      problems.error(tree.place(), path, tree.described() + " (expected: a mapping)");
    }
    return Mapping.empty(at);
  }

  static boolean isNothing(Tree tree) {
    return tree instanceof Scalar scalar && scalar.value() == null;
  }

  private Record checked(
      Section shape, Mapping given, String path, Record defaults, List<Object> values) {
    Record record;
    try {
      record = shape.create(values);
    } catch (IllegalArgumentException e) {
      problems.error(given.place(), path, String.valueOf(e.getMessage()));
      return defaults;
    }
    check(given, path, record);
    return record;
  }

  private void check(Mapping given, String path, Record record) {
    if (checks && record instanceof Checked checked) {
      checked.check(new Placed(given, path));
    }
  }

  /// Finds the place of a key in the section that is checked: its value, or as deep as was written.
  private final class Placed implements Findings {
    private final Mapping given;
    private final String path;

    Placed(Mapping given, String path) {
      this.given = given;
      this.path = path;
    }

    @Override
    public void error(String key, String what) {
      problems.error(place(key), key.isEmpty() ? path : path(path, key), said(key, what));
    }

    @Override
    public void warning(String key, String what) {
      problems.warning(place(key), key.isEmpty() ? path : path(path, key), said(key, what));
    }

    /// Who did not write the key is told that the value is its default.
    private String said(String key, String what) {
      var text = GoDuration.inText(what);
      var found = VALUE.matcher(text);
      return found.lookingAt() && !key.isEmpty() && !isWritten(key)
          ? found.group() + ", the default" + text.substring(found.end())
          : text;
    }

    private boolean isWritten(String key) {
      Tree tree = given;
      for (var part : key.split(Merge.DELIMITER, -1)) {
        var entry = tree instanceof Mapping mapping ? mapping.entries().get(part) : null;
        if (entry == null) {
          return false;
        }
        tree = entry.value();
      }
      return true;
    }

    private Place place(String key) {
      Tree tree = given;
      for (var part : key.split(Merge.DELIMITER, -1)) {
        var entry = tree instanceof Mapping mapping ? mapping.entries().get(part) : null;
        if (entry == null) {
          break;
        }
        tree = entry.value();
      }
      return tree.place();
    }
  }
}

package io.sluice.config;

import static io.sluice.config.Problems.path;

import io.sluice.config.Location.UnusableException;
import io.sluice.config.Tree.Entry;
import io.sluice.config.Tree.Mapping;
import io.sluice.config.Tree.Scalar;
import io.sluice.config.Tree.Sequence;
import io.sluice.config.YamlReader.Places;
import io.sluice.config.YamlReader.YamlException;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/// Replaces `${...}` in values, never in keys.
///
/// A reference that is the whole value becomes what it refers to, typed, and keeps its text
/// ([Tree#original]); one inside a text is replaced by text. Innermost references go first, and what
/// comes in is expanded again, within bounds. `$$` is a plain `$`, put in at the very end.
final class Expansion {
  static final int ROUNDS_MAX = 1000;
  static final int READS_MAX = 10_000;
  static final int TEXT_MAX = 4 << 20;

  private final Environment environment;
  private final Problems problems;
  private int reads;
  private long nodes;

  Expansion(Environment environment, Problems problems) {
    this.environment = environment;
    this.problems = problems;
  }

  Mapping of(Mapping root) {
    try {
      return (Mapping) unescaped(expanded(root, "", 0));
    } catch (YamlException e) {
      problems.error(e.problem());
      return root;
    }
  }

  private Tree expanded(Tree tree, String path, int depth) {
    if (depth > YamlReader.DEPTH_MAX) {
      throw new YamlException(
          new Problem(
              tree.place(),
              path,
              "too many recursive expansions (at most " + YamlReader.DEPTH_MAX + " deep)"));
    }
    return switch (tree) {
      case Scalar scalar when scalar.value() instanceof String text ->
          text(scalar, text, path, depth);
      case Scalar scalar -> scalar;
      case Sequence sequence -> sequence(sequence, path, depth);
      case Mapping mapping -> mapping(mapping, path, depth);
    };
  }

  private Tree sequence(Sequence sequence, String path, int depth) {
    var items = new ArrayList<Tree>();
    for (var item : sequence.items()) {
      items.add(expanded(item, path(path, String.valueOf(items.size())), depth + 1));
    }
    return new Sequence(sequence.place(), items, sequence.original());
  }

  private Tree mapping(Mapping mapping, String path, int depth) {
    var entries = new LinkedHashMap<String, Entry>();
    mapping
        .entries()
        .forEach((key, entry) ->
            entries.put(
                key,
                new Entry(entry.keyPlace(), expanded(entry.value(), path(path, key), depth + 1))));
    return new Mapping(mapping.place(), entries, mapping.original());
  }

  private Tree text(Scalar scalar, String text, String path, int depth) {
    try {
      return replaced(scalar, text, path, depth);
    } catch (UnusableException e) {
      var problem = new Problem(scalar.place(), path, String.valueOf(e.getMessage()));
      if (reads > READS_MAX || nodes > YamlReader.NODES_MAX) {
        // Each further reference would fail in the same way.
        throw new YamlException(problem);
      }
      problems.error(problem);
      return new Scalar(scalar.place(), null, "");
    }
  }

  private Tree replaced(Scalar scalar, String text, String path, int depth)
      throws UnusableException {
    var present = text;
    for (int round = 0; round < ROUNDS_MAX; round++) {
      var reference = reference(present);
      if (reference.isEmpty()) {
        return new Scalar(scalar.place(), present, round == 0 ? scalar.original() : present);
      }
      var location = location(reference);
      var content = read(location, scalar.place(), path);
      if (reference.equals(present)) {
        var value = value(location, content, scalar.place(), path, depth);
        if (!(value instanceof Scalar s && s.value() instanceof String found)) {
          return expandedOriginal(expanded(value, path, depth + 1), content.text());
        }
        present = found;
      } else {
        present = bounded(present, reference, content.text());
      }
    }
    throw new UnusableException("too many recursive expansions (at most " + ROUNDS_MAX + ")");
  }

  private static String bounded(String text, String reference, String by) throws UnusableException {
    var replaced = text.replace(reference, by);
    if (replaced.length() > TEXT_MAX) {
      throw new UnusableException("a text of more than " + TEXT_MAX + " characters");
    }
    return replaced;
  }

  /// The text beside a typed value is for keys that take a string. It may hold references too; if
  /// these cannot be read as text, the value alone counts.
  private Tree expandedOriginal(Tree value, String text) {
    var present = text;
    try {
      for (int round = 0; round < ROUNDS_MAX; round++) {
        var reference = reference(present);
        if (reference.isEmpty()) {
          return value.withOriginal(present);
        }
        present = bounded(present, reference, content(location(reference)).text());
      }
    } catch (UnusableException _) {
      return value;
    }
    return value;
  }

  private Location.Content read(Location location, Place place, String path)
      throws UnusableException {
    var content = content(location);
    if (!content.warning().isEmpty()) {
      problems.warning(place, path, content.warning());
    }
    return content;
  }

  private Location.Content content(Location location) throws UnusableException {
    if (++reads > READS_MAX) {
      throw new UnusableException("more than " + READS_MAX + " references in one configuration");
    }
    return location.read(environment);
  }

  private static Location location(String reference) throws UnusableException {
    var inside = reference.substring(2, reference.length() - 1);
    var location = Location.parse(inside.contains(":") ? inside : "env:" + inside);
    if (location.rest().contains("$")) {
      throw new UnusableException("'" + inside + "' has a '$' in it (expected: none)");
    }
    return location;
  }

  /// What the content means when it is a whole value. A text keeps its quotes, and what is no YAML is
  /// a text: both as in the Collector.
  private Tree value(
      Location location, Location.Content content, Place place, String path, int depth)
      throws UnusableException {
    if (content.verbatim()) {
      return new Scalar(place, "", null);
    }
    Tree tree;
    try {
      var places =
          location.hasLines() ? Places.in(place.order(), location.label()) : Places.at(place);
      tree = YamlReader.read(places, content.text());
    } catch (YamlException e) {
      return new Scalar(place, content.text(), null);
    }
    nodes += tree.size();
    if (nodes > YamlReader.NODES_MAX) {
      throw new UnusableException("more than " + YamlReader.NODES_MAX + " values");
    }
    return switch (tree) {
      case Scalar s when s.value() instanceof String -> new Scalar(place, content.text(), null);
      case Scalar s -> new Scalar(place, s.value(), null);
      case Sequence s -> s;
      case Mapping m -> Merge.nested(m, path, depth, problems);
    };
  }

  /// The first `${...}` that holds no other; empty if there is none or if the first is escaped, which
  /// ends the search in the Collector too.
  static String reference(String text) {
    int from = 0;
    for (int close = text.indexOf('}'); close >= 0; close = text.indexOf('}', from)) {
      int open = text.lastIndexOf("${", close);
      if (open >= from) {
        return dollarsBefore(text, open) % 2 == 1 ? "" : text.substring(open, close + 1);
      }
      from = close + 1;
    }
    return "";
  }

  private static int dollarsBefore(String text, int open) {
    int at = open;
    while (at > 0 && text.charAt(at - 1) == '$') {
      at--;
    }
    return open - at;
  }

  private static Tree unescaped(Tree tree) {
    var original = tree.original();
    var text = original == null ? null : original.replace("$$", "$");
    return switch (tree) {
      case Scalar s when s.value() instanceof String value ->
          new Scalar(s.place(), value.replace("$$", "$"), text);
      case Scalar s -> new Scalar(s.place(), s.value(), text);
      case Sequence s ->
          new Sequence(s.place(), s.items().stream().map(Expansion::unescaped).toList(), text);
      case Mapping m -> {
        var entries = new LinkedHashMap<String, Entry>();
        m.entries()
            .forEach((key, entry) ->
                entries.put(key, new Entry(entry.keyPlace(), unescaped(entry.value()))));
        yield new Mapping(m.place(), entries, text);
      }
    };
  }
}

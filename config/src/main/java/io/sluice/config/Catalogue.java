package io.sluice.config;

import static java.util.stream.Collectors.joining;

import io.sluice.component.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// What component types the Collector's contrib distribution has, to tell a typing error from
/// something that we lack.
final class Catalogue {
  /// @param nearest types of ours for a similar purpose, of the same kind unless written `kind type`
  /// @param removed whether the Collector has it no longer
  private record Known(String type, List<String> nearest, boolean removed) {}

  private final Map<Kind, Map<String, Known>> known = new HashMap<>();

  Catalogue() {
    for (var row : Table.read("collector-components.tsv", 5)) {
      var kind = Kind.valueOf(row.get(0).toUpperCase(Locale.ROOT));
      var entry =
          new Known(row.get(1), row.size() < 4 ? List.of() : words(row.get(3)), row.size() > 4);
      var byName = known.computeIfAbsent(kind, _ -> new HashMap<>());
      add(byName, row.get(1), entry);
      if (row.size() > 2) {
        words(row.get(2)).forEach(alias -> add(byName, alias, entry));
      }
    }
  }

  private static void add(Map<String, Known> byName, String name, Known entry) {
    if (byName.put(name, entry) != null) {
      throw new IllegalStateException(name + " stands twice in the table");
    }
  }

  private static List<String> words(String cell) {
    return cell.isBlank() ? List.of() : List.of(cell.strip().split(",", -1));
  }

  /// What to say of a type that the registry does not have.
  String unknown(Kind kind, String type, Registry registry) {
    var entry = known.getOrDefault(kind, Map.of()).get(type);
    if (entry != null && entry.removed()) {
      return "the "
          + kind
          + " '"
          + type
          + "' was removed from the Collector"
          + instead(kind, entry, registry);
    }
    if (entry != null) {
      return "the "
          + kind
          + " '"
          + type
          + "' of the Collector is not supported yet"
          + nearest(kind, entry, registry);
    }
    return "unknown " + kind + " type '" + type + "'" + hint(kind, type, registry);
  }

  private static String instead(Kind kind, Known entry, Registry registry) {
    var near = near(kind, entry, registry);
    return near.isEmpty() ? "" : " (use " + String.join(" or ", near) + ")";
  }

  private static List<String> near(Kind kind, Known entry, Registry registry) {
    return entry.nearest().stream().filter(type -> has(registry, kind, type)).toList();
  }

  private static String nearest(Kind kind, Known entry, Registry registry) {
    var near = near(kind, entry, registry);
    return near.isEmpty()
        ? " (supported: " + String.join(", ", registry.names(kind)) + ")"
        : " (nearest here: " + String.join(", ", near) + ")";
  }

  private static boolean has(Registry registry, Kind kind, String near) {
    int space = near.indexOf(' ');
    return space < 0
        ? registry.find(kind, near).isPresent()
        : registry
            .find(
                Kind.valueOf(near.substring(0, space).toUpperCase(Locale.ROOT)),
                near.substring(space + 1))
            .isPresent();
  }

  private String hint(Kind kind, String type, Registry registry) {
    var elsewhere = elsewhere(kind, type, registry);
    if (!elsewhere.isEmpty()) {
      return " (there is "
          + elsewhere.stream().map(other -> article(other)).collect(joining(", "))
          + " of that name)";
    }
    var names = new TreeSet<>(registry.names(kind));
    Optional<String> ours = Nearest.to(type, names);
    if (ours.isEmpty()) {
      var theirs = Nearest.to(type, known.getOrDefault(kind, Map.of()).keySet());
      if (theirs.isPresent()) {
        return " (did you mean '" + theirs.get() + "'? it is not supported yet)";
      }
    }
    return Nearest.hint(type, names);
  }

  private static String article(Kind kind) {
    return (kind == Kind.EXPORTER || kind == Kind.EXTENSION ? "an " : "a ") + kind;
  }

  private static List<Kind> elsewhere(Kind kind, String type, Registry registry) {
    var kinds = new ArrayList<Kind>();
    for (var other : Kind.values()) {
      if (other != kind && registry.find(other, type).isPresent()) {
        kinds.add(other);
      }
    }
    return kinds;
  }
}

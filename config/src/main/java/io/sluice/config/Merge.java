package io.sluice.config;

import static io.sluice.config.Problems.path;

import io.sluice.config.Tree.Entry;
import io.sluice.config.Tree.Mapping;
import io.sluice.config.Tree.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/// Lays sources over each other as the Collector does: mappings are joined key by key; a list, a
/// scalar or nothing at all replaces what was there.
final class Merge {
  static final String DELIMITER = "::";

  /// With the gate, lists at these paths are joined.
  private static final Pattern JOINED =
      Pattern.compile("service::extensions|service::.*::(receivers|exporters)");

  private final boolean joinsLists;

  Merge(boolean joinsLists) {
    this.joinsLists = joinsLists;
  }

  Mapping of(Mapping below, Mapping above) {
    return of(below, above, "");
  }

  private Mapping of(Mapping below, Mapping above, String path) {
    var entries = new LinkedHashMap<>(below.entries());
    above
        .entries()
        .forEach((key, entry) ->
            entries.merge(key, entry, (lower, upper) -> of(lower, upper, path(path, key))));
    return new Mapping(above.place(), entries, null);
  }

  private Entry of(Entry below, Entry above, String path) {
    if (below.value() instanceof Mapping lower && above.value() instanceof Mapping upper) {
      return new Entry(above.keyPlace(), of(lower, upper, path));
    }
    if (joinsLists
        && below.value() instanceof Sequence lower
        && above.value() instanceof Sequence upper
        && JOINED.matcher(path).matches()) {
      return new Entry(above.keyPlace(), joined(lower, upper));
    }
    return above;
  }

  private static Sequence joined(Sequence below, Sequence above) {
    var items = new ArrayList<>(below.items());
    for (var item : above.items()) {
      if (items.stream().noneMatch(each -> Objects.equals(each.plain(), item.plain()))) {
        items.add(item);
      }
    }
    return new Sequence(above.place(), items, null);
  }

  /// The mapping with keys such as `a::b` taken apart, at any depth outside lists.
  static Mapping nested(Mapping mapping, String path, int depth, Problems problems) {
    if (isPlain(mapping)) {
      return mapping;
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach((key, entry) -> {
          var keys = List.of(key.split(DELIMITER, -1));
          if (depth + keys.size() > YamlReader.DEPTH_MAX) {
            problems.error(
                entry.keyPlace(), path, "nested more than " + YamlReader.DEPTH_MAX + " deep");
            return;
          }
          var value =
              entry.value() instanceof Mapping inner
                  ? nested(inner, path(path, key), depth + keys.size(), problems)
                  : entry.value();
          var wrapped = wrapped(keys, new Entry(entry.keyPlace(), value));
          put(entries, keys.getFirst(), wrapped, path, problems);
        });
    return new Mapping(mapping.place(), entries, mapping.original());
  }

  private static boolean isPlain(Mapping mapping) {
    return mapping.entries().entrySet().stream()
        .allMatch(e ->
            !e.getKey().contains(DELIMITER)
                && (!(e.getValue().value() instanceof Mapping inner) || isPlain(inner)));
  }

  private static Entry wrapped(List<String> keys, Entry entry) {
    var wrapped = entry;
    for (var key : keys.subList(1, keys.size()).reversed()) {
      wrapped =
          new Entry(entry.keyPlace(), new Mapping(entry.keyPlace(), Map.of(key, wrapped), null));
    }
    return wrapped;
  }

  private static void put(
      Map<String, Entry> entries, String key, Entry entry, String path, Problems problems) {
    var before = entries.putIfAbsent(key, entry);
    if (before == null) {
      return;
    }
    if (before.value() instanceof Mapping lower && entry.value() instanceof Mapping upper) {
      var joined = new LinkedHashMap<>(lower.entries());
      upper.entries().forEach((k, e) -> put(joined, k, e, path(path, key), problems));
      entries.put(key, new Entry(before.keyPlace(), new Mapping(lower.place(), joined, null)));
    } else {
      problems.error(
          entry.keyPlace(),
          path(path, key),
          "the key stands twice (also at " + before.keyPlace() + ")");
    }
  }
}

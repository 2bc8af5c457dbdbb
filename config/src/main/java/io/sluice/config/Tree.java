package io.sluice.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A YAML value that knows where it was written.
///
/// What came out of a `${...}` that was the whole value also keeps the text it came from: a key that
/// takes a string gets that text (`0123`, `true`), any other key the value.
public sealed interface Tree {
  Place place();

  /// The text that was expanded to this value; null for what was written as it is.
  @Nullable String original();

  Tree withOriginal(String text);

  /// What a user would call it: `a list`, `'abc'`.
  String described();

  /// As plain Java: String, Long, Double, Boolean, List, Map or null.
  @Nullable Object plain();

  /// How many values it holds, itself included.
  int size();

  /// A single value.
  ///
  /// @param value String, Long, Double, Boolean or null
  record Scalar(Place place, @Nullable Object value, @Nullable String original) implements Tree {
    @Override
    public Tree withOriginal(String text) {
      return new Scalar(place, value, text);
    }

    @Override
    public String described() {
      return switch (value) {
        case null -> "nothing";
        case String text -> "'" + text + "'";
        default -> value.toString();
      };
    }

    @Override
    public @Nullable Object plain() {
      return value;
    }

    @Override
    public int size() {
      return 1;
    }
  }

  record Sequence(Place place, List<Tree> items, @Nullable String original, int size)
      implements Tree {
    public Sequence(Place place, List<Tree> items, @Nullable String original) {
      this(place, List.copyOf(items), original, sum(items));
    }

    @Override
    public Tree withOriginal(String text) {
      return new Sequence(place, items, text, size);
    }

    @Override
    public String described() {
      return "a list";
    }

    @Override
    public Object plain() {
      var plain = new ArrayList<@Nullable Object>();
      items.forEach(item -> plain.add(item.plain()));
      return plain;
    }
  }

  /// Keys stand in the order in which they were written.
  record Mapping(Place place, Map<String, Entry> entries, @Nullable String original, int size)
      implements Tree {
    public Mapping(Place place, Map<String, Entry> entries, @Nullable String original) {
      this(
          place,
          Collections.unmodifiableMap(new LinkedHashMap<>(entries)),
          original,
          sum(entries.values().stream().map(Entry::value).toList()));
    }

    static Mapping empty(Place place) {
      return new Mapping(place, Map.of(), null);
    }

    @Override
    public Tree withOriginal(String text) {
      return new Mapping(place, entries, text, size);
    }

    @Override
    public String described() {
      return "a mapping";
    }

    @Override
    public Object plain() {
      var plain = new LinkedHashMap<String, @Nullable Object>();
      entries.forEach((key, entry) -> plain.put(key, entry.value().plain()));
      return plain;
    }
  }

  record Entry(Place keyPlace, Tree value) {}

  private static int sum(List<Tree> parts) {
    long size = 1 + parts.stream().mapToLong(Tree::size).sum();
    return (int) Math.min(size, Integer.MAX_VALUE);
  }
}

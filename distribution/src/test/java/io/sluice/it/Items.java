package io.sluice.it;

import io.sluice.testkit.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The items of a file exporter's JSON as a multiset: each item with its resource and scope, in one
/// spelling. What has its default value and no presence of its own is left out; the order of
/// attributes and of maps counts as no difference.
final class Items {
  /// Fields whose presence says something even when they hold a default.
  private static final Set<String> PRESENT =
      Set.of(
          "stringValue",
          "boolValue",
          "intValue",
          "doubleValue",
          "arrayValue",
          "kvlistValue",
          "bytesValue",
          "gauge",
          "sum",
          "histogram",
          "exponentialHistogram",
          "summary",
          "asInt",
          "asDouble",
          "min",
          "max");

  private static final Set<String> DECIMALS =
      Set.of(
          "doubleValue",
          "asDouble",
          "sum",
          "min",
          "max",
          "zeroThreshold",
          "value",
          "quantile",
          "explicitBounds");
  private static final Pattern NUMBER = Pattern.compile("-?[0-9.]+([eE][-+]?[0-9]+)?");

  private static final List<String> METRIC_KINDS =
      List.of("gauge", "sum", "histogram", "exponentialHistogram", "summary");

  private static final int SHOWN_MAX = 3;

  private static final Set<String> SETS = Set.of("attributes", "filteredAttributes", "kvlistValue");

  private Items() {}

  static List<String> of(Path file) {
    return of(Programs.read(file));
  }

  /// One request a line, of any signal. Sorted.
  static List<String> of(String lines) {
    return records(lines).map(Object::toString).sorted().toList();
  }

  /// Names what only one side has.
  static void assertSame(List<String> ours, List<String> theirs) {
    var missing = new ArrayList<>(theirs);
    var extra = new ArrayList<String>();
    for (var item : ours) {
      if (!missing.remove(item)) {
        extra.add(item);
      }
    }
    if (!missing.isEmpty() || !extra.isEmpty()) {
      throw new AssertionError(
          "%d items differ of %d\nonly the Collector has:\n%s\nonly Sluice has:\n%s"
              .formatted(
                  missing.size() + extra.size(), theirs.size(), shown(missing), shown(extra)));
    }
  }

  private static String shown(List<String> items) {
    return String.join("\n", items.subList(0, Math.min(items.size(), SHOWN_MAX)));
  }

  /// Each a map with `resource`, `scope` and `record`.
  static Stream<Map<String, Object>> records(String lines) {
    return lines
        .lines()
        .filter(line -> !line.isBlank())
        .flatMap(line -> Json.object(line).values().stream())
        .flatMap(resources -> Json.list(resources).stream())
        .flatMap(resource -> ofResource(Json.object(resource)).stream());
  }

  private static List<Map<String, Object>> ofResource(Map<String, Object> resource) {
    return ofLevel(resource, "scope", Map.of("resource", head(resource, "scope")));
  }

  private static List<Map<String, Object>> ofLevel(
      Map<String, Object> level, String children, Map<String, Object> above) {
    var items = new ArrayList<Map<String, Object>>();
    for (var child : childrenOf(level, children)) {
      if (children.equals("scope")) {
        var with = new TreeMap<>(above);
        with.put("scope", head(Json.object(child), "records"));
        items.addAll(ofLevel(Json.object(child), "records", with));
      } else {
        var with = new TreeMap<>(above);
        for (var record : points(Json.object(child))) {
          var item = new TreeMap<>(with);
          item.put("record", canonical("", record));
          items.add(item);
        }
      }
    }
    return items;
  }

  /// A metric of several points as several metrics of one point each: batches may cut between any two.
  private static List<Map<String, Object>> points(Map<String, Object> record) {
    for (var kind : METRIC_KINDS) {
      var data = Json.object(record.get(kind));
      var points = Json.list(data.get("dataPoints"));
      if (points.size() > 1) {
        return points.stream()
            .map(point -> with(record, kind, with(data, "dataPoints", List.of(point))))
            .toList();
      }
    }
    return List.of(record);
  }

  private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
    var changed = new TreeMap<>(map);
    changed.put(key, value);
    return changed;
  }

  /// The level without what is below it.
  private static Object head(Map<String, Object> level, String children) {
    var head = new TreeMap<>(level);
    head.keySet().removeIf(key -> isChildren(key, children));
    return canonical("", head);
  }

  private static List<Object> childrenOf(Map<String, Object> level, String children) {
    return level.entrySet().stream()
        .filter(entry -> isChildren(entry.getKey(), children))
        .flatMap(entry -> Json.list(entry.getValue()).stream())
        .toList();
  }

  private static boolean isChildren(String key, String children) {
    return children.equals("scope")
        ? key.startsWith("scope")
        : Set.of("spans", "metrics", "logRecords").contains(key);
  }

  private static Object canonical(String key, Object value) {
    if (value instanceof Map) {
      var map = new TreeMap<String, Object>();
      Json.object(value)
          .forEach((name, inner) -> {
            var canonical = canonical(name.equals("values") ? key : name, inner);
            if (PRESENT.contains(name) || !isDefault(canonical)) {
              map.put(name, canonical);
            }
          });
      return map;
    }
    if (value instanceof List) {
      var list = Json.list(value).stream().map(inner -> canonical(key, inner));
      return SETS.contains(key)
          ? list.sorted(Comparator.comparing(Object::toString)).toList()
          : list.toList();
    }
    return number(key, value);
  }

  /// `1e3`, `1000` and `1000.0` are one decimal. Texts of the sender are never touched.
  private static Object number(String key, Object value) {
    var text = value.toString();
    return DECIMALS.contains(key) && NUMBER.matcher(text).matches()
        ? String.valueOf(Double.parseDouble(text))
        : value instanceof Number ? text : value;
  }

  private static boolean isDefault(Object value) {
    return value.equals("")
        || value.equals("0")
        || value.equals("0.0")
        || value.equals(false)
        || value.equals(Map.of())
        || value.equals(List.of())
        || value.equals(Json.NULL);
  }
}

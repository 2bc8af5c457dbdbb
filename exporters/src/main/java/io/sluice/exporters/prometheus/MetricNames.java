package io.sluice.exporters.prometheus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes the names of metrics, by the rules of OpenTelemetry for Prometheus as the Collector has them.
/// Confined to one thread.
public final class MetricNames {
  /// So many are remembered; then all are forgotten.
  private static final int REMEMBERED_MAX = 10_000;

  /// Longer ones are not remembered.
  private static final int REMEMBERED_CHARS_MAX = 1 << 10;

  private static final String TOTAL = "total";
  private static final String RATIO = "ratio";

  private final String namespace;
  private final Strategy strategy;
  private final Map<Asked, Optional<String>> remembered = new HashMap<>();

  /// What a name depends on besides itself.
  public enum Type {
    COUNTER,
    GAUGE,
    OTHER
  }

  private record Asked(String name, String unit, Type type) {}

  /// @param namespace put before each name; empty for none
  public MetricNames(String namespace, Strategy strategy) {
    this.namespace = namespace;
    this.strategy = strategy;
  }

  /// Empty if nothing is left of the name that could be one.
  public Optional<String> of(String name, String unit, Type type) {
    var asked = new Asked(name, unit, type);
    if (name.length() + unit.length() > REMEMBERED_CHARS_MAX) {
      return make(asked);
    }
    if (remembered.size() >= REMEMBERED_MAX) {
      remembered.clear();
    }
    return remembered.computeIfAbsent(asked, this::make);
  }

  /// As metadata has it.
  String unit(String unit) {
    return (strategy.escapes() ? Unit.of(unit).escaped() : Unit.of(unit)).text();
  }

  private Optional<String> make(Asked asked) {
    if (!strategy.escapes()) {
      var name = namespace.isEmpty() ? asked.name : namespace + "_" + asked.name;
      var made = strategy.suffixes() ? suffixed(name, asked) : name;
      return made.isEmpty() ? Optional.empty() : Optional.of(made);
    }
    var made = strategy.suffixes() ? normalized(asked) : escaped(asked.name);
    boolean usable = made.equals(asked.name) ? !made.isEmpty() : !isUnderscores(made);
    return usable ? Optional.of(made) : Optional.empty();
  }

  private String escaped(String name) {
    var made = String.join("_", words(name, true));
    if (!namespace.isEmpty()) {
      return String.join("_", words(namespace, true)) + "_" + made;
    }
    return startsWithDigit(made) ? "_" + made : made;
  }

  private String normalized(Asked asked) {
    var tokens = words(asked.name, false);
    addUnit(tokens, Unit.of(asked.unit).escaped());
    if (asked.type == Type.COUNTER) {
      tokens.removeIf(TOTAL::equals);
      tokens.add(TOTAL);
    }
    if (isRatio(asked)) {
      tokens.removeIf(RATIO::equals);
      tokens.add(RATIO);
    }
    if (!namespace.isEmpty()) {
      tokens.addFirst(namespace);
    }
    var made = String.join("_", tokens);
    return startsWithDigit(made) ? "_" + made : made;
  }

  private static void addUnit(List<String> tokens, Unit unit) {
    var main = tokens.contains(unit.main()) ? "" : unit.main();
    var per = unit.per().equals("per_") ? "" : trimmed(unit.per());
    if (tokens.contains(per)) {
      per = "";
    }
    if (!per.isEmpty()) {
      main = trimmed(main);
    }
    if (!main.isEmpty()) {
      tokens.add(main);
    }
    if (!per.isEmpty()) {
      tokens.add(per);
    }
  }

  private static String trimmed(String word) {
    return word.endsWith("_") ? word.substring(0, word.length() - 1) : word;
  }

  /// A gauge of unit 1 is a ratio; counters of unit 1 are mostly counts of something.
  private static boolean isRatio(Asked asked) {
    return asked.unit.equals("1") && asked.type == Type.GAUGE;
  }

  private static String suffixed(String plain, Asked asked) {
    var name = plain;
    boolean ratio = isRatio(asked);
    boolean total = asked.type == Type.COUNTER;
    var unit = Unit.of(asked.unit);
    name = ratio ? without(name, RATIO) : name;
    name = total ? without(name, TOTAL) : name;
    name = unit.per().isEmpty() ? name : without(name, unit.per());
    if (!unit.main().isEmpty() && !name.endsWith(unit.main())) {
      name += "_" + unit.main();
    }
    return name
        + (unit.per().isEmpty() ? "" : "_" + unit.per())
        + (total ? "_" + TOTAL : "")
        + (ratio ? "_" + RATIO : "");
  }

  private static String without(String name, String suffix) {
    int rest = name.length() - suffix.length() - 1;
    return name.endsWith(suffix) && rest > 0 ? name.substring(0, rest) : name;
  }

  private static List<String> words(String name, boolean underscores) {
    var words = new ArrayList<String>();
    int from = 0;
    for (int i = 0; i <= name.length(); i++) {
      boolean inside =
          i < name.length() && (isWord(name.charAt(i)) || (underscores && name.charAt(i) == '_'));
      if (!inside) {
        if (i > from) {
          words.add(name.substring(from, i));
        }
        from = i + 1;
      }
    }
    return words;
  }

  static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == ':';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean startsWithDigit(String name) {
    return !name.isEmpty() && isDigit(name.charAt(0));
  }

  private static boolean isUnderscores(String name) {
    return name.chars().allMatch(c -> c == '_');
  }
}

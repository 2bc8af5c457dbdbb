package io.sluice.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The Collector's feature gates: which there are, and which are on. Immutable.
///
/// All ids of the Collector 0.159 are accepted, so that its command lines work; most have no effect
/// here.
public final class FeatureGates {
  public static final String ALLOW_NO_PIPELINES = "service.AllowNoPipelines";
  public static final String PROFILES_SUPPORT = "service.profilesSupport";
  public static final String MERGE_APPEND = "confmap.enableMergeAppendOption";

  public enum Stage {
    ALPHA,
    BETA,
    STABLE,
    DEPRECATED;

    boolean onByDefault() {
      return this == BETA || this == STABLE;
    }

    @Override
    public String toString() {
      return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
  }

  public record Gate(String id, Stage stage, String description) {}

  private final Map<String, Gate> gates;
  private final Set<String> on;
  private final List<String> warnings;

  private FeatureGates(Map<String, Gate> gates, Set<String> on, List<String> warnings) {
    this.gates = gates;
    this.on = Set.copyOf(on);
    this.warnings = List.copyOf(warnings);
  }

  public static FeatureGates defaults() {
    var gates = new TreeMap<String, Gate>();
    var on = new HashSet<String>();
    for (var row : Table.read("feature-gates.tsv", 3)) {
      var stage = Stage.valueOf(row.get(1).toUpperCase(Locale.ROOT));
      gates.put(row.get(0), new Gate(row.get(0), stage, row.get(2)));
      if (stage.onByDefault()) {
        on.add(row.get(0));
      }
    }
    return new FeatureGates(gates, on, List.of());
  }

  /// As `--feature-gates` says: `id` or `+id` turns on, `-id` off, separated by commas.
  ///
  /// @throws IllegalArgumentException with a line for each thing that is wrong
  public FeatureGates with(Collection<String> flags) {
    var switched = new HashSet<>(on);
    var errors = new ArrayList<String>();
    var told = new ArrayList<>(warnings);
    for (var flag : flags) {
      for (var element : flag.split(",", -1)) {
        switchOne(element.strip(), switched, errors, told);
      }
    }
    if (!errors.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", errors));
    }
    return new FeatureGates(gates, switched, told);
  }

  private void switchOne(
      String element, Set<String> switched, List<String> errors, List<String> told) {
    boolean off = element.startsWith("-");
    var id = off || element.startsWith("+") ? element.substring(1) : element;
    var gate = gates.get(id);
    if (id.isEmpty()) {
      errors.add("--feature-gates: an empty element (expected: id, +id or -id)");
    } else if (gate == null) {
      errors.add("--feature-gates: unknown gate '" + id + "'" + near(id));
    } else if (off && gate.stage() == Stage.STABLE) {
      errors.add("--feature-gates: '" + id + "' is stable and cannot be turned off");
    } else if (!off && gate.stage() == Stage.DEPRECATED) {
      errors.add("--feature-gates: '" + id + "' is deprecated and cannot be turned on");
    } else if (off ? !switched.remove(id) : !switched.add(id)) {
      told.add("--feature-gates: '" + id + "' is already " + (off ? "off" : "on"));
    }
  }

  private String near(String id) {
    return Nearest.to(id, gates.keySet())
        .map(found -> " (did you mean '" + found + "'?)")
        .orElse(" (expected: one that 'featuregate' lists)");
  }

  /// Whether a gate is on.
  ///
  /// @throws IllegalArgumentException for an id that is not in the table
  public boolean isOn(String id) {
    if (!gates.containsKey(id)) {
      throw new IllegalArgumentException("unknown gate " + id);
    }
    return on.contains(id);
  }

  /// Settings that change nothing.
  public List<String> warnings() {
    return warnings;
  }

  public Collection<Gate> gates() {
    return List.copyOf(gates.values());
  }

  /// The table that `featuregate` prints: id, whether it is on, stage, description.
  public String table() {
    int width = gates.keySet().stream().mapToInt(String::length).max().orElse(2);
    var form = "%-" + width + "s  %-7s  %-10s  %s%n";
    var text = new StringBuilder(row(form, "ID", "Enabled", "Stage", "Description"));
    gates
        .values()
        .forEach(gate ->
            text.append(
                row(
                    form,
                    gate.id(),
                    String.valueOf(on.contains(gate.id())),
                    gate.stage().toString(),
                    gate.description())));
    return text.toString();
  }

  private static String row(String form, String... cells) {
    return String.format(Locale.ROOT, form, (Object[]) cells);
  }
}

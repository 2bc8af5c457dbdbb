package io.sluice.exporters.prometheus;

import io.sluice.component.Doc;
import io.sluice.component.Findings;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// `resource_constant_labels`: which keys are chosen.
public record Selection(
    @Doc(
            "Keys, with `*` for any text and `?` for any character; without any: all that are not excluded.")
        List<String> included,
    @Doc("Keys that are not, whatever is included.") List<String> excluded) {
  /// No key.
  public static final Selection NONE = new Selection(List.of(), List.of());

  private static final List<String> SERVICE =
      List.of("service.name", "service.namespace", "service.instance.id");

  public Selection {
    included = List.copyOf(included);
    excluded = List.copyOf(excluded);
  }

  public static Selection defaults() {
    return NONE;
  }

  /// All keys.
  ///
  /// @param exceptService without those that make `job` and `instance`
  public static Selection all(boolean exceptService) {
    return new Selection(List.of("*"), exceptService ? SERVICE : List.of());
  }

  public boolean none() {
    return included.isEmpty() && excluded.isEmpty();
  }

  /// This one, unless what it replaces says all; both together are a mistake.
  public Selection or(boolean all, boolean exceptService) {
    return all ? all(exceptService) : this;
  }

  /// @param replaced whether `resource_to_telemetry_conversion` is written too
  public void check(boolean replaced, Findings findings) {
    findings.require(
        none() || !replaced,
        "resource_constant_labels",
        "together with resource_to_telemetry_conversion (expected: one of both)");
  }

  /// Matches the keys that are chosen.
  Pattern pattern() {
    var not = excluded.isEmpty() ? "" : "(?!" + anyOf(excluded) + "\\z)";
    var yes = included.isEmpty() ? excluded.isEmpty() ? "(?!)" : ".*" : anyOf(included);
    return Pattern.compile(not + yes, Pattern.DOTALL);
  }

  private static String anyOf(List<String> wildcards) {
    return wildcards.stream().map(Selection::regex).collect(Collectors.joining("|", "(?:", ")"));
  }

  private static String regex(String wildcard) {
    return wildcard
        .codePoints()
        .mapToObj(c ->
            switch (c) {
              case '*' -> ".*";
              case '?' -> ".";
              default -> Pattern.quote(Character.toString(c));
            })
        .collect(Collectors.joining());
  }
}

package io.sluice.processors.attraction;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One entry of `actions`.
public record ActionConfig(
    @Doc("Attribute to act on.") String key,
    @Doc("insert, update, upsert, delete, hash, extract or convert.") String action,
    @Doc("Value to set.") Optional<Object> value,
    @Doc("Attribute to take the value from.") String fromAttribute,
    @Doc("Where in the request to take the value from: metadata.<key> or client.address.")
        String fromContext,
    @Doc("Value to set if the source has none.") Optional<Object> defaultValue,
    @Doc("Regular expression: on keys for delete and hash, on the value for extract.")
        String pattern,
    @Doc("Type to convert to: int, double or string.") String convertedType) {
  private static final List<String> TYPES = List.of("int", "double", "string");

  public static ActionConfig defaults() {
    return new ActionConfig("", "", Optional.empty(), "", "", Optional.empty(), "", "");
  }

  /// The action's name, which may be written in any case.
  String verb() {
    return action.toLowerCase(Locale.ROOT);
  }

  /// All mistakes of a list of actions, each with the index of its action.
  public static void check(List<ActionConfig> actions, String list, Findings findings) {
    findings.require(!actions.isEmpty(), list, "empty (expected: at least one action)");
    for (int i = 0; i < actions.size(); i++) {
      actions.get(i).check(list + "::" + i, findings);
    }
  }

  private void check(String at, Findings findings) {
    switch (verb()) {
      case "insert", "update", "upsert" -> {
        requireKey(at, findings);
        checkSources(at, findings);
        unused(at, "pattern", !pattern.isEmpty(), findings);
        unused(at, "converted_type", !convertedType.isEmpty(), findings);
      }
      case "delete", "hash" -> {
        findings.require(
            !key.isEmpty() || !pattern.isEmpty(), at, verb() + " without key or pattern");
        noSources(at, findings);
        unused(at, "converted_type", !convertedType.isEmpty(), findings);
        checkPattern(at, false, findings);
      }
      case "extract" -> {
        requireKey(at, findings);
        noSources(at, findings);
        unused(at, "converted_type", !convertedType.isEmpty(), findings);
        findings.require(!pattern.isEmpty(), at + "::pattern", "missing (extract needs it)");
        checkPattern(at, true, findings);
      }
      case "convert" -> {
        requireKey(at, findings);
        noSources(at, findings);
        unused(at, "pattern", !pattern.isEmpty(), findings);
        findings.require(
            TYPES.contains(convertedType),
            at + "::converted_type",
            "'" + convertedType + "' (expected: int, double or string)");
      }
      default ->
          findings.error(
              at + "::action",
              "'"
                  + action
                  + "' (expected: insert, update, upsert, delete, hash, extract or convert)");
    }
  }

  private void requireKey(String at, Findings findings) {
    findings.require(!key.isEmpty(), at + "::key", "missing (" + verb() + " needs it)");
  }

  private void checkSources(String at, Findings findings) {
    int sources =
        (value.isPresent() ? 1 : 0)
            + (fromAttribute.isEmpty() ? 0 : 1)
            + (fromContext.isEmpty() ? 0 : 1);
    findings.require(
        sources > 0 || defaultValue.isPresent(),
        at,
        verb()
            + " without a source (expected: value, from_attribute, from_context or default_value)");
    findings.require(
        sources <= 1,
        at,
        "more than one source (expected: one of value, from_attribute and from_context)");
    if (fromContext.equals("auth.raw")) {
      findings.warning(
          at + "::from_context", "credentials do not travel with data: only default_value applies");
    }
  }

  private void noSources(String at, Findings findings) {
    unused(at, "value", value.isPresent(), findings);
    unused(at, "from_attribute", !fromAttribute.isEmpty(), findings);
    unused(at, "from_context", !fromContext.isEmpty(), findings);
  }

  private void unused(String at, String field, boolean written, Findings findings) {
    findings.require(!written, at + "::" + field, "not used by " + verb() + " (expected: absent)");
  }

  private void checkPattern(String at, boolean named, Findings findings) {
    if (pattern.isEmpty()) {
      return;
    }
    try {
      var compiled = Pattern.compile(pattern);
      findings.require(
          !named
              || (compiled.groupCount() > 0
                  && compiled.namedGroups().size() == compiled.groupCount()),
          at + "::pattern",
          "'" + pattern + "' (expected: groups, all of them named)");
    } catch (PatternSyntaxException e) {
      findings.error(
          at + "::pattern", "'" + pattern + "' is no regular expression: " + e.getMessage());
    }
  }
}

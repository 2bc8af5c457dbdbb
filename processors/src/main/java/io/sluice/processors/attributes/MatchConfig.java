package io.sluice.processors.attributes;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.EmptyIsOff;
import io.sluice.component.Findings;
import io.sluice.component.Ignored;
import io.sluice.data.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `include` or `exclude`. What is written must all match; of each list one entry must, but for
/// attributes, resources and libraries, of which all must.
public record MatchConfig(
    @Doc("strict (equal) or regexp (found anywhere).") String matchType,
    @Doc("Cache of regexp results.")
        @Ignored("matching is linear in the text and needs no cache")
        @EmptyIsOff
        Optional<RegexpConfig> regexp,
    @Doc("service.name of the resource (traces).") List<String> services,
    @Doc("Span names (traces).") List<String> spanNames,
    @Doc("Span kinds, SPAN_KIND_SERVER and so on (traces).") List<String> spanKinds,
    @Doc("Bodies (logs).") List<String> logBodies,
    @Doc("Severity texts (logs).") List<String> logSeverityTexts,
    @Doc("Severity numbers (logs).") @EmptyIsOff Optional<SeverityConfig> logSeverityNumber,
    @Doc("Metric names (metrics).") List<String> metricNames,
    @Doc("Attributes of the span or log record; all must match.") List<AttributeConfig> attributes,
    @Doc("Attributes of the resource; all must match.") List<AttributeConfig> resources,
    @Doc("Instrumentation scopes; all must match.") List<LibraryConfig> libraries)
    implements Checked {
  private static final Set<String> KINDS =
      Set.of(
          "SPAN_KIND_CLIENT",
          "SPAN_KIND_CONSUMER",
          "SPAN_KIND_INTERNAL",
          "SPAN_KIND_PRODUCER",
          "SPAN_KIND_SERVER");

  /// `regexp`.
  public record RegexpConfig(
      @Doc("Whether results are cached.") boolean cacheenabled,
      @Doc("How many results are cached.") int cachemaxnumentries) {
    public static RegexpConfig defaults() {
      return new RegexpConfig(false, 0);
    }
  }

  /// `log_severity_number`.
  public record SeverityConfig(
      @Doc("Lowest number that matches.") int min,
      @Doc("Whether records without a severity match.") boolean matchUndefined) {
    public static SeverityConfig defaults() {
      return new SeverityConfig(0, false);
    }
  }

  /// An attribute to be there, with a value if one is given.
  public record AttributeConfig(
      @Doc("Key of the attribute.") String key,
      @Doc("Its value; without it, it needs only be there.") Optional<Object> value) {
    public static AttributeConfig defaults() {
      return new AttributeConfig("", Optional.empty());
    }
  }

  /// An instrumentation scope.
  public record LibraryConfig(
      @Doc("Name of the scope.") String name,
      @Doc("Its version; without it, any.") Optional<String> version) {
    public static LibraryConfig defaults() {
      return new LibraryConfig("", Optional.empty());
    }
  }

  public static MatchConfig defaults() {
    return new MatchConfig(
        "",
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /// What is written here and records of this signal do not have.
  List<String> unknownTo(Signal signal) {
    var names = new ArrayList<String>();
    foreign(names, "services", !services.isEmpty(), signal == Signal.TRACES);
    foreign(names, "span_names", !spanNames.isEmpty(), signal == Signal.TRACES);
    foreign(names, "span_kinds", !spanKinds.isEmpty(), signal == Signal.TRACES);
    foreign(names, "log_bodies", !logBodies.isEmpty(), signal == Signal.LOGS);
    foreign(names, "log_severity_texts", !logSeverityTexts.isEmpty(), signal == Signal.LOGS);
    foreign(names, "log_severity_number", logSeverityNumber.isPresent(), signal == Signal.LOGS);
    foreign(names, "metric_names", !metricNames.isEmpty(), signal == Signal.METRICS);
    foreign(names, "attributes", !attributes.isEmpty(), signal != Signal.METRICS);
    foreign(names, "libraries", !libraries.isEmpty(), signal != Signal.METRICS);
    return names;
  }

  private static void foreign(List<String> names, String name, boolean written, boolean known) {
    if (written && !known) {
      names.add(name);
    }
  }

  boolean isRegexp() {
    return matchType.equals("regexp");
  }

  @Override
  public void check(Findings findings) {
    boolean known = isRegexp() || matchType.equals("strict");
    findings.require(known, "match_type", "'" + matchType + "' (expected: strict or regexp)");
    findings.require(!isEmpty(), "", "nothing to match (expected: at least one list)");
    checkKeys("attributes", attributes, findings);
    checkKeys("resources", resources, findings);
    if (isRegexp()) {
      checkPatterns(findings);
    } else if (known) {
      for (var kind : spanKinds) {
        findings.require(
            KINDS.contains(kind),
            "span_kinds",
            "'" + kind + "' (expected: one of " + KINDS.stream().sorted().toList() + ")");
      }
    }
  }

  private boolean isEmpty() {
    return services.isEmpty()
        && spanNames.isEmpty()
        && spanKinds.isEmpty()
        && logBodies.isEmpty()
        && logSeverityTexts.isEmpty()
        && logSeverityNumber.isEmpty()
        && metricNames.isEmpty()
        && attributes.isEmpty()
        && resources.isEmpty()
        && libraries.isEmpty();
  }

  private void checkKeys(String list, List<AttributeConfig> matchers, Findings findings) {
    for (int i = 0; i < matchers.size(); i++) {
      var at = list + "::" + i;
      var matcher = matchers.get(i);
      findings.require(!matcher.key().isEmpty(), at + "::key", "empty (expected: a key)");
      if (isRegexp() && matcher.value().isPresent()) {
        if (matcher.value().get() instanceof String pattern) {
          checkPattern(at + "::value", pattern, findings);
        } else {
          findings.error(at + "::value", "no text (expected: a regular expression)");
        }
      }
    }
  }

  private void checkPatterns(Findings findings) {
    checkAll("services", services, findings);
    checkAll("span_names", spanNames, findings);
    checkAll("span_kinds", spanKinds, findings);
    checkAll("log_bodies", logBodies, findings);
    checkAll("log_severity_texts", logSeverityTexts, findings);
    checkAll("metric_names", metricNames, findings);
    for (int i = 0; i < libraries.size(); i++) {
      var at = "libraries::" + i;
      checkPattern(at + "::name", libraries.get(i).name(), findings);
      libraries.get(i).version().ifPresent(v -> checkPattern(at + "::version", v, findings));
    }
  }

  private static void checkAll(String key, List<String> patterns, Findings findings) {
    for (int i = 0; i < patterns.size(); i++) {
      checkPattern(key + "::" + i, patterns.get(i), findings);
    }
  }

  private static void checkPattern(String key, String pattern, Findings findings) {
    try {
      Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      findings.error(key, "'" + pattern + "' is no regular expression: " + e.getMessage());
    }
  }
}

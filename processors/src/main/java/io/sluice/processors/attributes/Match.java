package io.sluice.processors.attributes;

import io.sluice.data.AnyValue;
import io.sluice.data.Attributes;
import io.sluice.data.LogCursor;
import io.sluice.data.MetricCursor;
import io.sluice.data.RecordPatch;
import io.sluice.data.Signal;
import io.sluice.data.SpanCursor;
import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import java.util.ArrayList;
import java.util.List;

/// One compiled `include` or `exclude`: all conditions must hold.
final class Match {
  /// What the Collector takes for the service of a resource that names none.
  private static final String NO_SERVICE = "<nil-service-name>";

  private static final Bytes SERVICE_NAME = Bytes.utf8("service.name");
  private static final List<String> KINDS =
      List.of(
          "",
          "SPAN_KIND_INTERNAL",
          "SPAN_KIND_SERVER",
          "SPAN_KIND_CLIENT",
          "SPAN_KIND_PRODUCER",
          "SPAN_KIND_CONSUMER");

  /// One condition on a record, given its message and those around it.
  @FunctionalInterface
  private interface Condition {
    boolean holds(Bytes resource, Bytes scope, Bytes record);
  }

  private final MatchConfig config;
  private final List<Condition> spans = new ArrayList<>();
  private final List<Condition> logs = new ArrayList<>();
  private final List<Condition> metrics = new ArrayList<>();

  Match(MatchConfig config) {
    this.config = config;
    around();
    ofSpans();
    ofLogs();
    ofMetrics();
    foreign();
  }

  /// The Collector refuses to start a pipeline whose signal knows nothing of a list. A processor here
  /// serves all signals, so such a list matches nothing instead.
  private void foreign() {
    boolean ofSpans =
        !(config.services().isEmpty()
            && config.spanNames().isEmpty()
            && config.spanKinds().isEmpty());
    boolean ofLogs =
        !(config.logBodies().isEmpty()
            && config.logSeverityTexts().isEmpty()
            && config.logSeverityNumber().isEmpty());
    boolean ofRecords = !(config.attributes().isEmpty() && config.libraries().isEmpty());
    Condition never = (_, _, _) -> false;
    if (ofLogs) {
      spans.add(never);
    }
    if (ofSpans) {
      logs.add(never);
    }
    if (ofSpans || ofLogs || ofRecords) {
      metrics.add(never);
    }
  }

  /// What `include` and `exclude` leave: included, and not excluded.
  static RecordPatch.Selection selection(List<Match> include, List<Match> exclude) {
    return (signal, resource, scope, record) ->
        include.stream().allMatch(match -> match.matches(signal, resource, scope, record))
            && exclude.stream().noneMatch(match -> match.matches(signal, resource, scope, record));
  }

  private boolean matches(Signal signal, Bytes resource, Bytes scope, Bytes record) {
    var conditions =
        switch (signal) {
          case TRACES -> spans;
          case LOGS -> logs;
          case METRICS -> metrics;
          case PROFILES -> List.<Condition>of();
        };
    for (var condition : conditions) {
      if (!condition.holds(resource, scope, record)) {
        return false;
      }
    }
    return true;
  }

  /// Conditions that spans and log records share. Of metrics, the resource is looked at too, which the
  /// Collector forgets.
  private void around() {
    boolean regexp = config.isRegexp();
    for (var library : config.libraries()) {
      var name = TextMatch.of(List.of(library.name()), regexp);
      var version = library.version().map(text -> TextMatch.of(List.of(text), regexp));
      Condition condition =
          (_, scope, _) ->
              name.matches(scopeText(scope, 1))
                  && (version.isEmpty() || version.get().matches(scopeText(scope, 2)));
      spans.add(condition);
      logs.add(condition);
    }
    if (!config.resources().isEmpty()) {
      var wanted = AttributeMatch.of(config.resources(), regexp);
      Condition condition = (resource, _, _) -> AttributeMatch.all(wanted, resource, 1);
      spans.add(condition);
      logs.add(condition);
      metrics.add(condition);
    }
    if (!config.attributes().isEmpty()) {
      var wanted = AttributeMatch.of(config.attributes(), regexp);
      spans.add((_, _, span) -> AttributeMatch.all(wanted, span, 9));
      logs.add((_, _, log) -> AttributeMatch.all(wanted, log, 6));
    }
  }

  private void ofSpans() {
    boolean regexp = config.isRegexp();
    if (!config.services().isEmpty()) {
      var wanted = TextMatch.of(config.services(), regexp);
      spans.add((resource, _, _) -> wanted.matches(service(resource)));
    }
    if (!config.spanNames().isEmpty()) {
      var wanted = TextMatch.of(config.spanNames(), regexp);
      spans.add((_, _, span) -> wanted.matches(SpanCursor.at(span).name()));
    }
    if (!config.spanKinds().isEmpty()) {
      var wanted = TextMatch.of(config.spanKinds(), regexp);
      spans.add((_, _, span) -> wanted.matches(kind(SpanCursor.at(span).kind())));
    }
  }

  private void ofLogs() {
    boolean regexp = config.isRegexp();
    if (!config.logBodies().isEmpty()) {
      var wanted = TextMatch.of(config.logBodies(), regexp);
      logs.add((_, _, log) -> wanted.matches(AnyValue.decode(LogCursor.at(log).body()).text()));
    }
    if (!config.logSeverityTexts().isEmpty()) {
      var wanted = TextMatch.of(config.logSeverityTexts(), regexp);
      logs.add((_, _, log) -> wanted.matches(LogCursor.at(log).severityText()));
    }
    config
        .logSeverityNumber()
        .ifPresent(wanted -> logs.add((_, _, log) -> severe(wanted, LogCursor.at(log))));
  }

  private void ofMetrics() {
    if (!config.metricNames().isEmpty()) {
      var wanted = TextMatch.of(config.metricNames(), config.isRegexp());
      metrics.add((_, _, metric) -> wanted.matches(MetricCursor.at(metric).name()));
    }
  }

  private static boolean severe(MatchConfig.SeverityConfig wanted, LogCursor log) {
    int severity = log.severityNumber();
    return severity == 0 ? wanted.matchUndefined() : severity >= wanted.min();
  }

  private static String scopeText(Bytes scope, int field) {
    var text = "";
    var fields = new WireReader().over(scope);
    while (fields.next()) {
      if (fields.is(field, WireReader.LENGTH_DELIMITED)) {
        text = fields.bytes().utf8();
      }
    }
    return text;
  }

  private static String service(Bytes resource) {
    var attributes = Attributes.in(resource, 1);
    return attributes.find(SERVICE_NAME) ? AnyValue.decode(attributes.value()).text() : NO_SERVICE;
  }

  private static String kind(int kind) {
    return kind >= 0 && kind < KINDS.size() ? KINDS.get(kind) : "";
  }
}

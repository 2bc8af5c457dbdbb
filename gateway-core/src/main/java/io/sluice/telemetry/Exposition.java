package io.sluice.telemetry;

import io.sluice.telemetry.Metric.Distribution;
import io.sluice.telemetry.Metric.Kind;
import io.sluice.telemetry.Metric.Point;
import io.sluice.telemetry.Metric.Value;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What `/metrics` answers: the Prometheus text format under the names the real Collector uses.
///
/// Prometheus' own writer adds `_total` to every counter and takes `_info` away; the Collector's
/// default reader does neither, and dashboards and alerts know its names. Hence this one.
///
/// @param resource attributes of `target_info`, by attribute name
public record Exposition(Telemetry telemetry, Map<String, String> resource, Style style) {
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /// @param suffixes units and `_total` at the end of names
  /// @param scopes labels `otel_scope_*`
  /// @param resource which attributes of the resource are labels of each series
  public record Style(boolean suffixes, boolean scopes, Optional<View.Names> resource) {
    public static final Style PLAIN = new Style(false, false, Optional.empty());
  }

  public String text() {
    var out = new StringBuilder(16 << 10);
    head(out, "target_info", "Target metadata", "gauge");
    line(out, "target_info", named(resource), 1);
    telemetry.collect().forEach(metric -> write(out, metric));
    return out.toString();
  }

  private void write(StringBuilder out, Metric metric) {
    if (metric.points().isEmpty()) {
      return;
    }
    var name = name(metric);
    head(out, name, metric.description(), type(metric.kind()));
    for (var point : metric.points()) {
      var labels = labels(metric, point);
      switch (point) {
        case Value number -> line(out, name, labels, number.value());
        case Distribution distribution -> distribution(out, name, labels, distribution);
      }
    }
  }

  private String name(Metric metric) {
    var name = new StringBuilder(sanitized(metric.name()));
    if (style.suffixes) {
      var unit =
          switch (metric.unit()) {
            case "s" -> "_seconds";
            case "By" -> "_bytes";
            default -> "";
          };
      name.append(name.toString().endsWith(unit) ? "" : unit);
      name.append(metric.kind().monotonic() ? "_total" : "");
    }
    return name.toString();
  }

  private SortedMap<String, String> labels(Metric metric, Point point) {
    var labels = named(point.attributes());
    if (style.scopes) {
      labels.put("otel_scope_name", metric.scope());
      labels.put("otel_scope_schema_url", "");
      labels.put("otel_scope_version", "");
    }
    style.resource.ifPresent(names ->
        resource.forEach((key, value) -> {
          if (names.holds(key)) {
            labels.put(sanitized(key), value);
          }
        }));
    return labels;
  }

  private static SortedMap<String, String> named(Map<String, String> attributes) {
    var labels = new TreeMap<String, String>();
    attributes.forEach((key, value) -> labels.put(sanitized(key), value));
    return labels;
  }

  private static String sanitized(String name) {
    return name.replaceAll("[^a-zA-Z0-9_]", "_");
  }

  private static String type(Kind kind) {
    return switch (kind) {
      case COUNTER, OBSERVABLE_COUNTER -> "counter";
      case UP_DOWN_COUNTER, OBSERVABLE_UP_DOWN_COUNTER, OBSERVABLE_GAUGE -> "gauge";
      case HISTOGRAM -> "histogram";
    };
  }

  private static void distribution(
      StringBuilder out, String name, SortedMap<String, String> labels, Distribution point) {
    long cumulative = 0;
    for (int i = 0; i < point.counts().size(); i++) {
      cumulative += point.counts().get(i);
      var bound = i < point.bounds().size() ? point.bounds().get(i) : Double.POSITIVE_INFINITY;
      out.append(name).append("_bucket");
      labels(out, labels, "le=\"" + number(bound) + "\"");
      out.append(' ').append(cumulative).append('\n');
    }
    line(out, name + "_sum", labels, point.sum());
    line(out, name + "_count", labels, cumulative);
  }

  private static void head(StringBuilder out, String name, String help, String type) {
    if (!help.isEmpty()) {
      out.append("# HELP ").append(name).append(' ');
      out.append(help.replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
    }
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void line(
      StringBuilder out, String name, SortedMap<String, String> labels, double value) {
    out.append(name);
    labels(out, labels, "");
    out.append(' ').append(number(value)).append('\n');
  }

  private static void labels(StringBuilder out, SortedMap<String, String> labels, String last) {
    if (labels.isEmpty() && last.isEmpty()) {
      return;
    }
    out.append('{');
    int start = out.length();
    labels.forEach((name, value) -> {
      out.append(out.length() == start ? "" : ",").append(name).append("=\"");
      out.append(escaped(value)).append('"');
    });
    out.append(labels.isEmpty() || last.isEmpty() ? "" : ",").append(last).append('}');
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static String number(double value) {
    if (value == Double.POSITIVE_INFINITY) {
      return "+Inf";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}

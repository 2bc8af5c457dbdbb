package io.sluice.telemetry;

import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What `/metrics` answers: the Prometheus text format under the names the real Collector uses.
///
/// Prometheus' own writer adds `_total` to every counter and takes `_info` away; the Collector's
/// default reader does neither, and dashboards and alerts know its names. Hence this one. The maxima that
/// Micrometer adds to histograms are left out for the same reason.
public final class Exposition {
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /// Which of the readers' `without_*` keys are false.
  public record Suffixes(boolean type) {
    public static final Suffixes NONE = new Suffixes(false);
  }

  private final PrometheusMeterRegistry registry;
  private final Map<String, String> resource;
  private final Suffixes suffixes;
  private final Books books;

  /// @param resource attributes of `target_info`, by attribute name
  public Exposition(
      PrometheusMeterRegistry registry,
      Books books,
      Map<String, String> resource,
      Suffixes suffixes) {
    this.books = books;
    this.registry = registry;
    this.resource = new TreeMap<>(resource);
    this.suffixes = suffixes;
  }

  /// A registry whose names are left as they are.
  public static PrometheusMeterRegistry registry() {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry.config().namingConvention(NamingConvention.identity);
    return registry;
  }

  public String text() {
    var out = new StringBuilder(16 << 10);
    targetInfo(out);
    var metrics = registry.getPrometheusRegistry().scrape();
    var maxima =
        metrics.stream()
            .filter(HistogramSnapshot.class::isInstance)
            .map(histogram -> histogram.getMetadata().getPrometheusName() + "_max")
            .toList();
    for (var metric : metrics) {
      if (!maxima.contains(metric.getMetadata().getPrometheusName())) {
        write(out, metric);
      }
    }
    books(out);
    return out.toString();
  }

  /// One family for all books: `sluice_items{node, state}`; a dropped item has a reason too.
  private void books(StringBuilder out) {
    head(out, "sluice_items", "What became of the items given to each node", "counter");
    for (var book : books.all()) {
      items(out, book, "received", "", book.received());
      items(out, book, "delivered", "", book.delivered());
      items(out, book, "refused", "", book.refused());
      items(out, book, "rejected", "", book.rejected());
      book.dropped().forEach((reason, items) -> items(out, book, "dropped", reason, items));
    }
    head(out, "sluice_items_held", "Items inside each node now", "gauge");
    for (var book : books.all()) {
      line(out, "sluice_items_held", Labels.of("node", book.node()), book.held());
    }
    head(out, "sluice_items_residue", "Items no book accounts for; not 0 is a bug", "gauge");
    for (var book : books.all()) {
      line(out, "sluice_items_residue", Labels.of("node", book.node()), book.residue());
    }
  }

  private static void items(
      StringBuilder out, Book book, String state, String reason, double items) {
    var labels = Labels.of("node", book.node(), "state", state);
    line(out, "sluice_items", reason.isEmpty() ? labels : labels.add("reason", reason), items);
  }

  private void targetInfo(StringBuilder out) {
    head(out, "target_info", "Target metadata", "gauge");
    out.append("target_info");
    labels(
        out,
        Labels.of(
            resource.keySet().stream()
                .map(key -> key.replaceAll("[^a-zA-Z0-9_]", "_"))
                .toArray(String[]::new),
            resource.values().toArray(String[]::new)),
        "");
    out.append(" 1\n");
  }

  private void write(StringBuilder out, MetricSnapshot metric) {
    var name = metric.getMetadata().getPrometheusName();
    var help = metric.getMetadata().getHelp();
    switch (metric) {
      case CounterSnapshot counter -> {
        var full = suffixes.type() ? name + "_total" : name;
        head(out, full, help, "counter");
        counter.getDataPoints().forEach(point -> line(out, full, point, point.getValue()));
      }
      case GaugeSnapshot gauge -> {
        head(out, name, help, "gauge");
        gauge.getDataPoints().forEach(point -> line(out, name, point, point.getValue()));
      }
      case HistogramSnapshot histogram -> {
        head(out, name, help, "histogram");
        histogram.getDataPoints().forEach(point -> histogram(out, name, point));
      }
      default -> {} // we register no other type
    }
  }

  private static void histogram(
      StringBuilder out, String name, HistogramSnapshot.HistogramDataPointSnapshot point) {
    long cumulative = 0;
    for (var bucket : point.getClassicBuckets()) {
      cumulative += bucket.getCount();
      out.append(name).append("_bucket");
      labels(out, point.getLabels(), "le=\"" + number(bucket.getUpperBound()) + "\"");
      out.append(' ').append(cumulative).append('\n');
    }
    line(out, name + "_sum", point, point.getSum());
    line(out, name + "_count", point, (double) cumulative);
  }

  private static void head(StringBuilder out, String name, @Nullable String help, String type) {
    if (help != null && !help.isEmpty()) {
      out.append("# HELP ").append(name).append(' ');
      out.append(help.replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
    }
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder out, String name, DataPointSnapshot point, double value) {
    line(out, name, point.getLabels(), value);
  }

  private static void line(StringBuilder out, String name, Labels labels, double value) {
    out.append(name);
    labels(out, labels, "");
    out.append(' ').append(number(value)).append('\n');
  }

  private static void labels(StringBuilder out, Labels labels, String last) {
    if (labels.isEmpty() && last.isEmpty()) {
      return;
    }
    out.append('{');
    for (int i = 0; i < labels.size(); i++) {
      out.append(i == 0 ? "" : ",").append(labels.getPrometheusName(i)).append("=\"");
      out.append(escaped(labels.getValue(i))).append('"');
    }
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

package io.sluice.exporters.prometheuspull;

import io.sluice.data.GoNumber;
import io.sluice.exporters.prometheus.MetricNames;
import io.sluice.exporters.prometheus.SeriesTable;
import io.sluice.exporters.prometheus.Strategy;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Writes a page. Used once, on any thread.
///
/// In OpenMetrics a counter is called without the `_total` of its values, decimals have a point, times are
/// seconds, values may have exemplars and the page an end. In both, bounds, quantiles and values are the
/// shortest texts that read back the same.
final class Page {
  private final Accept.Format format;
  private final boolean open;
  private final boolean timestamps;
  private final StringBuilder out = new StringBuilder(1 << 12);
  private boolean escaped;
  private String name = "";

  Page(Accept.Format format, boolean timestamps) {
    this.format = format;
    this.timestamps = timestamps;
    open = format.openMetrics();
  }

  String of(List<Family.View> families) {
    escaped = !format.utf8();
    var byName = new TreeMap<String, List<Family.View>>();
    for (var family : families) {
      if (!family.metrics().isEmpty()) {
        var shown = escaped ? escaped(family.name()) : family.name();
        byName.computeIfAbsent(shown, _ -> new ArrayList<>()).add(family);
      }
    }
    byName.forEach(this::family);
    if (open) {
      out.append("# EOF\n");
    }
    return out.toString();
  }

  /// Those whose names look the same on this page are one: what the type of the first is not is left out, and of
  /// series that look the same the newest is there.
  private void family(String shown, List<Family.View> alike) {
    name = shown;
    alike.sort(
        Comparator.comparing((Family.View each) -> !each.name().equals(shown))
            .thenComparing(Family.View::name));
    var family = alike.getFirst();
    boolean total = family.type() == SeriesTable.Type.COUNTER && name.endsWith("_total");
    var called = open && total ? name.substring(0, name.length() - "_total".length()) : name;
    if (!family.help().isEmpty()) {
      head("HELP", called);
      Labels.escape(family.help(), open, out);
      out.append('\n');
    }
    head("TYPE", called);
    out.append(typeOf(family.type(), total)).append('\n');
    var metrics = new TreeMap<String, Metric.View>();
    alike.stream()
        .filter(each -> each.type() == family.type())
        .flatMap(each -> each.metrics().stream())
        .forEach(metric -> metrics.merge(labels(metric), metric, Page::newer));
    metrics.values().forEach(metric -> metric(family.type(), metric));
  }

  private static Metric.View newer(Metric.View one, Metric.View other) {
    return other.timeMs() > one.timeMs() ? other : one;
  }

  private String labels(Metric.View metric) {
    return escaped ? metric.escapedLabels() : metric.labels();
  }

  private static String escaped(String name) {
    return new MetricNames("", Strategy.UNDERSCORES)
        .of(name, "", MetricNames.Type.OTHER)
        .orElse("_");
  }

  private void head(String word, String called) {
    out.append("# ").append(word).append(' ');
    if (isPlain(called)) {
      out.append(called);
    } else {
      Labels.quote(called, out);
    }
    out.append(' ');
  }

  private static boolean isPlain(String name) {
    return Labels.isPlain(name.replace(':', '_'));
  }

  private String typeOf(SeriesTable.Type type, boolean total) {
    return switch (type) {
      case COUNTER -> open && !total ? "unknown" : "counter";
      case GAUGE, INFO, STATE_SET -> "gauge";
      case HISTOGRAM -> "histogram";
      case SUMMARY -> "summary";
      case UNKNOWN -> open ? "unknown" : "untyped";
    };
  }

  private void metric(SeriesTable.Type type, Metric.View metric) {
    switch (type) {
      case HISTOGRAM -> histogram(metric);
      case SUMMARY -> summary(metric);
      default -> line("", metric, "", decimal(metric.value(), open), exemplarOf(type, metric));
    }
  }

  private ExemplarText.@Nullable Texts exemplarOf(SeriesTable.Type type, Metric.View metric) {
    return type == SeriesTable.Type.COUNTER ? metric.exemplar() : null;
  }

  private void histogram(Metric.View metric) {
    boolean whole = false;
    for (int i = 0; i < metric.ranks().length; i++) {
      whole |= metric.ranks()[i] == Double.POSITIVE_INFINITY;
      bucket(metric, metric.ranks()[i], metric.values()[i], metric.exemplars()[i]);
    }
    if (!whole) {
      bucket(metric, Double.POSITIVE_INFINITY, metric.count(), null);
    }
    ends(metric);
  }

  private void bucket(
      Metric.View metric, double bound, double count, ExemplarText.@Nullable Texts exemplar) {
    var le = "le=\"" + decimal(bound, open) + "\"";
    line("_bucket", metric, le, decimal(count, false), exemplar);
  }

  private void summary(Metric.View metric) {
    for (int i = 0; i < metric.ranks().length; i++) {
      var quantile = "quantile=\"" + decimal(metric.ranks()[i], open) + "\"";
      line("", metric, quantile, decimal(metric.values()[i], open), null);
    }
    ends(metric);
  }

  private void ends(Metric.View metric) {
    if (metric.hasSum()) {
      line("_sum", metric, "", decimal(metric.sum(), open), null);
    }
    line("_count", metric, "", decimal(metric.count(), false), null);
  }

  private void line(
      String suffix,
      Metric.View metric,
      String more,
      String value,
      ExemplarText.@Nullable Texts exemplar) {
    var labels = labels(metric);
    var full = name + suffix;
    boolean plain = isPlain(full);
    out.append(plain ? full : "");
    if (!plain || !labels.isEmpty() || !more.isEmpty()) {
      out.append('{');
      if (!plain) {
        Labels.quote(full, out);
        out.append(labels.isEmpty() && more.isEmpty() ? "" : ",");
      }
      out.append(labels)
          .append(labels.isEmpty() || more.isEmpty() ? "" : ",")
          .append(more)
          .append('}');
    }
    out.append(' ').append(value);
    if (timestamps) {
      out.append(' ').append(open ? seconds(metric.timeMs()) : String.valueOf(metric.timeMs()));
    }
    if (open && exemplar != null) {
      out.append(exemplar.of(escaped));
    }
    out.append('\n');
  }

  /// @param point whether a whole number gets `.0`
  static String decimal(double value, boolean point) {
    if (value == Math.rint(value) && Math.abs(value) < 1e6) {
      var text = value == 0 && Double.compare(value, 0) < 0 ? "-0" : String.valueOf((long) value);
      return point ? text + ".0" : text;
    }
    return GoNumber.general(value);
  }

  static String seconds(long ms) {
    return BigDecimal.valueOf(ms, 3).stripTrailingZeros().toPlainString();
  }
}

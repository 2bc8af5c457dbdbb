package io.sluice.exporters.prometheuspull;

import io.sluice.exporters.prometheus.LabelNames;
import io.sluice.exporters.prometheus.SeriesTable;
import io.sluice.exporters.prometheus.Strategy;
import java.util.Map;
import java.util.TreeMap;

/// Writes exemplars as they stand behind a value in OpenMetrics. Confined to one thread.
final class ExemplarText {
  private final StringBuilder text = new StringBuilder();
  private final LabelNames escaping = new LabelNames(Strategy.UNDERSCORES, false);

  /// The same exemplar twice.
  ///
  /// @param free with names of any text
  /// @param escaped with names that every scraper knows
  record Texts(String free, String escaped) {
    String of(boolean escapes) {
      return escapes ? escaped : free;
    }
  }

  Texts of(SeriesTable table, int exemplar) {
    var own = new TreeMap<String, String>();
    var known = new TreeMap<String, String>();
    var symbols = table.symbols();
    for (int i = 0; i < table.exemplarLabels(exemplar); i += 2) {
      var name = symbols.text(table.exemplarLabel(exemplar, i));
      var value = symbols.text(table.exemplarLabel(exemplar, i + 1));
      var shown = escaping.of(name);
      own.put(name, value);
      known.merge(shown.isEmpty() ? "key_" : shown, value, (one, other) -> one + ";" + other);
    }
    var free = text(own, table, exemplar);
    return new Texts(free, own.equals(known) ? free : text(known, table, exemplar));
  }

  private String text(Map<String, String> labels, SeriesTable table, int exemplar) {
    text.setLength(0);
    text.append(" # {");
    labels.forEach((name, value) -> {
      text.append(text.length() == " # {".length() ? "" : ",");
      Labels.pair(name, value, text);
    });
    var exemplars = table.exemplars();
    double value = Double.longBitsToDouble(exemplars.value(exemplar));
    text.append("} ").append(Page.decimal(value, true));
    if (exemplars.timeMs(exemplar) > 0) {
      text.append(' ').append(Page.seconds(exemplars.timeMs(exemplar)));
    }
    return text.toString();
  }
}

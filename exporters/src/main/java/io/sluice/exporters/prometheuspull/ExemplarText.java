package io.sluice.exporters.prometheuspull;

import io.sluice.exporters.prometheus.SeriesTable;

/// Writes exemplars as they stand behind a value in OpenMetrics. Confined to one thread.
final class ExemplarText {
  private final StringBuilder text = new StringBuilder();

  String of(SeriesTable table, int exemplar) {
    text.setLength(0);
    var symbols = table.symbols();
    text.append(" # {");
    for (int i = 0; i < table.exemplarLabels(exemplar); i += 2) {
      var name = symbols.text(table.exemplarLabel(exemplar, i));
      text.append(i == 0 ? "" : ",");
      Labels.pair(name, symbols.text(table.exemplarLabel(exemplar, i + 1)), text);
    }
    var exemplars = table.exemplars();
    double value = Double.longBitsToDouble(exemplars.value(exemplar));
    text.append("} ").append(Page.decimal(value, true));
    if (exemplars.timeMs(exemplar) > 0) {
      text.append(' ').append(Page.seconds(exemplars.timeMs(exemplar)));
    }
    return text.toString();
  }
}

package io.sluice.exporters.prometheusremotewrite;

import io.sluice.exporters.prometheus.SeriesTable;
import io.sluice.wire.Bytes;
import java.util.Map;

/// A version of remote write: writes series of a table as one request. Confined to one thread.
sealed interface Dialect permits Version1, Version2 {
  static Dialect of(Protocol protocol) {
    return switch (protocol) {
      case REMOTE_WRITE_1 -> new Version1();
      case REMOTE_WRITE_2 -> new Version2();
    };
  }

  /// That say what the body is.
  Map<String, String> headers();

  /// Whether answers say how much was written.
  boolean confirms();

  /// What a series takes in a request, or a little more.
  int bytesAtMost(SeriesTable table, int series);

  /// The message. It stays as it is until the next call only.
  Bytes encode(SeriesTable table, Piece piece);

  /// Bytes of what is known of a metric, at most.
  static int metadataBytes(SeriesTable table, SeriesTable.Family family) {
    var symbols = table.symbols();
    return 24
        + symbols.length(family.name())
        + symbols.length(family.help())
        + symbols.length(family.unit());
  }

  /// Bytes of the entries of a series, at most.
  static int entryBytes(SeriesTable table, int series) {
    int bytes = 0;
    for (int at = table.samples().first(series); at >= 0; at = table.samples().next(at)) {
      bytes += 34;
    }
    for (int at = table.histograms().first(series); at >= 0; at = table.histograms().next(at)) {
      bytes += 20 + table.histogramLength(at);
    }
    for (int at = table.exemplars().first(series); at >= 0; at = table.exemplars().next(at)) {
      bytes += 28;
      for (int i = 0; i < table.exemplarLabels(at); i++) {
        bytes += 10 + table.symbols().length(table.exemplarLabel(at, i));
      }
    }
    return bytes;
  }

  /// Bytes of the labels of a series, at most.
  static int labelBytes(SeriesTable table, int series) {
    int bytes = 0;
    for (int i = 0; i < table.labels(series); i++) {
      bytes += 8 + table.symbols().length(table.label(series, i));
    }
    return bytes;
  }
}

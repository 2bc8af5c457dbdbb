package io.sluice.exporters.prometheusremotewrite;

import io.sluice.exporters.prometheus.SeriesTable;
import io.sluice.wire.Bytes;
import io.sluice.wire.WireWriter;
import java.util.Map;

/// `prometheus.WriteRequest` of remote write 1.0.
final class Version1 implements Dialect {
  private static final int TIME_SERIES = 1;
  private static final int METADATA = 3;

  private static final int LABELS = 1;
  private static final int SAMPLES = 2;
  private static final int EXEMPLARS = 3;
  private static final int HISTOGRAMS = 4;

  private final WireWriter out = new WireWriter(1 << 10);

  @Override
  public Map<String, String> headers() {
    return Map.of(
        "content-type", "application/x-protobuf",
        "content-encoding", "snappy",
        "x-prometheus-remote-write-version", "0.1.0");
  }

  @Override
  public boolean confirms() {
    return false;
  }

  @Override
  public int bytesAtMost(SeriesTable table, int series) {
    return 6 + Dialect.labelBytes(table, series) + Dialect.entryBytes(table, series);
  }

  @Override
  public Bytes encode(SeriesTable table, Piece piece) {
    out.reset();
    for (int each : piece.series()) {
      write(table, each, piece.span());
    }
    for (var family : table.families().subList(piece.fromFamily(), piece.toFamily())) {
      metadata(table, family);
    }
    return Bytes.wrap(out.room(0), 0, out.size());
  }

  private void write(SeriesTable table, int series, Span span) {
    int message = out.open(TIME_SERIES, 2);
    for (int i = 0; i < table.labels(series); i += 2) {
      label(table, table.label(series, i), table.label(series, i + 1));
    }
    samples(table, series, span);
    exemplars(table, series, span);
    var histograms = table.histograms();
    for (int at = span.first(histograms, series); at >= 0; at = span.next(histograms, at)) {
      out.header(HISTOGRAMS, table.histogramLength(at));
      table.writeHistogram(at, out);
    }
    out.close(message, 2);
  }

  private void label(SeriesTable table, int name, int value) {
    int label = out.open(LABELS, 1);
    table.symbols().write(name, 1, out);
    table.symbols().write(value, 2, out);
    out.close(label, 1);
  }

  private void samples(SeriesTable table, int series, Span span) {
    var samples = table.samples();
    for (int at = span.first(samples, series); at >= 0; at = span.next(samples, at)) {
      int sample = out.open(SAMPLES, 1);
      out.fixed64(1, samples.value(at)).varint(2, samples.timeMs(at));
      out.close(sample, 1);
    }
  }

  private void exemplars(SeriesTable table, int series, Span span) {
    var exemplars = table.exemplars();
    for (int at = span.first(exemplars, series); at >= 0; at = span.next(exemplars, at)) {
      int exemplar = out.open(EXEMPLARS, 1);
      for (int i = 0; i < table.exemplarLabels(at); i += 2) {
        label(table, table.exemplarLabel(at, i), table.exemplarLabel(at, i + 1));
      }
      out.fixed64(2, exemplars.value(at)).varint(3, exemplars.timeMs(at));
      out.close(exemplar, 1);
    }
  }

  private void metadata(SeriesTable table, SeriesTable.Family family) {
    int message = out.open(METADATA, 1);
    out.varint(1, family.type().number());
    table.symbols().write(family.name(), 2, out);
    table.symbols().write(family.help(), 4, out);
    table.symbols().write(family.unit(), 5, out);
    out.close(message, 1);
  }
}

package io.sluice.exporters.prometheusremotewrite;

import io.sluice.exporters.prometheus.SeriesTable;
import io.sluice.wire.Bytes;
import io.sluice.wire.WireWriter;
import java.util.Arrays;
import java.util.Map;

/// `io.prometheus.write.v2.Request` of remote write 2.0: texts stand once, before the series, and are
/// referred to by number.
final class Version2 implements Dialect {
  private static final int ROOM = 1 << 10;

  /// What grew larger is not kept for the next request.
  private static final int NUMBERS_KEPT_MAX = 1 << 18;

  private static final int SYMBOLS = 4;
  private static final int TIME_SERIES = 5;

  private static final int LABEL_REFERENCES = 1;
  private static final int SAMPLES = 2;
  private static final int HISTOGRAMS = 3;
  private static final int EXEMPLARS = 4;
  private static final int METADATA = 5;
  private static final int START_OF_HISTOGRAM = 17;

  private final WireWriter series = new WireWriter(ROOM);
  private final WireWriter out = new WireWriter(ROOM);

  /// The number in this request of each symbol of the table, plus one; 0 for none yet.
  private int[] numbers = new int[0];

  private int[] used = new int[64];
  private int size;

  @Override
  public Map<String, String> headers() {
    return Map.of(
        "content-type", "application/x-protobuf;proto=io.prometheus.write.v2.Request",
        "content-encoding", "snappy",
        "x-prometheus-remote-write-version", "2.0.0");
  }

  @Override
  public boolean confirms() {
    return true;
  }

  @Override
  public int bytesAtMost(SeriesTable table, int each) {
    var family = table.family(each);
    return 40
        + Dialect.labelBytes(table, each)
        + Dialect.entryBytes(table, each)
        + table.symbols().length(family.help())
        + table.symbols().length(family.unit());
  }

  @Override
  public Bytes encode(SeriesTable table, Piece piece) {
    forget(table.symbols().size());
    reference(0);
    series.reset();
    for (int each : piece.series()) {
      write(table, each, piece.span());
    }
    out.reset();
    for (int i = 0; i < size; i++) {
      table.symbols().write(used[i], SYMBOLS, out);
    }
    out.raw(series.room(0), 0, series.size());
    return Bytes.wrap(out.room(0), 0, out.size());
  }

  /// The request before.
  private void forget(int symbols) {
    if (numbers.length < symbols || numbers.length > NUMBERS_KEPT_MAX) {
      numbers = new int[Math.max(ROOM, symbols)];
    } else {
      for (int i = 0; i < size; i++) {
        numbers[used[i]] = 0;
      }
    }
    size = 0;
  }

  private int reference(int symbol) {
    if (numbers[symbol] == 0) {
      if (size == used.length) {
        used = Arrays.copyOf(used, 2 * size);
      }
      used[size++] = symbol;
      numbers[symbol] = size;
    }
    return numbers[symbol] - 1;
  }

  private void write(SeriesTable table, int each, Span span) {
    int message = series.open(TIME_SERIES, 1);
    int labels = series.open(LABEL_REFERENCES, 1);
    for (int i = 0; i < table.labels(each); i++) {
      series.rawVarint(reference(table.label(each, i)));
    }
    series.close(labels, 1);
    samples(table, each, span);
    histograms(table, each, span);
    exemplars(table, each, span);
    metadata(table.family(each));
    series.close(message, 1);
  }

  private void samples(SeriesTable table, int each, Span span) {
    var samples = table.samples();
    for (int at = span.first(samples, each); at >= 0; at = span.next(samples, at)) {
      int sample = series.open(SAMPLES, 1);
      series.fixed64(1, samples.value(at)).varint(2, samples.timeMs(at));
      if (samples.startMs(at) != 0) {
        series.varint(3, samples.startMs(at));
      }
      series.close(sample, 1);
    }
  }

  private void histograms(SeriesTable table, int each, Span span) {
    var histograms = table.histograms();
    for (int at = span.first(histograms, each); at >= 0; at = span.next(histograms, at)) {
      int histogram = series.open(HISTOGRAMS, 1);
      table.writeHistogram(at, series);
      if (histograms.startMs(at) != 0) {
        series.varint(START_OF_HISTOGRAM, histograms.startMs(at));
      }
      series.close(histogram, 1);
    }
  }

  private void exemplars(SeriesTable table, int each, Span span) {
    var exemplars = table.exemplars();
    for (int at = span.first(exemplars, each); at >= 0; at = span.next(exemplars, at)) {
      int exemplar = series.open(EXEMPLARS, 1);
      int labels = series.open(LABEL_REFERENCES, 1);
      for (int i = 0; i < table.exemplarLabels(at); i++) {
        series.rawVarint(reference(table.exemplarLabel(at, i)));
      }
      series.close(labels, 1);
      series.fixed64(2, exemplars.value(at)).varint(3, exemplars.timeMs(at));
      series.close(exemplar, 1);
    }
  }

  private void metadata(SeriesTable.Family family) {
    int metadata = series.open(METADATA, 1);
    series.varint(1, family.type().number());
    series.varint(3, reference(family.help()));
    series.varint(4, reference(family.unit()));
    series.close(metadata, 1);
  }
}

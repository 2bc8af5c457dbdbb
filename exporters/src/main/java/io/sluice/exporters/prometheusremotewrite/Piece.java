package io.sluice.exporters.prometheusremotewrite;

import io.sluice.exporters.prometheus.Entries;
import io.sluice.exporters.prometheus.SeriesTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// What one request holds of a batch: whole series, a part of one series, or what is known of metrics.
///
/// @param series numbers in the table; not to be changed
/// @param span which of their entries; all of them unless there is one series
/// @param fromFamily the first family of which the request says what is known
/// @param toFamily the one behind the last
/// @param scouts of how many of its halves one branch is searched down to the end even where nothing was taken yet:
///     of both if it is no part of a piece that was rejected
@SuppressWarnings("ArrayRecordComponent") // made and read on one thread, compared by nobody
record Piece(int[] series, Span span, int fromFamily, int toFamily, int scouts) {
  private static final int[] NO_SERIES = {};
  private static final int WHOLE = 2;

  /// Where nothing is taken, one good sample may be lost for so many late ones before it.
  private static final int LATE_FOR_EACH_LOST = 8;

  private static Piece of(int[] series) {
    return new Piece(series, Span.ALWAYS, 0, 0, WHOLE);
  }

  /// Pieces of at most so many bytes; a series that is larger stands alone, and so does one of which a part is
  /// settled.
  ///
  /// @param progress what to leave out
  /// @param metadata whether to say what is known of the metrics too, behind the series
  static List<Piece> of(
      SeriesTable table, Dialect dialect, Progress progress, int bytesMax, boolean metadata) {
    var pieces = new ArrayList<Piece>();
    var open = new int[table.size()];
    int size = 0;
    long bytes = 0;
    for (int each = progress.nextOpen(0); each < table.size(); each = progress.nextOpen(each + 1)) {
      var left = progress.left(each);
      if (!left.equals(Span.ALWAYS)) {
        pieces.add(new Piece(new int[] {each}, left, 0, 0, WHOLE));
        continue;
      }
      int more = dialect.bytesAtMost(table, each);
      if (size > 0 && bytes + more > bytesMax) {
        pieces.add(of(Arrays.copyOf(open, size)));
        size = 0;
        bytes = 0;
      }
      open[size++] = each;
      bytes += more;
    }
    if (size > 0) {
      pieces.add(of(Arrays.copyOf(open, size)));
    }
    if (metadata) {
      addMetadata(table, bytesMax, pieces);
    }
    return pieces;
  }

  private static void addMetadata(SeriesTable table, int bytesMax, List<Piece> pieces) {
    var families = table.families();
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < families.size(); i++) {
      int more = Dialect.metadataBytes(table, families.get(i));
      if (i > from && bytes + more > bytesMax) {
        pieces.add(new Piece(NO_SERIES, Span.ALWAYS, from, i, WHOLE));
        from = i;
        bytes = 0;
      }
      bytes += more;
    }
    if (from < families.size()) {
      pieces.add(new Piece(NO_SERIES, Span.ALWAYS, from, families.size(), WHOLE));
    }
  }

  boolean metadata() {
    return toFamily > fromFamily;
  }

  /// Whether it is no part of a piece that was rejected.
  boolean whole() {
    return scouts == WHOLE;
  }

  /// Whether a point of the batch may be in it, and not only what is known of resources or metrics.
  boolean measures(SeriesTable table) {
    return !Arrays.stream(series).allMatch(table::isTarget);
  }

  /// Whether it is less than its series. The parts of a series follow one another, or they would be out of order.
  boolean part() {
    return !span.equals(Span.ALWAYS);
  }

  /// Of several series each half has some; of one series each has some of its times.
  List<Piece> halves(SeriesTable table) {
    if (series.length == 1) {
      return parts(span.halves(table, series[0]));
    }
    int middle = (series.length + 1) / 2;
    return List.of(
        new Piece(Arrays.copyOf(series, middle), span, 0, 0, Math.min(scouts, 1)),
        new Piece(
            Arrays.copyOfRange(series, middle, series.length),
            span,
            0,
            0,
            Math.max(scouts - 1, 0)));
  }

  /// For one series of which nothing was taken: its oldest times, which are too late, and the rest, if there is one.
  /// The rest cannot be tried from its middle on: if that is taken, all before it is too late.
  List<Piece> withoutLate(SeriesTable table) {
    int late = span.before(table, series[0]);
    return parts(span.parts(table, series[0], Math.max(1, late / LATE_FOR_EACH_LOST)));
  }

  private List<Piece> parts(List<Span> spans) {
    return spans.stream().map(each -> new Piece(series, each, 0, 0, 0)).toList();
  }

  boolean divisible(SeriesTable table) {
    return series.length > 1 || (series.length == 1 && span.divisible(table, series[0]));
  }

  /// How many samples and native histograms are in it.
  long samples(SeriesTable table) {
    long count = 0;
    for (int each : series) {
      count += span.count(table.samples(), each) + span.count(table.histograms(), each);
    }
    return count;
  }

  /// How many exemplars are in it.
  long exemplars(SeriesTable table) {
    long count = 0;
    for (int each : series) {
      count += span.count(table.exemplars(), each);
    }
    return count;
  }

  /// The points of the batch that have a part in it.
  BitSet points(SeriesTable table) {
    var points = new BitSet();
    for (int each : series) {
      points(table.samples(), each, points);
      points(table.histograms(), each, points);
    }
    return points;
  }

  private void points(Entries entries, int series, BitSet into) {
    for (int at = span.first(entries, series); at >= 0; at = span.next(entries, at)) {
      if (entries.item(at) != Entries.NONE) {
        into.set(entries.item(at));
      }
    }
  }
}

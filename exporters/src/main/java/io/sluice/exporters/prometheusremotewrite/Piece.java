package io.sluice.exporters.prometheusremotewrite;

import io.sluice.exporters.prometheus.Entries;
import io.sluice.exporters.prometheus.SeriesTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// What one request holds of a batch: whole series.
///
/// @param series numbers in the table; not to be changed
/// @param metadata whether the request says what is known of all metrics
@SuppressWarnings("ArrayRecordComponent") // made and read on one thread, compared by nobody
record Piece(int[] series, boolean metadata) {
  /// Pieces of at most so many bytes; a series that is larger stands alone.
  ///
  /// @param settled series to leave out
  static List<Piece> of(
      SeriesTable table, Dialect dialect, BitSet settled, int bytesMax, boolean metadata) {
    var pieces = new ArrayList<Piece>();
    var open = new int[table.size()];
    int size = 0;
    long bytes = 0;
    for (int each = settled.nextClearBit(0);
        each < table.size();
        each = settled.nextClearBit(each + 1)) {
      int more = dialect.bytesAtMost(table, each);
      if (size > 0 && bytes + more > bytesMax) {
        pieces.add(new Piece(Arrays.copyOf(open, size), metadata && pieces.isEmpty()));
        size = 0;
        bytes = 0;
      }
      open[size++] = each;
      bytes += more;
    }
    if (size > 0) {
      pieces.add(new Piece(Arrays.copyOf(open, size), metadata && pieces.isEmpty()));
    }
    return pieces;
  }

  List<Piece> halves() {
    int middle = (series.length + 1) / 2;
    return List.of(
        new Piece(Arrays.copyOf(series, middle), metadata),
        new Piece(Arrays.copyOfRange(series, middle, series.length), false));
  }

  boolean divisible() {
    return series.length > 1;
  }

  /// How many samples and native histograms are in it.
  long samples(SeriesTable table) {
    long count = 0;
    for (int each : series) {
      count += count(table.samples(), each) + count(table.histograms(), each);
    }
    return count;
  }

  private static long count(Entries entries, int series) {
    long count = 0;
    for (int at = entries.first(series); at >= 0; at = entries.next(at)) {
      count++;
    }
    return count;
  }

  /// Adds the points of the batch that have a part in it.
  void points(SeriesTable table, BitSet into) {
    for (int each : series) {
      points(table.samples(), each, into);
      points(table.histograms(), each, into);
    }
  }

  private static void points(Entries entries, int series, BitSet into) {
    for (int at = entries.first(series); at >= 0; at = entries.next(at)) {
      into.set(entries.item(at));
    }
  }

  /// Settles its series.
  void settle(BitSet settled) {
    for (int each : series) {
      settled.set(each);
    }
  }
}

package io.sluice.exporters.prometheusremotewrite;

import io.sluice.exporters.prometheus.Entries;
import io.sluice.exporters.prometheus.SeriesTable;
import java.util.List;
import java.util.stream.LongStream;

/// From a time on, up to another: which entries of its series are in a piece.
///
/// @param fromMs the first that is in it
/// @param toMs the first behind it; [#ALWAYS] has none
record Span(long fromMs, long toMs) {
  static final Span ALWAYS = new Span(Long.MIN_VALUE, Long.MAX_VALUE);

  /// All that is not before.
  static Span from(long fromMs) {
    return new Span(fromMs, Long.MAX_VALUE);
  }

  boolean holds(long timeMs) {
    return timeMs >= fromMs && (timeMs < toMs || last());
  }

  /// Whether nothing is behind it.
  boolean last() {
    return toMs == Long.MAX_VALUE;
  }

  /// The first of its entries, or [Entries#NONE].
  int first(Entries entries, int series) {
    return held(entries, entries.first(series));
  }

  /// The one behind an entry, or [Entries#NONE].
  int next(Entries entries, int entry) {
    return held(entries, entries.next(entry));
  }

  private int held(Entries entries, int entry) {
    int at = entry;
    while (at != Entries.NONE && entries.timeMs(at) < fromMs) {
      at = entries.next(at);
    }
    return at != Entries.NONE && holds(entries.timeMs(at)) ? at : Entries.NONE;
  }

  int count(Entries entries, int series) {
    int count = 0;
    for (int at = first(entries, series); at != Entries.NONE; at = next(entries, at)) {
      count++;
    }
    return count;
  }

  /// Whether a series has values of more than one time in it. Exemplars do not count: they are never at fault.
  boolean divisible(SeriesTable table, int series) {
    return times(table, series).limit(2).count() > 1;
  }

  /// Two with half of the times of the series each, the older first.
  List<Span> halves(SeriesTable table, int series) {
    return parts(table, series, ((int) times(table, series).count() + 1) / 2);
  }

  /// Two of which the older has so many times of the series; one if there are no more.
  List<Span> parts(SeriesTable table, int series, int older) {
    var times = times(table, series).sorted().toArray();
    if (older >= times.length) {
      return List.of(this);
    }
    return List.of(new Span(fromMs, times[older]), new Span(times[older], toMs));
  }

  /// How many times the series has before it.
  int before(SeriesTable table, int series) {
    return (int) new Span(Long.MIN_VALUE, fromMs).times(table, series).count();
  }

  private LongStream times(SeriesTable table, int series) {
    return LongStream.concat(times(table.samples(), series), times(table.histograms(), series))
        .distinct();
  }

  private LongStream times(Entries entries, int series) {
    var times = LongStream.builder();
    for (int at = first(entries, series); at != Entries.NONE; at = next(entries, at)) {
      times.add(entries.timeMs(at));
    }
    return times.build();
  }
}

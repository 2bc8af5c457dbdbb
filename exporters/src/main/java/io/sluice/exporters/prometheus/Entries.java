package io.sluice.exporters.prometheus;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Samples, native histograms or exemplars of all series: a chain for each series, after [#order] oldest
/// first. An entry is known by its number. Confined to one thread.
public final class Entries {
  /// No entry.
  public static final int NONE = -1;

  private static final int ROOM = 256;

  /// What grew larger is not kept for the next batch.
  private static final int KEPT_MAX = 1 << 16;

  private final boolean replacing;
  private long[] times = new long[ROOM];
  private long[] startTimes = new long[ROOM];
  private long[] values = new long[ROOM];
  private int[] froms = new int[ROOM];
  private int[] tos = new int[ROOM];
  private int[] items = new int[ROOM];
  private int[] nexts = new int[ROOM];
  private int size;

  /// Of each series.
  private int[] heads = new int[ROOM];

  private int[] tails = new int[ROOM];

  /// Series whose entries do not stand in order yet.
  private final BitSet disordered = new BitSet();

  /// Hears of items that lost their places to others of the same series and time, once for each series.
  @FunctionalInterface
  interface Lost {
    void item(int item, int series);
  }

  /// @param replacing whether of two entries of one time the later takes the place of the earlier
  Entries(boolean replacing) {
    this.replacing = replacing;
  }

  void clear() {
    size = 0;
    disordered.clear();
    if (times.length > KEPT_MAX) {
      resize(ROOM);
    }
  }

  /// A series without entries.
  void open(int series) {
    if (series == heads.length) {
      heads = Arrays.copyOf(heads, 2 * series);
      tails = Arrays.copyOf(tails, 2 * series);
    }
    heads[series] = NONE;
    tails[series] = NONE;
  }

  /// Adds an entry to a series.
  ///
  /// @param startMs 0 for unknown
  /// @param value bits of a decimal
  /// @param from where more of it is, in the table's own numbers
  /// @param item which point of the batch it is of, [#NONE] for none
  void add(int series, long timeMs, long startMs, long value, int from, int to, int item) {
    if (size == times.length) {
      resize(2 * size);
    }
    times[size] = timeMs;
    startTimes[size] = startMs;
    values[size] = value;
    froms[size] = from;
    tos[size] = to;
    items[size] = item;
    nexts[size] = NONE;
    int last = tails[series];
    if (last == NONE) {
      heads[series] = size;
    } else {
      nexts[last] = size;
      if (times[last] > timeMs || (replacing && times[last] == timeMs)) {
        disordered.set(series);
      }
    }
    tails[series] = size++;
  }

  /// Whether two entries say the same, as far as [#from] and [#to] tell.
  @FunctionalInterface
  interface Same {
    boolean test(int entry, int other);
  }

  /// Brings all series into order.
  void order(Same same, Lost lost) {
    disordered.stream().forEach(series -> order(series, same, lost));
    disordered.clear();
  }

  private void order(int series, Same same, Lost lost) {
    var chain = IntStream.builder();
    for (int at = heads[series]; at != NONE; at = nexts[at]) {
      chain.add(at);
    }
    var sorted =
        chain.build().boxed().sorted(Comparator.comparingLong((Integer at) -> times[at])).toList();
    int last = NONE;
    heads[series] = NONE;
    for (int at : sorted) {
      if (replacing && last != NONE && times[last] == times[at]) {
        replace(series, last, at, same, lost);
      } else {
        if (last == NONE) {
          heads[series] = at;
        } else {
          nexts[last] = at;
        }
        last = at;
      }
    }
    nexts[last] = NONE;
    tails[series] = last;
  }

  /// The later one stays; of two equal ones none is lost.
  private void replace(int series, int at, int later, Same same, Lost lost) {
    boolean equal = values[at] == values[later] && same.test(at, later);
    if (!equal && items[at] != items[later] && items[at] != NONE) {
      lost.item(items[at], series);
    }
    startTimes[at] = startTimes[later];
    values[at] = values[later];
    froms[at] = froms[later];
    tos[at] = tos[later];
    items[at] = items[later];
  }

  private void resize(int room) {
    times = Arrays.copyOf(times, room);
    startTimes = Arrays.copyOf(startTimes, room);
    values = Arrays.copyOf(values, room);
    froms = Arrays.copyOf(froms, room);
    tos = Arrays.copyOf(tos, room);
    items = Arrays.copyOf(items, room);
    nexts = Arrays.copyOf(nexts, room);
  }

  /// The oldest of a series, or [#NONE].
  public int first(int series) {
    return heads[series];
  }

  /// The next of its series, or [#NONE].
  public int next(int entry) {
    return nexts[entry];
  }

  public long timeMs(int entry) {
    return times[entry];
  }

  /// When it began to be counted; 0 if that is not known.
  public long startMs(int entry) {
    return startTimes[entry];
  }

  /// Whether it says that there is no value any more.
  public boolean stale(int entry) {
    return values[entry] == NativeHistogram.STALE;
  }

  /// The bits of the value.
  public long value(int entry) {
    return values[entry];
  }

  /// Which point of the batch it is of, counted from 0; [#NONE] for no point.
  public int item(int entry) {
    return items[entry];
  }

  int from(int entry) {
    return froms[entry];
  }

  int to(int entry) {
    return tos[entry];
  }
}

package io.sluice.exporters.prometheus;

import io.sluice.wire.WireWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The series of one batch, each once, known by a number in the order of arrival. That order depends on
/// nothing but the batch and the rules. Labels are pairs of symbols, in the order of names; no name comes
/// twice. Confined to one thread.
public final class SeriesTable {
  private static final int ROOM = 256;

  /// What grew larger is not kept for the next batch.
  private static final int KEPT_MAX = 1 << 18;

  /// Symbols of names and values of all series together, of four bytes each.
  static final int PAIRS_MAX = 1 << 23;

  private final boolean byFamily;
  private final Symbols symbols;
  private final Entries samples = new Entries(true);
  private final Entries histograms = new Entries(true);
  private final Entries exemplars = new Entries(false);
  private final Map<Family, Integer> families = new HashMap<>();
  private final List<Family> familyList = new ArrayList<>();

  /// Labels of series and exemplars: name, value, name, value.
  private int[] pairs = new int[ROOM << 4];

  private int pairsSize;

  /// Where the labels of each series begin and end.
  private int[] starts = new int[ROOM];

  private int[] ends = new int[ROOM];
  private int[] familyOf = new int[ROOM];
  private int[] hashes = new int[ROOM];

  /// Numbers plus one, by hash; 0 for none. At most half full.
  private int[] slots = new int[2 * ROOM];

  private int size;

  /// Those that say what is known of resources.
  private final BitSet targets = new BitSet();

  /// Histogram messages, which remote write 1.0 and 2.0 have in common.
  private WireWriter messages = new WireWriter(ROOM);

  /// What Prometheus calls the type of a metric.
  public enum Type {
    UNKNOWN(0),
    COUNTER(1),
    GAUGE(2),
    HISTOGRAM(3),
    SUMMARY(5),
    INFO(6),
    STATE_SET(7);

    private final int number;

    Type(int number) {
      this.number = number;
    }

    /// On the wire, in both versions of remote write.
    public int number() {
      return number;
    }
  }

  /// A metric, which may have several series. Name, help and unit are symbols.
  ///
  /// @param delta whether its values are to be added up
  public record Family(int name, Type type, int help, int unit, boolean delta) {
    Family(int name, Type type, int help, int unit) {
      this(name, type, help, unit, false);
    }
  }

  /// @param byFamily whether series of metrics with different names are never one: a gauge `a_count` is none of the
  ///     series of a histogram `a`
  SeriesTable(long seed, boolean byFamily) {
    this.byFamily = byFamily;
    symbols = new Symbols(seed);
  }

  void clear() {
    symbols.clear();
    samples.clear();
    histograms.clear();
    exemplars.clear();
    targets.clear();
    families.clear();
    familyList.clear();
    if (pairs.length > KEPT_MAX) {
      pairs = new int[ROOM << 4];
      slots = new int[2 * ROOM];
    } else {
      Arrays.fill(slots, 0);
    }
    messages = messages.size() > KEPT_MAX ? new WireWriter(ROOM) : messages.reset();
    pairsSize = 0;
    size = 0;
  }

  /// The number of a family, new or known.
  int register(Family family) {
    return families.computeIfAbsent(
        family,
        added -> {
          familyList.add(added);
          return familyList.size() - 1;
        });
  }

  /// The series with these labels, new or known.
  int series(int[] labels, int length, int family) {
    int hash = hash(labels, length);
    int mask = slots.length - 1;
    int at = hash & mask;
    while (slots[at] != 0) {
      int candidate = slots[at] - 1;
      if (hashes[candidate] == hash
          && Arrays.equals(pairs, starts[candidate], ends[candidate], labels, 0, length)
          && (!byFamily || family(candidate).name() == familyList.get(family).name())) {
        return candidate;
      }
      at = (at + 1) & mask;
    }
    return add(labels, length, family, hash, at);
  }

  private static int hash(int[] labels, int length) {
    long hash = length;
    for (int i = 0; i < length; i++) {
      hash = Symbols.mixed(hash ^ labels[i]);
    }
    return (int) (hash ^ hash >>> 32);
  }

  private int add(int[] labels, int length, int family, int hash, int slot) {
    int series = size++;
    if (series == hashes.length) {
      int room = 2 * series;
      starts = Arrays.copyOf(starts, room);
      ends = Arrays.copyOf(ends, room);
      familyOf = Arrays.copyOf(familyOf, room);
      hashes = Arrays.copyOf(hashes, room);
    }
    starts[series] = keep(labels, length);
    ends[series] = pairsSize;
    familyOf[series] = family;
    hashes[series] = hash;
    samples.open(series);
    histograms.open(series);
    exemplars.open(series);
    slots[slot] = series + 1;
    if (2 * size > slots.length) {
      rehash();
    }
    return series;
  }

  /// @return where the labels begin; they end at [#pairsSize]
  private int keep(int[] labels, int length) {
    int start = pairsSize;
    if (pairs.length - start < length) {
      pairs = Arrays.copyOf(pairs, Math.max(start + length, 2 * pairs.length));
    }
    System.arraycopy(labels, 0, pairs, start, length);
    pairsSize += length;
    return start;
  }

  private void rehash() {
    slots = new int[2 * slots.length];
    int mask = slots.length - 1;
    for (int series = 0; series < size; series++) {
      int at = hashes[series] & mask;
      while (slots[at] != 0) {
        at = (at + 1) & mask;
      }
      slots[at] = series + 1;
    }
  }

  void sample(int series, long timeMs, long startMs, long value, int item) {
    samples.add(series, timeMs, startMs, value, 0, 0, item);
  }

  /// @param from where the message begins in [#messages]; it ends at the end of them
  void histogram(int series, long timeMs, long startMs, int from, int item) {
    histograms.add(series, timeMs, startMs, 0, from, messages.size(), item);
  }

  void exemplar(int series, long timeMs, long value, int[] labels, int length, int item) {
    int from = keep(labels, length);
    exemplars.add(series, timeMs, 0, value, from, pairsSize, item);
  }

  void target(int series) {
    targets.set(series);
  }

  /// Whether it is a `target_info`, which no point of the batch says.
  public boolean isTarget(int series) {
    return targets.get(series);
  }

  WireWriter messages() {
    return messages;
  }

  /// Brings the entries of all series into order.
  void order(Entries.Lost lost) {
    samples.order((_, _) -> true, lost);
    histograms.order(this::sameHistogram, lost);
    exemplars.order((_, _) -> false, lost);
  }

  private boolean sameHistogram(int one, int other) {
    var bytes = messages.room(0);
    return Arrays.equals(
        bytes,
        histograms.from(one),
        histograms.to(one),
        bytes,
        histograms.from(other),
        histograms.to(other));
  }

  /// Whether there are more labels than a batch may have.
  boolean full() {
    return pairsSize > PAIRS_MAX;
  }

  public int size() {
    return size;
  }

  public Symbols symbols() {
    return symbols;
  }

  /// In the order of arrival.
  public List<Family> families() {
    return familyList;
  }

  public Family family(int series) {
    return familyList.get(familyOf[series]);
  }

  /// Symbols of names and values together.
  public int labels(int series) {
    return ends[series] - starts[series];
  }

  /// The symbol of a name if the index is even, else that of the value of the name before.
  public int label(int series, int index) {
    return pairs[starts[series] + index];
  }

  public Entries samples() {
    return samples;
  }

  public Entries histograms() {
    return histograms;
  }

  public Entries exemplars() {
    return exemplars;
  }

  /// As [#labels].
  public int exemplarLabels(int exemplar) {
    return exemplars.to(exemplar) - exemplars.from(exemplar);
  }

  /// As [#label].
  public int exemplarLabel(int exemplar, int index) {
    return pairs[exemplars.from(exemplar) + index];
  }

  /// Bytes of [#writeHistogram].
  public int histogramLength(int histogram) {
    return histograms.to(histogram) - histograms.from(histogram);
  }

  /// The fields of the Histogram message but for the start time.
  public void writeHistogram(int histogram, WireWriter out) {
    out.raw(messages.room(0), histograms.from(histogram), histogramLength(histogram));
  }
}

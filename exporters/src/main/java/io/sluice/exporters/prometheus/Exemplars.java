package io.sluice.exporters.prometheus;

import io.sluice.data.Attributes;
import io.sluice.data.Fields;
import io.sluice.wire.Bytes;
import java.util.Arrays;
import java.util.HexFormat;

/// Reads exemplars of points. Labels are the ids and, if all together are short enough, the attributes the
/// point lost, under their own keys. Confined to one thread.
final class Exemplars {
  /// In characters of names and values together, a rule of OpenMetrics.
  static final int CHARS_MAX = 128;

  private static final String TRACE_ID = "trace_id";
  private static final String SPAN_ID = "span_id";

  private final SeriesTable table;
  private final Symbols symbols;
  private final PointLabels values;
  private final Fields fields = new Fields();
  private int[] pairs = new int[16];
  private int size;
  private int chars;

  Exemplars(SeriesTable table, LabelNames names) {
    this.table = table;
    symbols = table.symbols();
    values = new PointLabels(symbols, names);
  }

  /// All of a point to one series.
  void add(Fields point, int field, int series, int item) {
    if (point.has(field)) {
      for (var message : point.all(field)) {
        read(message);
        keep(series, item);
      }
    }
  }

  /// Each of a point to the bucket it fell into.
  ///
  /// @param bounds upper ones, growing
  /// @param buckets the series of each bound, and of the rest
  void add(Fields point, int field, double[] bounds, int[] buckets, int item) {
    if (!point.has(field)) {
      return;
    }
    for (var message : point.all(field)) {
      read(message);
      int found = Arrays.binarySearch(bounds, value());
      keep(buckets[found < 0 ? -found - 1 : found], item);
    }
  }

  private void keep(int series, int item) {
    long timeMs = Times.ms(fields.fixed64(2));
    long bits = Double.doubleToRawLongBits(value());
    table.exemplar(series, timeMs, bits, pairs, size, item);
  }

  private double value() {
    return fields.lastOf(3, 6) == 6 ? fields.fixed64(6) : fields.decimal(3);
  }

  private void read(Bytes message) {
    fields.over(message);
    size = 0;
    chars = 0;
    id(TRACE_ID, fields.bytes(5));
    id(SPAN_ID, fields.bytes(4));
    int ids = size;
    var attributes = Attributes.in(message, 7);
    while (chars <= CHARS_MAX && attributes.next()) {
      int name = symbols.of(attributes.key());
      if (name != Symbols.EMPTY && !has(name)) {
        put(name, values.symbolOf(attributes.value()));
      }
    }
    if (chars > CHARS_MAX) {
      size = ids;
    }
    sort();
  }

  private void id(String name, Bytes id) {
    for (int i = 0; i < id.length(); i++) {
      if (id.at(i) != 0) {
        put(symbols.of(name), symbols.of(hex(id)));
        return;
      }
    }
  }

  private static String hex(Bytes id) {
    return HexFormat.of().formatHex(id.sharedArray(), id.offset(), id.offset() + id.length());
  }

  private boolean has(int name) {
    for (int i = 0; i < size; i += 2) {
      if (pairs[i] == name) {
        return true;
      }
    }
    return false;
  }

  private void put(int name, int value) {
    if (size == pairs.length) {
      pairs = Arrays.copyOf(pairs, 2 * size);
    }
    pairs[size] = name;
    pairs[size + 1] = value;
    size += 2;
    chars += length(name) + length(value);
  }

  private int length(int symbol) {
    var text = symbols.text(symbol);
    return text.codePointCount(0, text.length());
  }

  private void sort() {
    for (int i = 2; i < size; i += 2) {
      int name = pairs[i];
      int value = pairs[i + 1];
      int at = i;
      for (; at > 0 && symbols.compare(pairs[at - 2], name) > 0; at -= 2) {
        pairs[at] = pairs[at - 2];
        pairs[at + 1] = pairs[at - 1];
      }
      pairs[at] = name;
      pairs[at + 1] = value;
    }
  }
}

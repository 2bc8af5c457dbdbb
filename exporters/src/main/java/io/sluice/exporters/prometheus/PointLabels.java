package io.sluice.exporters.prometheus;

import io.sluice.data.AnyValue;
import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.stream.IntStream;

/// Gathers the labels of one point; reused for the next. Confined to one thread.
///
/// First the attributes ([#attribute]), of which several may have the same label's name: their values are
/// then joined, in the order of their keys. Then whatever else becomes a label ([#put], [#offer]), then
/// [#sort].
final class PointLabels {
  /// More than any use of Prometheus knows; the bound on what one point may cost.
  static final int LABELS_MAX = 256;

  private static final int ROOM = 32;
  private static final String JOIN = ";";

  private final Symbols symbols;
  private final LabelNames names;
  private final WireReader fields = new WireReader();
  private final WireReader pair = new WireReader();
  private final WireReader value = new WireReader();
  private Bytes[] keys = new Bytes[ROOM];
  private int[] nameSymbols = new int[ROOM];
  private int[] valueSymbols = new int[ROOM];
  private int[] pairs = new int[2 * ROOM];
  private int size;

  /// One more did not find room.
  private boolean overflow;

  /// Of the last [#sort]: the names it was given, where each place takes its label from, and the outcome.
  private int[] unsortedNames = new int[ROOM];

  private int[] order = new int[ROOM];
  private int[] sortedNames = new int[ROOM];
  private int[] sortedValues = new int[ROOM];
  private int sortedSize;

  /// How many came by [#copy].
  private int copied;

  PointLabels(Symbols symbols, LabelNames names) {
    this.symbols = symbols;
    this.names = names;
  }

  /// Before each batch: symbols are another's then.
  void forget() {
    sortedSize = 0;
  }

  void begin() {
    empty();
    overflow = false;
  }

  private void empty() {
    size = 0;
    copied = 0;
  }

  /// As [#begin], with all attributes of another, which win over those with the same keys.
  void copy(PointLabels other) {
    begin();
    for (int i = 0; i < other.size; i++) {
      add(other.keys[i], other.nameSymbols[i], other.valueSymbols[i]);
    }
    copied = size;
    overflow = other.overflow;
  }

  /// All attributes of a message.
  void attributes(Bytes message, int field) {
    fields.over(message);
    while (fields.next()) {
      if (fields.field() == field) {
        attribute(fields.into(pair));
      }
    }
  }

  private void attribute(WireReader pair) {
    var key = Bytes.EMPTY;
    var any = Bytes.EMPTY;
    while (pair.next()) {
      switch (pair.field()) {
        case 1 -> key = pair.bytes();
        case 2 -> any = pair.bytes();
        default -> {}
      }
    }
    attribute(key, any);
  }

  /// One with an empty value, or of whose key no name can be made, is left out.
  ///
  /// @param value the AnyValue message
  void attribute(Bytes key, Bytes value) {
    int symbol = symbolOf(value);
    if (symbol == Symbols.EMPTY) {
      return;
    }
    int name = names.of(key, symbols);
    if (name != Symbols.EMPTY && !isCopied(key, name)) {
      add(key, name, symbol);
    }
  }

  /// The text of a value, as it is in most cases or made of it.
  int symbolOf(Bytes any) {
    value.over(any);
    if (value.next() && value.valueEnd() == any.offset() + any.length()) {
      if (value.is(1, WireReader.LENGTH_DELIMITED)) {
        return symbols.of(any.sharedArray(), value.valueStart(), value.valueLength());
      }
      if (value.is(3, WireReader.VARINT)) {
        return symbols.of(Long.toString(value.varint()));
      }
    }
    return symbols.of(AnyValue.decode(any).text());
  }

  private boolean isCopied(Bytes key, int name) {
    for (int i = 0; i < copied; i++) {
      if (nameSymbols[i] == name && keys[i].equals(key)) {
        return true;
      }
    }
    return false;
  }

  private void add(Bytes key, int name, int symbol) {
    if (size == LABELS_MAX) {
      overflow = true;
      return;
    }
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, 2 * size);
      nameSymbols = Arrays.copyOf(nameSymbols, 2 * size);
      valueSymbols = Arrays.copyOf(valueSymbols, 2 * size);
    }
    keys[size] = key;
    nameSymbols[size] = name;
    valueSymbols[size++] = symbol;
  }

  /// Whether there are more than a series may have; those beyond are left out.
  boolean tooMany() {
    return overflow;
  }

  /// To be called after the last attribute.
  void join() {
    for (int i = 1; i < size; i++) {
      if (find(nameSymbols[i], i) >= 0) {
        joinByKeys();
        return;
      }
    }
  }

  private void joinByKeys() {
    var order =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> keys[i], PointLabels::compare))
            .toList();
    var joined = new LinkedHashMap<Integer, StringBuilder>();
    for (int i : order) {
      var text = symbols.text(valueSymbols[i]);
      var before = joined.putIfAbsent(nameSymbols[i], new StringBuilder(text));
      if (before != null && !text.contentEquals(before)) {
        before.append(JOIN).append(text);
      }
    }
    empty();
    joined.forEach((name, text) -> add(Bytes.EMPTY, name, symbols.of(text.toString())));
  }

  private static int compare(Bytes one, Bytes other) {
    return Arrays.compareUnsigned(
        one.sharedArray(),
        one.offset(),
        one.offset() + one.length(),
        other.sharedArray(),
        other.offset(),
        other.offset() + other.length());
  }

  private int find(int name, int before) {
    for (int i = 0; i < before; i++) {
      if (nameSymbols[i] == name) {
        return i;
      }
    }
    return -1;
  }

  boolean has(int name) {
    return find(name, size) >= 0;
  }

  /// In place of any label of that name.
  void put(int name, int symbol) {
    int at = find(name, size);
    if (at < 0) {
      add(Bytes.EMPTY, name, symbol);
    } else {
      valueSymbols[at] = symbol;
    }
  }

  /// Unless there is a label of that name.
  void offer(int name, int symbol) {
    if (find(name, size) < 0) {
      add(Bytes.EMPTY, name, symbol);
    }
  }

  /// Into the order of names. Points of a metric mostly have the same names, one after the other as before:
  /// then the order is known.
  void sort() {
    if (size != sortedSize || !Arrays.equals(nameSymbols, 0, size, unsortedNames, 0, size)) {
      findOrder();
    }
    for (int i = 0; i < size; i++) {
      sortedValues[i] = valueSymbols[order[i]];
    }
    System.arraycopy(sortedNames, 0, nameSymbols, 0, size);
    System.arraycopy(sortedValues, 0, valueSymbols, 0, size);
  }

  private void findOrder() {
    if (order.length < nameSymbols.length) {
      unsortedNames = new int[nameSymbols.length];
      order = new int[nameSymbols.length];
      sortedNames = new int[nameSymbols.length];
      sortedValues = new int[nameSymbols.length];
    }
    System.arraycopy(nameSymbols, 0, unsortedNames, 0, size);
    sortedSize = size;
    for (int i = 0; i < size; i++) {
      int at = i;
      for (; at > 0 && symbols.compare(nameSymbols[order[at - 1]], nameSymbols[i]) > 0; at--) {
        order[at] = order[at - 1];
      }
      order[at] = i;
    }
    for (int i = 0; i < size; i++) {
      sortedNames[i] = nameSymbols[order[i]];
    }
  }

  /// The labels with one or two more, which take the place of any of those names.
  ///
  /// @param second [Symbols#EMPTY] for only one
  /// @return [#pairs] up to which they are
  int with(int first, int firstValue, int second, int secondValue) {
    if (pairs.length < 2 * size + 4) {
      pairs = new int[4 * size];
    }
    int at = 0;
    boolean firstLeft = true;
    boolean secondLeft = second != Symbols.EMPTY;
    for (int i = 0; i < size; i++) {
      int name = nameSymbols[i];
      if (name == first || name == second) {
        continue;
      }
      if (firstLeft && symbols.compare(first, name) < 0) {
        at = pair(at, first, firstValue);
        firstLeft = false;
      }
      if (secondLeft && symbols.compare(second, name) < 0) {
        at = pair(at, second, secondValue);
        secondLeft = false;
      }
      at = pair(at, name, valueSymbols[i]);
    }
    at = firstLeft ? pair(at, first, firstValue) : at;
    return secondLeft ? pair(at, second, secondValue) : at;
  }

  private int pair(int at, int name, int symbol) {
    pairs[at] = name;
    pairs[at + 1] = symbol;
    return at + 2;
  }

  int[] pairs() {
    return pairs;
  }
}

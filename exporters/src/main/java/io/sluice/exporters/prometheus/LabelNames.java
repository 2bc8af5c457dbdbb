package io.sluice.exporters.prometheus;

import io.sluice.wire.Bytes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Makes the names of labels of the keys of attributes. Confined to one thread.
public final class LabelNames {
  /// So many are remembered; then all are forgotten.
  private static final int REMEMBERED_MAX = 10_000;

  /// Longer ones are not remembered.
  private static final int REMEMBERED_BYTES_MAX = 1 << 10;

  private static final int ROOM = 256;

  private final boolean escapes;
  private final boolean collapses;

  /// By symbol of the key: the symbol of the name, plus one; 0 for not known.
  private int[] named = new int[ROOM];

  private final Map<Bytes, Bytes> remembered = new HashMap<>();

  public LabelNames(Strategy strategy) {
    this(strategy, true);
  }

  /// @param collapses whether of several underscores one is left, and none at the beginning; the Collector
  ///     names so what it sends, but not what it lets others scrape
  public LabelNames(Strategy strategy, boolean collapses) {
    escapes = strategy.escapes();
    this.collapses = collapses;
  }

  /// The same as a symbol, remembered by the symbol of the key.
  int of(Bytes key, Symbols symbols) {
    int symbol = symbols.of(key);
    if (symbol >= named.length) {
      named = Arrays.copyOf(named, Math.max(symbol + 1, 2 * named.length));
    }
    if (named[symbol] == 0) {
      named[symbol] = symbols.of(of(key)) + 1;
    }
    return named[symbol] - 1;
  }

  /// Before each batch: symbols are another's then.
  void forget() {
    if (named.length > REMEMBERED_MAX) {
      named = new int[ROOM];
    } else {
      Arrays.fill(named, 0);
    }
  }

  /// Empty if nothing is left of the key that could be a name.
  Bytes of(Bytes key) {
    var known = remembered.get(key);
    return known == null ? made(key) : known;
  }

  private Bytes made(Bytes key) {
    var name = Bytes.utf8(of(key.utf8()));
    if (key.length() <= REMEMBERED_BYTES_MAX) {
      if (remembered.size() >= REMEMBERED_MAX) {
        remembered.clear();
      }
      remembered.put(Bytes.wrap(key.toArray()), name);
    }
    return name;
  }

  /// `k8s.pod.name` becomes `k8s_pod_name`, `9` becomes `key_9`, `_a` becomes `key_a`; `__a__` stays.
  public String of(String key) {
    var name = escapes && !key.isEmpty() ? (collapses ? escaped(key) : replaced(key)) : key;
    return name.chars().allMatch(c -> c == '_') ? "" : name;
  }

  /// Names with two underscores at the beginning are Prometheus' own.
  private static String replaced(String key) {
    var name = new StringBuilder(key.length());
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      name.append(c != ':' && MetricNames.isWord(c) ? c : '_');
    }
    boolean digit = name.charAt(0) >= '0' && name.charAt(0) <= '9';
    return (digit
            ? "key_"
            : name.length() > 1 && name.charAt(0) == '_' && name.charAt(1) == '_' ? "key" : "")
        + name;
  }

  private static String escaped(String key) {
    boolean reserved = key.length() >= 4 && key.startsWith("__") && key.endsWith("__");
    var name = collapsed(reserved ? key.substring(2, key.length() - 2) : key);
    if (reserved) {
      return "__" + name + "__";
    }
    if (name.charAt(0) >= '0' && name.charAt(0) <= '9') {
      return "key_" + name;
    }
    return name.charAt(0) == '_' ? "key" + name : name;
  }

  private static String collapsed(String key) {
    var name = new StringBuilder(key.length());
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      boolean kept = c != ':' && MetricNames.isWord(c);
      if (kept || name.isEmpty() || name.charAt(name.length() - 1) != '_') {
        name.append(kept ? c : '_');
      }
    }
    return name.toString();
  }
}

package io.sluice.data;

import org.jspecify.annotations.Nullable;

/// The fields of one message by their JSON names, found from the bytes of a name without making a text
/// of it. Open addressing by the length and the first eight bytes, see [JsonText#word]; at most a quarter
/// full.
final class JsonNames {
  private static final int SLOTS_LOG = 7;
  private static final int SLOTS = 1 << SLOTS_LOG;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  /// Stands before the first name.
  final JsonName start;

  private final JsonName[] names = new JsonName[SLOTS];
  private int size;

  JsonNames(int startIndex) {
    start = new JsonName(startIndex, "", null);
  }

  void add(JsonName name) {
    byte[] text = name.text();
    int slot = slot(JsonText.word(text, 0, text.length), text.length);
    while (names[slot] != null) {
      if (names[slot].is(text, 0, text.length)) {
        return;
      }
      slot = (slot + 1) % SLOTS;
    }
    if (++size > SLOTS / 4) {
      throw new IllegalStateException("too many names");
    }
    names[slot] = name;
  }

  @Nullable JsonName find(byte[] a, int from, int to) {
    int slot = slot(JsonText.word(a, from, to), to - from);
    while (true) {
      var name = names[slot];
      if (name == null || name.is(a, from, to)) {
        return name;
      }
      slot = (slot + 1) % SLOTS;
    }
  }

  private static int slot(long word, int length) {
    return (int) (((word + length) * SPREAD) >>> -SLOTS_LOG);
  }
}

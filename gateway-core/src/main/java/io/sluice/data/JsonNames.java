package io.sluice.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The fields of one message by their JSON names, found from the bytes of a name without making a text
/// of it.
///
/// A name is known by its length and its first eight bytes, see [JsonText#word]; what is longer is
/// compared once it was found. Open addressing; at most a quarter full.
final class JsonNames {
  private static final int SLOTS_LOG = 7;
  private static final int SLOTS = 1 << SLOTS_LOG;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final long[] words = new long[SLOTS];
  private final byte[][] names = new byte[SLOTS][];
  private final Schema.Field[] fields = new Schema.Field[SLOTS];
  private int size;

  void add(String name, Schema.Field field) {
    var bytes = name.getBytes(StandardCharsets.US_ASCII);
    long word = JsonText.word(bytes, 0, bytes.length);
    int slot = slot(word, bytes.length);
    while (fields[slot] != null && !Arrays.equals(names[slot], bytes)) {
      slot = (slot + 1) % SLOTS;
    }
    if (fields[slot] == null && ++size > SLOTS / 4) {
      throw new IllegalStateException("too many names");
    }
    words[slot] = word;
    names[slot] = bytes;
    fields[slot] = field;
  }

  Schema.@Nullable Field find(long word, byte[] a, int from, int to) {
    int length = to - from;
    int slot = slot(word, length);
    while (true) {
      var field = fields[slot];
      if (field == null) {
        return null;
      }
      if (words[slot] == word && is(names[slot], a, from, length)) {
        return field;
      }
      slot = (slot + 1) % SLOTS;
    }
  }

  private static boolean is(byte[] name, byte[] a, int from, int length) {
    return name.length == length
        && (length <= 8 || Arrays.equals(name, 8, length, a, from + 8, from + length));
  }

  private static int slot(long word, int length) {
    return (int) (((word + length) * SPREAD) >>> -SLOTS_LOG);
  }
}

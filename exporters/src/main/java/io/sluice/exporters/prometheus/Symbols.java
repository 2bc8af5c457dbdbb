package io.sluice.exporters.prometheus;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Texts in UTF-8, each kept once and known by a number from 0 on in the order of arrival. 0 is the empty
/// text. Confined to one thread.
///
/// Numbers do not depend on the seed, which only makes it hard to find texts that collide.
public final class Symbols {
  public static final int EMPTY = 0;

  /// What grew larger is not kept for the next batch.
  private static final int KEPT_BYTES_MAX = 4 << 20;

  private static final int ROOM = 256;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private final long seed;
  private byte[] text = new byte[ROOM << 4];

  /// Where each begins; one more for the end of the last.
  private int[] starts = new int[ROOM + 1];

  private int[] hashes = new int[ROOM];

  /// Numbers plus one, by hash; 0 for none. At most half full.
  private int[] slots = new int[2 * ROOM];

  private int size;

  Symbols(long seed) {
    this.seed = seed;
    clear();
  }

  void clear() {
    if (text.length > KEPT_BYTES_MAX) {
      text = new byte[ROOM << 4];
      starts = new int[ROOM + 1];
      hashes = new int[ROOM];
      slots = new int[2 * ROOM];
    } else {
      Arrays.fill(slots, 0);
    }
    size = 0;
    starts[0] = 0;
    of(new byte[0], 0, 0);
  }

  public int size() {
    return size;
  }

  int of(String value) {
    var bytes = value.getBytes(StandardCharsets.UTF_8);
    return of(bytes, 0, bytes.length);
  }

  int of(Bytes value) {
    return of(value.sharedArray(), value.offset(), value.length());
  }

  int of(byte[] array, int from, int length) {
    int hash = hash(array, from, length);
    int mask = slots.length - 1;
    int at = hash & mask;
    while (slots[at] != 0) {
      int candidate = slots[at] - 1;
      if (hashes[candidate] == hash && isAt(candidate, array, from, length)) {
        return candidate;
      }
      at = (at + 1) & mask;
    }
    return add(array, from, length, hash, at);
  }

  private boolean isAt(int symbol, byte[] array, int from, int length) {
    return Arrays.equals(text, starts[symbol], starts[symbol + 1], array, from, from + length);
  }

  private int add(byte[] array, int from, int length, int hash, int slot) {
    int symbol = size++;
    int start = starts[symbol];
    if (text.length - start < length) {
      text = Arrays.copyOf(text, Math.max(Math.addExact(start, length), 2 * text.length));
    }
    System.arraycopy(array, from, text, start, length);
    if (hashes.length == symbol) {
      hashes = Arrays.copyOf(hashes, 2 * symbol);
      starts = Arrays.copyOf(starts, 2 * symbol + 1);
    }
    starts[symbol + 1] = start + length;
    hashes[symbol] = hash;
    slots[slot] = symbol + 1;
    if (2 * size > slots.length) {
      rehash();
    }
    return symbol;
  }

  private void rehash() {
    slots = new int[2 * slots.length];
    int mask = slots.length - 1;
    for (int symbol = 0; symbol < size; symbol++) {
      int at = hashes[symbol] & mask;
      while (slots[at] != 0) {
        at = (at + 1) & mask;
      }
      slots[at] = symbol + 1;
    }
  }

  private int hash(byte[] array, int from, int length) {
    long hash = seed + length;
    int at = from;
    int to = from + length;
    for (; to - at >= 8; at += 8) {
      hash = mixed(hash ^ (long) LONG.get(array, at));
    }
    long rest = 0;
    for (; at < to; at++) {
      rest = rest << 8 | (array[at] & 0xFF);
    }
    hash = mixed(hash ^ rest);
    return (int) (hash ^ hash >>> 32);
  }

  static long mixed(long value) {
    long high = Math.multiplyHigh(value, FACTOR);
    return value * FACTOR ^ high;
  }

  /// In bytes.
  public int length(int symbol) {
    return starts[symbol + 1] - starts[symbol];
  }

  public String text(int symbol) {
    return new String(text, starts[symbol], length(symbol), StandardCharsets.UTF_8);
  }

  /// By bytes, which is the order of labels.
  int compare(int one, int other) {
    return Arrays.compareUnsigned(
        text, starts[one], starts[one + 1], text, starts[other], starts[other + 1]);
  }

  /// As a text field.
  public void write(int symbol, int field, WireWriter out) {
    out.header(field, length(symbol)).raw(text, starts[symbol], length(symbol));
  }
}

package io.sluice.transport.codec;

import io.sluice.wire.Bytes;

/// One LZ4 block: runs of literals, each followed by a copy of what came earlier.
final class Lz4Block {
  private static final int MATCH_LENGTH_MIN = 4;
  private static final int NIBBLE_MAX = 15;

  private final Bytes in;
  private int at;

  private Lz4Block(Bytes in) {
    this.in = in;
  }

  /// @param windowStart how far back in `out` a copy may reach
  static void decode(Bytes in, Output out, int windowStart) {
    new Lz4Block(in).decode(out, windowStart);
  }

  private void decode(Output out, int windowStart) {
    while (at < in.length()) {
      int token = next();
      int literals = length(token >>> 4);
      if (in.length() - at < literals) {
        throw malformed("literals run past the block");
      }
      out.write(in.sharedArray(), in.offset() + at, literals);
      at += literals;
      if (at == in.length()) {
        return;
      }
      int distance = next() | (next() << 8);
      if (distance == 0 || distance > out.size - windowStart) {
        throw malformed("copy from before the start");
      }
      copy(out, distance, Math.addExact(length(token & NIBBLE_MAX), MATCH_LENGTH_MIN));
    }
  }

  /// Source and target may overlap: that is how a run is written.
  private static void copy(Output out, int distance, int length) {
    out.ensure(length);
    int from = out.size - distance;
    if (distance >= length) {
      System.arraycopy(out.array, from, out.array, out.size, length);
    } else {
      for (int i = 0; i < length; i++) {
        out.array[out.size + i] = out.array[from + i];
      }
    }
    out.wrote(length);
  }

  private int length(int nibble) {
    int length = nibble;
    if (nibble == NIBBLE_MAX) {
      int more;
      do {
        more = next();
        length += more;
        if (length < 0) {
          throw malformed("length");
        }
      } while (more == 0xff);
    }
    return length;
  }

  private int next() {
    if (at == in.length()) {
      throw malformed("unexpected end of block");
    }
    return in.at(at++) & 0xff;
  }

  private static DecodeException malformed(String what) {
    return DecodeException.malformed(Codec.LZ4, what);
  }
}

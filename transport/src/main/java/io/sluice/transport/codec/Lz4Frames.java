package io.sluice.transport.codec;

import io.airlift.compress.v3.lz4.Lz4Compressor;
import io.airlift.compress.v3.lz4.Lz4JavaCompressor;
import io.airlift.compress.v3.xxhash.XxHash32JavaHasher;
import io.sluice.wire.Bytes;
import java.util.Arrays;

/// The LZ4 frame format, version 1.6.
///
/// ```
/// magic:u32 | flags:u8 | block descriptor:u8 | [content size:u64] | [dictionary:u32] | header hash:u8
/// block size:u32, highest bit: stored | data | [block hash:u32]      repeated
/// 0:u32 | [content hash:u32]
/// ```
/// Frames may follow one another, and so may skippable ones. Blocks may refer back into those before
/// them, which is why they are decoded here and not by a library of blocks. Hashes are xxHash32.
final class Lz4Frames {
  private static final int MAGIC = 0x184D2204;
  private static final int SKIPPABLE_MAGIC = 0x184D2A50;
  private static final int SKIPPABLE_MASK = 0xFFFFFFF0;
  private static final int VERSION = 0x40;
  private static final int VERSION_MASK = 0xc0;
  private static final int INDEPENDENT = 0x20;
  private static final int BLOCK_HASH = 0x10;
  private static final int CONTENT_SIZE = 0x08;
  private static final int CONTENT_HASH = 0x04;
  private static final int DICTIONARY = 0x01;
  private static final int STORED = 0x80000000;

  /// The descriptor's code for 256 KiB, and that size.
  private static final int BLOCK_CODE = 5;

  private static final int BLOCK_BYTES = 256 << 10;

  private final Lz4Compressor compressor = new Lz4JavaCompressor();

  void decode(Bytes in, Output out) {
    if (in.isEmpty()) {
      throw malformed("unexpected end");
    }
    int at = 0;
    while (at < in.length()) {
      int magic = int32(in, at);
      at += Integer.BYTES;
      if ((magic & SKIPPABLE_MASK) == SKIPPABLE_MAGIC) {
        int length = int32(in, at);
        at = checked(in, at + Integer.BYTES, length);
      } else if (magic == MAGIC) {
        at = frame(in, at, out);
      } else {
        throw malformed("invalid magic number");
      }
    }
  }

  Bytes encode(Bytes in) {
    var out = Output.unbounded(compressor.maxCompressedLength(in.length()) + 32);
    out.writeInt(MAGIC);
    int headerAt = out.size;
    out.write(VERSION | INDEPENDENT | CONTENT_HASH);
    out.write(BLOCK_CODE << 4);
    out.write(headerHash(out.array, headerAt, out.size));
    for (int from = 0; from < in.length(); from += BLOCK_BYTES) {
      block(in.slice(from, Math.min(in.length(), from + BLOCK_BYTES)), out);
    }
    out.writeInt(0);
    out.writeInt(hash(in.sharedArray(), in.offset(), in.length()));
    return out.take();
  }

  private void block(Bytes in, Output out) {
    int sizeAt = out.size;
    out.writeInt(0);
    out.ensure(compressor.maxCompressedLength(in.length()));
    int size =
        compressor.compress(
            in.sharedArray(),
            in.offset(),
            in.length(),
            out.array,
            out.size,
            out.array.length - out.size);
    boolean stored = size >= in.length();
    if (stored) {
      out.write(in.sharedArray(), in.offset(), in.length());
    } else {
      out.wrote(size);
    }
    int end = out.size;
    out.size = sizeAt;
    out.writeInt(stored ? in.length() | STORED : size);
    out.size = end;
  }

  private static int frame(Bytes in, int headerAt, Output out) {
    checked(in, headerAt, 2);
    int flags = in.at(headerAt);
    if ((flags & VERSION_MASK) != VERSION || (flags & DICTIONARY) != 0) {
      throw malformed("unsupported version or dictionary");
    }
    int at = checked(in, headerAt + 2, (flags & CONTENT_SIZE) != 0 ? Long.BYTES : 0);
    checked(in, at, 1);
    if (in.at(at) != headerHash(in.sharedArray(), in.offset() + headerAt, in.offset() + at)) {
      throw malformed("header checksum");
    }
    int start = out.size;
    at = blocks(in, at + 1, (flags & BLOCK_HASH) != 0, (flags & INDEPENDENT) != 0, out);
    if ((flags & CONTENT_HASH) != 0) {
      if (int32(in, at) != hash(out.array, start, out.size - start)) {
        throw malformed("content checksum");
      }
      at += Integer.BYTES;
    }
    return at;
  }

  private static int blocks(Bytes in, int from, boolean hashed, boolean independent, Output out) {
    int frameStart = out.size;
    int at = from;
    for (int word = int32(in, at); word != 0; word = int32(in, at)) {
      int size = word & ~STORED;
      int dataAt = at + Integer.BYTES;
      at = checked(in, dataAt, size);
      if (hashed) {
        if (int32(in, at) != hash(in.sharedArray(), in.offset() + dataAt, size)) {
          throw malformed("block checksum");
        }
        at += Integer.BYTES;
      }
      if ((word & STORED) != 0) {
        out.write(in.sharedArray(), in.offset() + dataAt, size);
      } else {
        Lz4Block.decode(in.slice(dataAt, dataAt + size), out, independent ? out.size : frameStart);
      }
    }
    return at + Integer.BYTES;
  }

  private static byte headerHash(byte[] array, int from, int to) {
    return (byte) (hash(Arrays.copyOfRange(array, from, to), 0, to - from) >>> 8);
  }

  private static int hash(byte[] array, int from, int length) {
    return XxHash32JavaHasher.hash(array, from, length, 0);
  }

  private static int int32(Bytes in, int at) {
    checked(in, at, Integer.BYTES);
    return GzipHeader.int32(in, at);
  }

  private static int checked(Bytes in, int at, int length) {
    if (length < 0 || in.length() - at < length) {
      throw malformed("unexpected end");
    }
    return at + length;
  }

  private static DecodeException malformed(String what) {
    return DecodeException.malformed(Codec.LZ4, what);
  }
}

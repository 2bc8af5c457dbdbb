package io.sluice.transport.codec;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.snappy.SnappyDecompressor;
import io.airlift.compress.v3.snappy.SnappyFramedInputStream;
import io.airlift.compress.v3.snappy.SnappyJavaDecompressor;
import io.sluice.wire.ArrayPool;
import io.sluice.wire.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Decompresses whole bodies. Confined to one thread.
public final class Decoder implements AutoCloseable {
  /// 8 MiB, the largest window a decoder of RFC 8878 has to support.
  private static final int ZSTD_WINDOW_LOG_MAX = 23;

  private static final int SNAPPY_EXPANSION_MAX = 64;
  private static final int EXPANSION_FIRST = 4;

  /// No more than this is allocated on a guess.
  private static final int EXPANSION_GUESSED_MAX = 16;

  private static final byte[] SNAPPY_STREAM = {(byte) 0xff, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y'};

  private final Inflater deflated = new Inflater(true);
  private final Inflater zlib = new Inflater(false);
  private final CRC32 crc = new CRC32();
  private final SnappyDecompressor snappy = new SnappyJavaDecompressor();
  private final Lz4Frames lz4 = new Lz4Frames();
  private final ArrayPool arrays;

  /// How many times its size the last body became, as the guess for the next.
  private int expansion = EXPANSION_FIRST;

  public Decoder() {
    this(ArrayPool.none());
  }

  /// @param arrays where content is put
  public Decoder(ArrayPool arrays) {
    this.arrays = arrays;
  }

  /// The whole content of `in`.
  ///
  /// @param bytesMax more than this is refused, having used no more memory than a small multiple of it
  /// @throws DecodeException if it is malformed, incomplete or too large
  public Bytes decode(Codec codec, Bytes in, int bytesMax) {
    if (codec == Codec.SNAPPY || codec == Codec.SNAPPY_FRAMED) {
      return isSnappyStream(in) ? snappyStream(in, bytesMax) : snappyBlock(in, bytesMax);
    }
    var out = Output.ofGuess((long) in.length() * expansion, bytesMax, arrays);
    switch (codec) {
      case GZIP -> gunzip(in, out);
      case ZLIB -> inflate(codec, zlib, in, 0, out);
      case ZSTD -> unzstd(in, out);
      case LZ4 -> lz4.decode(in, out);
      case SNAPPY, SNAPPY_FRAMED -> throw new AssertionError(codec);
    }
    if (!in.isEmpty()) {
      expansion = Math.clamp(out.size / in.length() + 1L, 1, EXPANSION_GUESSED_MAX);
    }
    return out.take();
  }

  /// Which of the two snappy formats this is.
  public static boolean isSnappyStream(Bytes in) {
    if (in.length() < SNAPPY_STREAM.length) {
      return false;
    }
    for (int i = 0; i < SNAPPY_STREAM.length; i++) {
      if (in.at(i) != SNAPPY_STREAM[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    deflated.end();
    zlib.end();
  }

  private void gunzip(Bytes in, Output out) {
    int at = 0;
    do {
      int start = out.size;
      at = inflate(Codec.GZIP, deflated, in, GzipHeader.skip(in, at), out);
      crc.reset();
      crc.update(out.array, start, out.size - start);
      if (in.length() - at < GzipHeader.TRAILER_BYTES
          || GzipHeader.int32(in, at) != (int) crc.getValue()
          || GzipHeader.int32(in, at + Integer.BYTES) != out.size - start) {
        throw DecodeException.malformed(Codec.GZIP, "checksum");
      }
      at += GzipHeader.TRAILER_BYTES;
    } while (at < in.length());
  }

  /// Returns where the compressed data ended.
  private static int inflate(Codec codec, Inflater inflater, Bytes in, int from, Output out) {
    inflater.reset();
    inflater.setInput(in.sharedArray(), in.offset() + from, in.length() - from);
    try {
      while (!inflater.finished()) {
        int room = out.room();
        int written = inflater.inflate(out.array, out.size, room);
        if (written == 0
            && !inflater.finished()
            && (inflater.needsInput() || inflater.needsDictionary())) {
          throw DecodeException.malformed(codec, "unexpected end");
        }
        out.wrote(written);
      }
    } catch (DataFormatException _) {
      throw DecodeException.malformed(codec, "invalid block");
    }
    return in.length() - inflater.getRemaining();
  }

  private static void unzstd(Bytes in, Output out) {
    if (in.isEmpty()) {
      throw DecodeException.malformed(Codec.ZSTD, "unexpected end");
    }
    try (var stream = new ZstdInputStreamNoFinalizer(input(in), RecyclingBufferPool.INSTANCE)) {
      stream.setLongMax(ZSTD_WINDOW_LOG_MAX);
      drain(stream, out);
    } catch (IOException e) {
      throw DecodeException.malformed(Codec.ZSTD, String.valueOf(e.getMessage()));
    }
  }

  private Bytes snappyStream(Bytes in, int bytesMax) {
    var out = Output.ofGuess((long) in.length() * EXPANSION_FIRST, bytesMax, arrays);
    try (var stream = new SnappyFramedInputStream(snappy, input(in))) {
      drain(stream, out);
    } catch (IOException | MalformedInputException | IndexOutOfBoundsException e) {
      throw DecodeException.malformed(Codec.SNAPPY_FRAMED, String.valueOf(e.getMessage()));
    }
    return out.take();
  }

  /// A block opens with the length of its content. It is believed only as far as the format could
  /// stretch the bytes that are there.
  private Bytes snappyBlock(Bytes in, int bytesMax) {
    try {
      int length = in.isEmpty() ? -1 : snappy.getUncompressedLength(in.sharedArray(), in.offset());
      if (length < 0 || length > (long) in.length() * SNAPPY_EXPANSION_MAX) {
        throw DecodeException.malformed(Codec.SNAPPY, "length " + length);
      }
      if (length > bytesMax) {
        throw DecodeException.tooLarge(bytesMax);
      }
      var array = arrays.take(length);
      int written = snappy.decompress(in.sharedArray(), in.offset(), in.length(), array, 0, length);
      if (written != length) {
        throw DecodeException.malformed(Codec.SNAPPY, "unexpected end");
      }
      return Bytes.wrap(array, 0, length);
    } catch (MalformedInputException | IndexOutOfBoundsException e) {
      throw DecodeException.malformed(Codec.SNAPPY, String.valueOf(e.getMessage()));
    }
  }

  private static void drain(InputStream in, Output out) throws IOException {
    int read = 0;
    while (read >= 0) {
      out.wrote(read);
      int room = out.room();
      read = in.read(out.array, out.size, room);
    }
  }

  private static InputStream input(Bytes in) {
    return new ByteArrayInputStream(in.sharedArray(), in.offset(), in.length());
  }
}

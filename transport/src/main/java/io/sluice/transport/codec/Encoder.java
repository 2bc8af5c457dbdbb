package io.sluice.transport.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.airlift.compress.v3.snappy.SnappyCompressor;
import io.airlift.compress.v3.snappy.SnappyFramedOutputStream;
import io.airlift.compress.v3.snappy.SnappyJavaCompressor;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalInt;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Compresses whole bodies by one codec at one level. Confined to one thread.
public sealed interface Encoder extends AutoCloseable {
  Codec codec();

  Bytes encode(Rope in);

  @Override
  default void close() {}

  /// An encoder of its own for each caller.
  ///
  /// @param level in the codec's own numbers; empty for the fast one, which is what a relay wants
  static Encoder of(Codec codec, OptionalInt level) {
    return switch (codec) {
      case GZIP -> new Deflating(codec, level.orElse(Deflater.BEST_SPEED));
      case ZLIB -> new Deflating(codec, level.orElse(Deflater.BEST_SPEED));
      case ZSTD -> new Zstandard(level.orElse(1));
      case SNAPPY -> new Snappy();
      case SNAPPY_FRAMED -> new SnappyFramed();
      case LZ4 -> new Lz4();
    };
  }

  final class Deflating implements Encoder {
    private static final int HUFFMAN_ONLY = -2;

    /// So much goes into zlib's window before it begins to move it and all it remembers of it, which
    /// is a tenth of what its fastest level costs. Beginning anew instead takes 3 % more bytes.
    private static final int RUN_BYTES = 65_000;

    private final Codec codec;
    private final Deflater deflater;

    /// After so many bytes of input the compressor begins anew, in the same stream.
    private final int runBytes;

    private final CRC32 crc = new CRC32();

    private Deflating(Codec codec, int level) {
      this.codec = codec;
      boolean huffmanOnly = level == HUFFMAN_ONLY;
      boolean inRuns = codec == Codec.GZIP && level == Deflater.BEST_SPEED;
      runBytes = inRuns ? RUN_BYTES : Integer.MAX_VALUE;
      deflater =
          new Deflater(huffmanOnly ? Deflater.DEFAULT_COMPRESSION : level, codec == Codec.GZIP);
      if (huffmanOnly) {
        deflater.setStrategy(Deflater.HUFFMAN_ONLY);
      }
    }

    @Override
    public Codec codec() {
      return codec;
    }

    @Override
    public Bytes encode(Rope in) {
      var out = Output.unbounded(Math.max(256, in.length() / 4));
      if (codec == Codec.GZIP) {
        out.write(GzipHeader.PLAIN, 0, GzipHeader.PLAIN.length);
      }
      deflate(in, out);
      if (codec == Codec.GZIP) {
        crc.reset();
        in.parts().forEach(part -> crc.update(part.buffer()));
        out.writeInt((int) crc.getValue());
        out.writeInt(in.length());
      }
      return out.take();
    }

    private void deflate(Rope in, Output out) {
      deflater.reset();
      int left = runBytes;
      for (var part : in.parts()) {
        for (int at = 0; at < part.length(); ) {
          if (left == 0) {
            flush(out);
            deflater.reset();
            left = runBytes;
          }
          int length = Math.min(left, part.length() - at);
          deflater.setInput(part.sharedArray(), part.offset() + at, length);
          while (!deflater.needsInput()) {
            step(out);
          }
          at += length;
          left -= length;
        }
      }
      deflater.finish();
      while (!deflater.finished()) {
        step(out);
      }
    }

    /// Ends the run on a byte, so that the next can be put behind it.
    private void flush(Output out) {
      int room;
      int written;
      do {
        room = out.room();
        written = deflater.deflate(out.array, out.size, room, Deflater.SYNC_FLUSH);
        out.wrote(written);
      } while (written == room);
    }

    private void step(Output out) {
      int room = out.room();
      out.wrote(deflater.deflate(out.array, out.size, room));
    }

    @Override
    public void close() {
      deflater.end();
    }
  }

  final class Zstandard implements Encoder {
    /// A larger one is not kept for the next body.
    private static final int SCRATCH_BYTES_MAX = 1 << 20;

    private final ZstdCompressCtx context;
    private byte[] scratch = new byte[0];

    private Zstandard(int level) {
      context = new ZstdCompressCtx().setLevel(level);
    }

    @Override
    public Codec codec() {
      return Codec.ZSTD;
    }

    @Override
    public Bytes encode(Rope in) {
      var flat = in.flatten();
      var target = target((int) Zstd.compressBound(flat.length()));
      int size =
          context.compressByteArray(
              target, 0, target.length, flat.sharedArray(), flat.offset(), flat.length());
      return Bytes.copyOf(target, 0, size);
    }

    private byte[] target(int bytes) {
      if (bytes <= scratch.length) {
        return scratch;
      }
      var larger = new byte[bytes];
      if (bytes <= SCRATCH_BYTES_MAX) {
        scratch = larger;
      }
      return larger;
    }

    @Override
    public void close() {
      context.close();
    }
  }

  final class Snappy implements Encoder {
    private final SnappyCompressor compressor = new SnappyJavaCompressor();

    private Snappy() {}

    @Override
    public Codec codec() {
      return Codec.SNAPPY;
    }

    @Override
    public Bytes encode(Rope in) {
      var flat = in.flatten();
      var target = new byte[compressor.maxCompressedLength(flat.length())];
      int size =
          compressor.compress(
              flat.sharedArray(), flat.offset(), flat.length(), target, 0, target.length);
      return Bytes.copyOf(target, 0, size);
    }
  }

  final class SnappyFramed implements Encoder {
    private final SnappyCompressor compressor = new SnappyJavaCompressor();

    private SnappyFramed() {}

    @Override
    public Codec codec() {
      return Codec.SNAPPY_FRAMED;
    }

    @Override
    public Bytes encode(Rope in) {
      var buffer = new ByteArrayOutputStream(Math.max(256, in.length() / 2));
      try (var out = new SnappyFramedOutputStream(compressor, buffer)) {
        in.writeTo(out);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return Bytes.wrap(buffer.toByteArray());
    }
  }

  final class Lz4 implements Encoder {
    private final Lz4Frames frames = new Lz4Frames();

    private Lz4() {}

    @Override
    public Codec codec() {
      return Codec.LZ4;
    }

    @Override
    public Bytes encode(Rope in) {
      return frames.encode(in.flatten());
    }
  }
}

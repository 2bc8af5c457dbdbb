package io.sluice.transport.grpc;

import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/// Encodings that grpc announces and marks, but whose bytes it leaves alone: both ends compress and
/// decompress for themselves. So a receiver bounds what it inflates and keeps the compressed form, and
/// an exporter sends on a form it has.
public final class WireCompression {
  private static final List<String> ENCODINGS = List.of("gzip", "zstd", "snappy");

  private WireCompression() {}

  public static DecompressorRegistry decompressors() {
    var registry = DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false);
    for (var encoding : ENCODINGS) {
      registry = registry.with(new AsIs(encoding), true);
    }
    return registry;
  }

  public static CompressorRegistry compressors() {
    var registry = CompressorRegistry.newEmptyInstance();
    registry.register(Codec.Identity.NONE);
    for (var encoding : ENCODINGS) {
      registry.register(new AsIs(encoding));
    }
    return registry;
  }

  private record AsIs(String encoding) implements Decompressor, Compressor {
    @Override
    public String getMessageEncoding() {
      return encoding;
    }

    @Override
    public InputStream decompress(InputStream in) {
      return in;
    }

    @Override
    public OutputStream compress(OutputStream out) {
      return out;
    }
  }
}

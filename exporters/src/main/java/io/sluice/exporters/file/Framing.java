package io.sluice.exporters.file;

import com.github.luben.zstd.Zstd;
import io.sluice.data.OtlpJson;
import io.sluice.data.Signal;
import io.sluice.wire.Rope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A batch as the bytes that go to the file.
///
/// ```
///  json, not compressed:  object '\n'
///  all others:            length (4 bytes, big-endian) | bytes
/// ```
final class Framing {
  private static final int LENGTH_BYTES = 4;

  private final FileConfig config;

  Framing(FileConfig config) {
    this.config = config;
  }

  byte[] of(Signal signal, Rope otlp) throws IOException {
    var out = new ByteArrayOutputStream(otlp.length() + 64);
    boolean json = config.format() == FileConfig.Format.JSON;
    if (json) {
      OtlpJson.encode(signal, otlp, out);
    } else {
      otlp.writeTo(out);
    }
    if (json && !config.compressed()) {
      out.write('\n');
      return out.toByteArray();
    }
    var message = out.toByteArray();
    return prefixed(
        config.compressed()
            ? Zstd.compress(message, config.compressionParams().levelOrDefault())
            : message);
  }

  private static byte[] prefixed(byte[] message) {
    return ByteBuffer.allocate(LENGTH_BYTES + message.length)
        .putInt(message.length)
        .put(message)
        .array();
  }
}

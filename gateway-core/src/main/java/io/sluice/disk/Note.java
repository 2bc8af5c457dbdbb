package io.sluice.disk;

import io.sluice.wire.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A small file beside the segments, replaced as a whole. Nothing in a log depends on it.
final class Note {
  private Note() {}

  static Bytes read(Files files, String name) throws IOException {
    try (var file = files.open(name)) {
      var content = new byte[Math.toIntExact(file.size())];
      int length = Scan.read(file, ByteBuffer.wrap(content), 0);
      return Bytes.wrap(content, 0, length);
    }
  }

  static void write(Files files, String name, Bytes content) throws IOException {
    var aside = name + Segments.ASIDE;
    files.delete(aside);
    try (var file = files.create(aside)) {
      Segments.writeFully(file, content.buffer(), 0);
      file.force();
    }
    files.rename(aside, name);
    files.forceDirectory();
  }
}

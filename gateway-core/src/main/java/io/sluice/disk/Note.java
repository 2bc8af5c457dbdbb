package io.sluice.disk;

import io.sluice.wire.Bytes;
import java.io.IOException;

/// A small file beside the segments, replaced as a whole. Nothing in a log depends on it.
final class Note {
  private Note() {}

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

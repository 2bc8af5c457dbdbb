package io.sluice.exporters.file;

import io.sluice.exporters.file.FileConfig.Rotation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One file that is written to, and its older siblings if it rotates.
///
/// With rotation, a file that is there already is continued, as the Collector does. A message that is
/// larger than the limit alone gets a file of its own.
final class OutputFile {
  private final Path path;
  private final Optional<Rotation> rotation;
  private final Backups backups;
  private @Nullable FileChannel channel;

  /// Where the last whole message ends.
  private long size;

  OutputFile(Path path, FileConfig config, InstantSource clock) {
    this.path = path;
    rotation = config.rotation();
    backups = new Backups(path, clock);
  }

  void open(boolean append) throws IOException {
    boolean keep = append || rotation.isPresent();
    var opened = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!keep) {
      opened.truncate(0);
    }
    size = opened.size();
    opened.position(size);
    channel = opened;
  }

  void append(byte[] message) throws IOException {
    if (rotation.isPresent() && size > 0 && size + message.length > rotation.get().bytesMax()) {
      rotate(rotation.get());
    }
    var out = open();
    try {
      var buffer = ByteBuffer.wrap(message);
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
      size += message.length;
    } catch (IOException e) {
      cutOff(out, e);
      throw e;
    }
  }

  private FileChannel open() throws IOException {
    var open = channel;
    if (open == null) {
      open(true);
      open = channel;
    }
    if (open == null) {
      throw new IOException(path + " is closed");
    }
    return open;
  }

  /// Removes what was written of a message that could not be written whole.
  private void cutOff(FileChannel out, IOException cause) {
    try {
      out.truncate(size);
      out.position(size);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private void rotate(Rotation limits) throws IOException {
    close();
    Files.move(path, backups.next(limits), StandardCopyOption.ATOMIC_MOVE);
    backups.prune(limits);
    open(false);
  }

  void close() throws IOException {
    var open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }
}

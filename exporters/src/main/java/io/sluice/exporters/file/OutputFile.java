package io.sluice.exporters.file;

import io.sluice.exporters.file.FileConfig.Rotation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One file that is written to, and its older siblings if it rotates.
///
/// With rotation, a file that is there already is continued, as the Collector does. A message that is
/// larger than the limit alone gets a file of its own.
///
/// All writes go to the end, wherever that is by then: after a reload the old and the new exporter may
/// write to one file for a while. For the same reason a file that was written since this process began
/// is continued and never emptied: its lines have been acknowledged.
final class OutputFile {
  private final Path path;
  private final Optional<Rotation> rotation;
  private final Backups backups;
  private final Instant processStart;
  private @Nullable FileChannel channel;

  OutputFile(Path path, FileConfig config, InstantSource clock, Instant processStart) {
    this.path = path;
    this.processStart = processStart;
    rotation = config.rotation();
    backups = new Backups(path, clock);
  }

  void open(boolean append) throws IOException {
    boolean keep = append || rotation.isPresent() || isOurs();
    var opened = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    if (!keep) {
      opened.truncate(0);
    }
    channel = opened;
  }

  /// File times are coarser than the clock, but no file is written that early in a process.
  private boolean isOurs() throws IOException {
    return Files.exists(path)
        && !Files.getLastModifiedTime(path).toInstant().isBefore(processStart);
  }

  void append(byte[] message) throws IOException {
    var out = open();
    long size = out.size();
    if (rotation.isPresent() && size > 0 && size + message.length > rotation.get().bytesMax()) {
      rotate(rotation.get());
      out = open();
      size = out.size();
    }
    var buffer = ByteBuffer.wrap(message);
    try {
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
    } catch (IOException e) {
      cutOff(out, size, buffer.position(), e);
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

  /// Removes what was written of a message that could not be written whole, unless somebody else has
  /// written too.
  private static void cutOff(FileChannel out, long size, long torn, IOException cause) {
    try {
      if (out.size() == size + torn) {
        out.truncate(size);
      }
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

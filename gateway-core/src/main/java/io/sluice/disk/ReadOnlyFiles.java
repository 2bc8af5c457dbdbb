package io.sluice.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// [Files] for whoever only looks: what a log would change stays as it is, and nobody is told. So a log can
/// be opened on a directory that another process has, or that cannot be written to, and be read.
public record ReadOnlyFiles(Path directory) implements Files {
  @Override
  public void make() {}

  @Override
  public Handle create(String name) {
    return new Nowhere();
  }

  @Override
  public Handle open(String name) throws IOException {
    return new Channel(FileChannel.open(directory.resolve(name), StandardOpenOption.READ));
  }

  @Override
  public void rename(String from, String to) {}

  @Override
  public void move(String name, Files folder) {}

  @Override
  public void delete(String name) {}

  @Override
  public void forceDirectory() {}

  /// A folder that is not there is one that nothing was put into yet.
  @Override
  public List<String> list() throws IOException {
    try (var entries = java.nio.file.Files.list(directory)) {
      return entries.map(path -> path.getFileName().toString()).toList();
    } catch (NoSuchFileException _) {
      return List.of();
    }
  }

  @Override
  public long freeBytes() throws IOException {
    return java.nio.file.Files.getFileStore(directory).getUsableSpace();
  }

  @Override
  public Files folder(String name) {
    return new ReadOnlyFiles(directory.resolve(name));
  }

  /// Readers keep nobody out.
  @Override
  public Closeable lock(String name) {
    return () -> {};
  }

  /// Whether a process has the directory open for writing.
  public boolean locked() throws IOException {
    var file = directory.resolve(SegmentLog.LOCK);
    if (!java.nio.file.Files.exists(file)) {
      return false;
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.tryLock(0, Long.MAX_VALUE, true) == null; // closing lets go of it
    } catch (OverlappingFileLockException _) { // by this very process
      return true;
    }
  }

  private record Channel(FileChannel channel) implements Handle {
    @Override
    public int write(ByteBuffer bytes, long at) {
      return skipped(bytes);
    }

    @Override
    public int read(ByteBuffer into, long at) throws IOException {
      return channel.read(into, at);
    }

    @Override
    public void force() {}

    @Override
    public void allocate(long bytes) {}

    @Override
    public void truncate(long bytes) {}

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException _) { // nothing was written
      }
    }
  }

  private static int skipped(ByteBuffer bytes) {
    int length = bytes.remaining();
    bytes.position(bytes.limit());
    return length;
  }

  /// A new file that is never there.
  private static final class Nowhere implements Handle {
    @Override
    public int write(ByteBuffer bytes, long at) {
      return skipped(bytes);
    }

    @Override
    public int read(ByteBuffer into, long at) {
      return -1;
    }

    @Override
    public void force() {}

    @Override
    public void allocate(long bytes) {}

    @Override
    public void truncate(long bytes) {}

    @Override
    public long size() {
      return 0;
    }

    @Override
    public void close() {}
  }
}

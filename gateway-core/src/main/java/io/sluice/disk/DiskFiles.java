package io.sluice.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// [Files] on a real disk. Files are readable by their owner alone.
///
/// Not mapped: a mapped page that cannot be written is an error at an unrelated place. No thread that
/// calls this may be interrupted: an interrupt closes the channel for everybody.
///
/// @param durable false leaves it to the operating system when bytes reach the disk
public record DiskFiles(Path directory, Set<PosixFilePermission> permissions, boolean durable)
    implements Files {
  private static final Set<PosixFilePermission> OF_FILES =
      PosixFilePermissions.fromString("rw-------");

  /// By this process: the system lets go of a lock when any handle of its file is closed, so a second one must
  /// not even be opened.
  private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

  /// The JDK copies what lies on the heap through direct memory that it keeps for each thread.
  private static final int CHUNK_BYTES = 256 << 10;

  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(CHUNK_BYTES).asReadOnlyBuffer();

  public DiskFiles {
    permissions = Set.copyOf(permissions);
  }

  public static DiskFiles in(Path directory) {
    return new DiskFiles(directory, PosixFilePermissions.fromString("rwx------"), true);
  }

  @Override
  public void make() throws IOException {
    if (!java.nio.file.Files.isDirectory(directory)) {
      var parent = directory.toAbsolutePath().getParent();
      if (parent != null) {
        new DiskFiles(parent, permissions, durable).make();
      }
      var attribute = PosixFilePermissions.asFileAttribute(permissions);
      java.nio.file.Files.createDirectory(directory, attribute);
      java.nio.file.Files.setPosixFilePermissions(directory, permissions);
      if (parent != null) {
        force(parent);
      }
    }
  }

  @Override
  public Handle create(String name) throws IOException {
    return new Channel(
        FileChannel.open(
            directory.resolve(name),
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OF_FILES)),
        durable);
  }

  @Override
  public Handle open(String name) throws IOException {
    return new Channel(
        FileChannel.open(
            directory.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE),
        durable);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    java.nio.file.Files.move(
        directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void move(String name, Files folder) throws IOException {
    if (folder instanceof DiskFiles target) {
      java.nio.file.Files.move(
          directory.resolve(name), target.directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      target.forceDirectory();
      forceDirectory();
    }
  }

  @Override
  public void delete(String name) throws IOException {
    java.nio.file.Files.deleteIfExists(directory.resolve(name));
  }

  @Override
  public void forceDirectory() throws IOException {
    force(directory);
  }

  private void force(Path path) throws IOException {
    if (durable) {
      try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  @Override
  public List<String> list() throws IOException {
    try (var entries = java.nio.file.Files.list(directory)) {
      return entries.map(path -> path.getFileName().toString()).toList();
    }
  }

  @Override
  public long freeBytes() throws IOException {
    return java.nio.file.Files.getFileStore(directory).getUsableSpace();
  }

  @Override
  public Files folder(String name) {
    return new DiskFiles(directory.resolve(name), permissions, durable);
  }

  @Override
  public @Nullable Closeable lock(String name) throws IOException {
    var file = directory.toRealPath().resolve(name);
    if (!LOCKED.add(file)) {
      return null;
    }
    var channel = locked(file);
    if (channel == null) {
      LOCKED.remove(file);
      return null;
    }
    return () -> {
      channel.close();
      LOCKED.remove(file);
    };
  }

  private static @Nullable FileChannel locked(Path file) throws IOException {
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(OF_FILES));
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (IOException | RuntimeException e) {
      LOCKED.remove(file);
      if (channel != null) {
        channel.close();
      }
      throw e;
    }
    channel.close();
    return null;
  }

  private record Channel(FileChannel channel, boolean durable) implements Handle {
    @Override
    public int write(ByteBuffer bytes, long at) throws IOException {
      int some = Math.min(bytes.remaining(), CHUNK_BYTES);
      int written = channel.write(bytes.slice(bytes.position(), some), at);
      bytes.position(bytes.position() + written);
      return written;
    }

    @Override
    public int read(ByteBuffer into, long at) throws IOException {
      int some = Math.min(into.remaining(), CHUNK_BYTES);
      int read = channel.read(into.slice(into.position(), some), at);
      into.position(into.position() + Math.max(0, read));
      return read;
    }

    @Override
    public void force() throws IOException {
      if (durable) {
        channel.force(false);
      }
    }

    @Override
    public void allocate(long bytes) throws IOException {
      long size = channel.size();
      while (size < bytes) {
        var zeros = ZEROS.duplicate();
        zeros.limit((int) Math.min(CHUNK_BYTES, bytes - size));
        size += channel.write(zeros, size);
      }
    }

    @Override
    public void truncate(long bytes) throws IOException {
      channel.truncate(bytes);
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException _) { // what matters was forced before
      }
    }
  }
}

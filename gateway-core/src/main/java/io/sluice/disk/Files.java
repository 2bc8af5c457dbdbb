package io.sluice.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One directory, and all that a log does to it. Names are those of entries of this directory.
///
/// Nothing is promised about what survives a crash but this: the bytes of a file that were there when
/// [Handle#force] returned, and the entries that were there when [#forceDirectory] did.
public interface Files {
  /// Makes the directory if it is not there, itself on stable storage.
  void make() throws IOException;

  /// A new file.
  ///
  /// @throws IOException also if there is one of this name
  Handle create(String name) throws IOException;

  Handle open(String name) throws IOException;

  /// Replaces an entry of the new name.
  void rename(String from, String to) throws IOException;

  /// To a folder of this directory.
  void move(String name, Files folder) throws IOException;

  /// Does nothing if it is not there.
  void delete(String name) throws IOException;

  void forceDirectory() throws IOException;

  /// All entries, in no order.
  List<String> list() throws IOException;

  /// What may still be written on this disk.
  long freeBytes() throws IOException;

  /// A directory in this one; [#make] makes it.
  Files folder(String name);

  /// Holds the directory for this process until the lock is closed or the process ends. Null if another
  /// has it.
  @Nullable Closeable lock(String name) throws IOException;

  /// An open file. Several may be open on one file; each is used by one thread at a time.
  interface Handle extends AutoCloseable {
    /// Writes some of the bytes and says how many.
    int write(ByteBuffer bytes, long at) throws IOException;

    /// Reads some bytes and says how many; -1 at the end of the file.
    int read(ByteBuffer into, long at) throws IOException;

    /// What was written is on stable storage when this returns. After a failure nothing is known of any
    /// byte that was written since the last success, and another call does not help.
    void force() throws IOException;

    /// Makes the file at least this long and takes the room on disk for it, so that later writes inside
    /// do not run out of it.
    void allocate(long bytes) throws IOException;

    void truncate(long bytes) throws IOException;

    long size() throws IOException;

    /// Never fails: what matters was forced before.
    @Override
    void close();
  }
}

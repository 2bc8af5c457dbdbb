package io.sluice.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A disk that does all that a disk may do. What was not forced is lost, or not, sector by sector, when the
/// power goes; entries of a directory that was not forced are old or new; a sync that fails forgets what it
/// was for and succeeds the next time; a write may be short, and there may be no room; a read may fail once,
/// and a sector may never be read again until all of it is written.
final class SimulatedFiles implements Files {
  static final int SECTOR = 512;

  /// In a row, where nothing is wrong with the sector.
  private static final int READ_FAILURES_MAX = 4;

  /// The power is gone; nothing may catch this but the model.
  static final class Crash extends Error {
    private static final long serialVersionUID = 1;
  }

  /// What goes wrong, in one of so many calls; 0 for never.
  static final class Faults {
    int crashAfterCalls = -1;
    int writeFails;
    int forceFails;
    int directoryForceFails;
    int renameFails;
    int readFails;
    int shortWrites;

    /// What was free is not any more when it is asked for.
    int othersFillIt;

    long capacity = Long.MAX_VALUE;

    /// Sabotage, to see whether anybody notices.
    boolean forceLies;

    boolean directoryForceLies;

    long calls;
    int crashed;
    int failedForces;
    int failedWrites;
    int full;
    int unreadable;
  }

  /// A file without a name.
  private static final class Inode {
    byte[] now = new byte[0];
    byte[] durable = new byte[0];

    /// Sectors that were written since the last force.
    final TreeSet<Integer> dirty = new TreeSet<>();

    /// Sectors that cannot be read.
    final TreeSet<Integer> bad = new TreeSet<>();
  }

  private sealed interface Change {
    record Put(String name, Inode inode) implements Change {}

    record Move(String from, String to, Inode inode) implements Change {}

    record Gone(String name) implements Change {}
  }

  private final Faults faults;
  private final RandomGenerator random;
  private final Map<String, Inode> entries = new TreeMap<>();
  private Map<String, Inode> durableEntries = new TreeMap<>();
  private final List<Change> changes = new ArrayList<>();
  private final Map<String, SimulatedFiles> folders = new LinkedHashMap<>();
  private boolean locked;
  private int readFailures;

  SimulatedFiles(Faults faults, RandomGenerator random) {
    this.faults = faults;
    this.random = random;
  }

  private void call() {
    faults.calls++;
    if (faults.crashAfterCalls >= 0 && faults.crashAfterCalls-- == 0) {
      faults.crashed++;
      throw new Crash();
    }
  }

  private boolean oneIn(int calls) {
    return calls > 0 && random.nextInt(calls) == 0;
  }

  /// What is there when the power comes back. Each change that was not forced has happened or not.
  void crash() {
    locked = false;
    folders.values().forEach(SimulatedFiles::crash);
    for (var change : changes) {
      if (random.nextBoolean()) {
        apply(change, durableEntries);
      }
    }
    changes.clear();
    entries.clear();
    entries.putAll(durableEntries);
    for (var inode : new LinkedHashSet<>(entries.values())) {
      lose(inode);
    }
  }

  /// The process is gone, the machine is not.
  void kill() {
    locked = false;
    folders.values().forEach(SimulatedFiles::kill);
  }

  private void lose(Inode inode) {
    var kept = inode.durable.clone();
    for (int sector : inode.dirty) {
      int from = sector * SECTOR;
      int to = Math.min(from + SECTOR, inode.now.length);
      if (from < to && random.nextBoolean()) {
        if (oneIn(8)) {
          to = from + random.nextInt(to - from); // torn inside
        }
        kept = kept.length < to ? Arrays.copyOf(kept, to) : kept;
        System.arraycopy(inode.now, from, kept, from, to - from);
      }
    }
    if (inode.now.length < inode.durable.length && random.nextBoolean()) {
      kept = Arrays.copyOf(kept, Math.min(kept.length, inode.now.length)); // a truncation
    }
    inode.now = kept;
    inode.durable = kept.clone();
    inode.dirty.clear();
  }

  private static void apply(Change change, Map<String, Inode> directory) {
    switch (change) {
      case Change.Put(var name, var inode) -> directory.put(name, inode);
      case Change.Move(var from, var to, var inode) -> {
        if (directory.get(from) == inode) {
          directory.remove(from);
        }
        directory.put(to, inode);
      }
      case Change.Gone(var name) -> directory.remove(name);
    }
  }

  private void change(Change change) {
    apply(change, entries);
    changes.add(change);
  }

  private Inode inode(String name) throws IOException {
    var inode = entries.get(name);
    if (inode == null) {
      throw new NoSuchFileException(name);
    }
    return inode;
  }

  /// The content of a file, to damage it.
  byte @Nullable [] content(String name) {
    var inode = entries.get(name);
    return inode == null ? null : inode.now;
  }

  void damage(String name, int at, int bits) {
    var inode = entries.get(name);
    if (inode != null) {
      inode.now[at] ^= (byte) bits;
      if (at < inode.durable.length) {
        inode.durable[at] ^= (byte) bits;
      }
    }
  }

  /// From now on the sectors that hold these bytes cannot be read.
  void spoil(String name, int from, int to) {
    var inode = entries.get(name);
    if (inode != null) {
      for (int sector = from / SECTOR; sector * SECTOR < to; sector++) {
        inode.bad.add(sector);
      }
    }
  }

  /// All of it can be read again.
  void heal(String name) {
    var inode = entries.get(name);
    if (inode != null) {
      inode.bad.clear();
    }
  }

  /// Somebody cuts a file short.
  void cut(String name, int length) {
    var inode = entries.get(name);
    if (inode != null && length < inode.now.length) {
      inode.now = Arrays.copyOf(inode.now, length);
      inode.durable = Arrays.copyOf(inode.durable, Math.min(length, inode.durable.length));
      inode.bad.removeIf(sector -> sector * SECTOR >= length);
    }
  }

  private long used() {
    long used = entries.values().stream().mapToLong(inode -> inode.now.length).sum();
    return used + folders.values().stream().mapToLong(SimulatedFiles::used).sum();
  }

  @Override
  public void make() {}

  @Override
  public Handle create(String name) throws IOException {
    call();
    if (entries.containsKey(name)) {
      throw new FileAlreadyExistsException(name);
    }
    var inode = new Inode();
    change(new Change.Put(name, inode));
    return new Open(inode);
  }

  @Override
  public Handle open(String name) throws IOException {
    call();
    return new Open(inode(name));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    call();
    var inode = inode(from);
    if (oneIn(faults.renameFails)) {
      throw new IOException("Input/output error");
    }
    change(new Change.Move(from, to, inode));
  }

  @Override
  public void move(String name, Files folder) throws IOException {
    call();
    var inode = inode(name);
    ((SimulatedFiles) folder).change(new Change.Put(name, inode));
    change(new Change.Gone(name));
  }

  @Override
  public void delete(String name) {
    call();
    if (entries.containsKey(name)) {
      change(new Change.Gone(name));
    }
  }

  @Override
  public void forceDirectory() throws IOException {
    call();
    if (oneIn(faults.directoryForceFails)) {
      throw new IOException("Input/output error");
    }
    if (!faults.directoryForceLies) {
      changes.clear();
      durableEntries = new TreeMap<>(entries);
    }
  }

  @Override
  public List<String> list() {
    call();
    return List.copyOf(entries.keySet());
  }

  @Override
  public long freeBytes() {
    return faults.capacity == Long.MAX_VALUE || oneIn(faults.othersFillIt)
        ? Long.MAX_VALUE
        : faults.capacity - used();
  }

  @Override
  public Files folder(String name) {
    return folders.computeIfAbsent(name, _ -> new SimulatedFiles(faults, random));
  }

  @Override
  public @Nullable Closeable lock(String name) {
    if (locked) {
      return null;
    }
    locked = true;
    return () -> locked = false;
  }

  private final class Open implements Handle {
    private final Inode inode;

    Open(Inode inode) {
      this.inode = inode;
    }

    @Override
    public int write(ByteBuffer bytes, long at) throws IOException {
      call();
      int length = bytes.remaining();
      if (spoilt(at) || spoilt(at + length)) {
        faults.failedWrites++;
        throw new IOException("Input/output error");
      }
      if (oneIn(faults.shortWrites)) {
        length = Math.max(1, length / 2);
      }
      if (oneIn(faults.writeFails)) {
        faults.failedWrites++;
        put(bytes, Math.toIntExact(at), length / 2);
        throw new IOException("Input/output error");
      }
      long more = Math.max(0, at + length - inode.now.length);
      if (more > 0 && used() + more > faults.capacity) {
        faults.full++;
        throw new IOException("No space left on device");
      }
      put(bytes, Math.toIntExact(at), length);
      return length;
    }

    private void put(ByteBuffer bytes, int at, int length) {
      if (length == 0) {
        return;
      }
      if (inode.now.length < at + length) {
        inode.now = Arrays.copyOf(inode.now, at + length);
      }
      bytes.get(inode.now, at, length);
      for (int sector = at / SECTOR; sector <= (at + length - 1) / SECTOR; sector++) {
        inode.dirty.add(sector);
        inode.bad.remove(sector);
      }
    }

    /// Whether only a part of a sector would be written that cannot be read.
    private boolean spoilt(long edge) {
      return edge % SECTOR != 0 && inode.bad.contains((int) (edge / SECTOR));
    }

    @Override
    public int read(ByteBuffer into, long at) throws IOException {
      if (oneIn(faults.readFails) && ++readFailures < READ_FAILURES_MAX) {
        throw new IOException("Input/output error");
      }
      readFailures = 0;
      int length = (int) Math.min(into.remaining(), inode.now.length - at);
      if (length <= 0) {
        return -1;
      }
      length = readable((int) at, length);
      into.put(inode.now, (int) at, length);
      return length;
    }

    /// Up to the first bad sector, or nothing at all.
    private int readable(int at, int length) throws IOException {
      var bad = inode.bad.ceiling(at / SECTOR);
      if (bad == null || bad * SECTOR >= at + length) {
        return length;
      }
      if (bad * SECTOR <= at || random.nextBoolean()) {
        faults.unreadable++;
        throw new IOException("Input/output error");
      }
      return bad * SECTOR - at;
    }

    @Override
    public void force() throws IOException {
      call();
      if (oneIn(faults.forceFails)) {
        faults.failedForces++;
        inode.dirty.clear(); // the kernel calls them clean
        throw new IOException("Input/output error");
      }
      if (!faults.forceLies) {
        for (int sector : inode.dirty) {
          int from = sector * SECTOR;
          int to = Math.min(from + SECTOR, inode.now.length);
          if (inode.durable.length < to) {
            inode.durable = Arrays.copyOf(inode.durable, to);
          }
          if (from < to) {
            System.arraycopy(inode.now, from, inode.durable, from, to - from);
          }
        }
        if (inode.durable.length != inode.now.length) {
          inode.durable = Arrays.copyOf(inode.durable, inode.now.length);
        }
      }
      inode.dirty.clear();
    }

    @Override
    public void allocate(long bytes) throws IOException {
      call();
      if (inode.now.length < bytes) {
        if (used() + bytes - inode.now.length > faults.capacity) {
          faults.full++;
          throw new IOException("No space left on device");
        }
        inode.now = Arrays.copyOf(inode.now, Math.toIntExact(bytes));
      }
    }

    @Override
    public void truncate(long bytes) {
      call();
      if (inode.now.length > bytes) {
        inode.now = Arrays.copyOf(inode.now, Math.toIntExact(bytes));
        inode.dirty.removeIf(sector -> sector * SECTOR >= bytes);
        inode.bad.removeIf(sector -> sector * SECTOR >= bytes);
      }
    }

    @Override
    public long size() {
      return inode.now.length;
    }

    @Override
    public void close() {}
  }
}

package io.sluice.wire;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/// Large arrays to be used again, so that requests of hundreds of kilobytes neither have to be zeroed
/// by the allocator nor copied by the garbage collector, nor make the heap grow until it collects.
///
/// What is taken may be longer than asked for and holds what was in it. Giving back is voluntary:
/// whoever is not certain that nobody reads an array any more leaves it to the collector. An array that
/// was given back is somebody else's at once; a pool made [#poisoned] overwrites it, so that a reader who
/// came too late is found by any test.
///
/// Sizes are powers of two and three steps between, so at most a quarter is wasted. Safe on any thread.
public final class ArrayPool {
  /// Smaller ones die young and are cheap.
  public static final int LENGTH_MIN = 16 << 10;

  /// Larger ones are rare.
  public static final int LENGTH_MAX = 16 << 20;

  private static final int STEPS_LOG = 2;
  private static final byte POISON = (byte) 0xDB;

  private final long bytesMax;
  private final boolean poison;
  private final Shelf[] shelves = new Shelf[classOf(LENGTH_MAX) + 1];
  private long bytes;

  private static final class Shelf {
    final Deque<byte[]> arrays = new ArrayDeque<>();

    /// The fewest that lay here since the last [#trim].
    int idle;
  }

  private ArrayPool(long bytesMax, boolean poison) {
    this.bytesMax = bytesMax;
    this.poison = poison;
    Arrays.setAll(shelves, _ -> new Shelf());
  }

  /// @param bytesMax that lie unused at most
  public static ArrayPool of(long bytesMax) {
    return new ArrayPool(bytesMax, false);
  }

  /// Overwrites what is given back.
  public static ArrayPool poisoned(long bytesMax) {
    return new ArrayPool(bytesMax, true);
  }

  /// Keeps nothing.
  public static ArrayPool none() {
    return of(0);
  }

  /// An array of at least this length.
  public byte[] take(int length) {
    if (length < LENGTH_MIN || length > LENGTH_MAX) {
      return new byte[length];
    }
    int size = classOf(length);
    synchronized (this) {
      var shelf = shelves[size];
      var array = shelf.arrays.pollLast();
      if (array != null) {
        bytes -= array.length;
        shelf.idle = Math.min(shelf.idle, shelf.arrays.size());
        return array;
      }
    }
    return new byte[bytesMax == 0 ? length : lengthOf(size)];
  }

  /// Nobody reads or writes this array any more. One that is not of ours is left to the collector.
  public void giveBack(byte[] array) {
    if (array.length < LENGTH_MIN || array.length > LENGTH_MAX) {
      return;
    }
    int size = classOf(array.length);
    if (lengthOf(size) != array.length) {
      return;
    }
    if (poison) {
      Arrays.fill(array, POISON);
    }
    synchronized (this) {
      if (bytes + array.length <= bytesMax) {
        bytes += array.length;
        shelves[size].arrays.addLast(array);
      }
    }
  }

  /// Lets go of what was not needed since the last call.
  public synchronized void trim() {
    for (var shelf : shelves) {
      for (; shelf.idle > 0 && !shelf.arrays.isEmpty(); shelf.idle--) {
        bytes -= shelf.arrays.removeFirst().length;
      }
      shelf.idle = shelf.arrays.size();
    }
  }

  /// That lie unused at present.
  public synchronized long bytes() {
    return bytes;
  }

  /// The smallest class that has room for so many.
  private static int classOf(int length) {
    int log = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(length - 1);
    int step = (length - 1) >> (log - STEPS_LOG);
    return ((log - 13) << STEPS_LOG) + (step & 3);
  }

  private static int lengthOf(int size) {
    int log = (size >> STEPS_LOG) + 13;
    return (5 + (size & 3)) << (log - STEPS_LOG);
  }
}

package io.sluice.transport.codec;

import io.sluice.wire.ArrayPool;
import io.sluice.wire.Bytes;

/// A growing array with an end. May hold one byte more than allowed, which is how an overrun shows.
final class Output {
  private static final int CAPACITY_MIN = 1024;

  private final int bytesMax;
  private final ArrayPool arrays;
  byte[] array;
  int size;

  private Output(int capacity, int bytesMax, ArrayPool arrays) {
    this.arrays = arrays;
    this.array = arrays.take(capacity);
    this.bytesMax = bytesMax;
  }

  /// Growth is by what was really written, so the first size is the only guess.
  static Output ofGuess(long capacity, int bytesMax, ArrayPool arrays) {
    long guess = Math.max(CAPACITY_MIN, capacity);
    return new Output((int) Math.min(guess, capacityMax(bytesMax)), bytesMax, arrays);
  }

  static Output unbounded(int capacity) {
    return new Output(capacity, Integer.MAX_VALUE - 16, ArrayPool.none());
  }

  /// Free bytes, at least one. May replace the array, so it is to be asked before that is looked at.
  int room() {
    if (size == array.length) {
      ensure(1);
    }
    return array.length - size;
  }

  void ensure(int more) {
    long needed = (long) size + more;
    if (needed > capacityMax(bytesMax)) {
      throw DecodeException.tooLarge(bytesMax);
    }
    if (needed > array.length) {
      long doubled = Math.max(needed, array.length * 2L);
      move((int) Math.min(doubled, capacityMax(bytesMax)));
    }
  }

  void wrote(int bytes) {
    size += bytes;
    if (size > bytesMax) {
      throw DecodeException.tooLarge(bytesMax);
    }
  }

  void write(byte[] source, int from, int length) {
    ensure(length);
    System.arraycopy(source, from, array, size, length);
    wrote(length);
  }

  void write(int b) {
    ensure(1);
    array[size] = (byte) b;
    wrote(1);
  }

  /// Little-endian.
  void writeInt(int value) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      write(value >>> shift);
    }
  }

  /// What was written. Copied if that saves more than a quarter: the bytes may live long.
  Bytes take() {
    if (size < array.length - array.length / 4) {
      move(size);
    }
    return Bytes.wrap(array, 0, size);
  }

  private void move(int capacity) {
    var other = arrays.take(capacity);
    System.arraycopy(array, 0, other, 0, size);
    arrays.giveBack(array);
    array = other;
  }

  private static long capacityMax(int bytesMax) {
    return bytesMax + 1L;
  }
}

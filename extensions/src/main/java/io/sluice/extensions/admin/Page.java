package io.sluice.extensions.admin;

import io.sluice.data.Lease;
import io.sluice.wire.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// The body of an answer while it is written. What it takes is charged before it takes it, twice: once for
/// itself and once for the copy that the transport holds until it has been read.
final class Page extends OutputStream {
  private static final int BYTES_MIN = 4 << 10;
  private static final int COPIES = 2;

  private final LongFunction<@Nullable Lease> room;
  private final List<Lease> leases = new ArrayList<>();
  private byte[] array = {};
  private int length;

  /// There is no room in memory for more.
  static final class FullException extends IOException {
    private static final long serialVersionUID = 1;
  }

  /// @param room a lease on so many bytes, or null if there is no room for them now
  Page(LongFunction<@Nullable Lease> room) {
    this.room = room;
  }

  int length() {
    return length;
  }

  /// Takes back what was written behind that length.
  void cut(int length) {
    this.length = Math.min(length, this.length);
  }

  @Override
  public void write(int one) throws IOException {
    grow(1);
    array[length++] = (byte) one;
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    grow(count);
    System.arraycopy(bytes, from, array, length, count);
    length += count;
  }

  private void grow(int more) throws FullException {
    long wanted = (long) length + more;
    if (wanted <= array.length) {
      return;
    }
    long size =
        Math.clamp(
            Math.max(wanted, array.length + array.length / 2L), BYTES_MIN, Integer.MAX_VALUE - 8);
    var lease = wanted > size ? null : room.apply(COPIES * (size - array.length));
    if (lease == null) {
      throw new FullException();
    }
    leases.add(lease);
    array = Arrays.copyOf(array, (int) size);
  }

  /// All of it. Nothing may be written any more.
  Bytes content() {
    return Bytes.wrap(array, 0, length);
  }

  /// To be closed when the content has been sent.
  Lease lease() {
    return Lease.all(leases);
  }
}

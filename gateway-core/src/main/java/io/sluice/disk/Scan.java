package io.sluice.disk;

import io.sluice.wire.Bytes;
import io.sluice.wire.MalformedWireException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Walks the records of one segment, header by header; payloads are read when asked for.
///
/// Where no header stands, it searches on for the next one that belongs to this segment and comes later:
/// what lies between is damage. Confined to one thread.
final class Scan implements AutoCloseable {
  private static final int WINDOW_BYTES = 64 << 10;

  /// What a disk cannot read is a whole sector.
  private static final int SECTOR_BYTES = 512;

  private final Files.Handle file;
  private final SegmentHeader header;
  private final byte[] window;
  private long windowAt;
  private int windowLength;
  private long at;
  private long previous;
  private boolean tolerant;
  private long unreadableAt = -1;

  sealed interface Found {
    record Head(RecordHeader header, long at) implements Found {}

    /// @param from the first byte
    /// @param to behind the last
    /// @param missing the sequence that should stand here
    /// @param next the sequence behind it; unknown, and the highest there is, at the end
    record Damage(long from, long to, long missing, long next) implements Found {}

    record End() implements Found {}
  }

  sealed interface Content {
    record Whole(Envelope envelope, Bytes payload) implements Content {}

    record Damaged() implements Content {}

    /// The disk does not give its bytes, and that is to be taken for damage.
    record Unreadable() implements Content {}
  }

  Scan(Files.Handle file, SegmentHeader header) {
    this.file = file;
    this.header = header;
    window = new byte[WINDOW_BYTES];
    at = SegmentHeader.BYTES;
    previous = header.first() - 1;
  }

  long at() {
    return at;
  }

  long previous() {
    return previous;
  }

  /// @param end where records end at present
  Found next(long end) throws IOException {
    if (at >= end) {
      return new Found.End();
    }
    var here = headerAt(at, end);
    if (here != null) {
      return record(here);
    }
    return damage(end);
  }

  /// Behind damage that goes up to the end the scan stands still; a later end may make it a record.
  private Found damage(long end) throws IOException {
    long from = at;
    long missing = previous + 1;
    for (long probe = from + 1; probe + RecordHeader.BYTES <= end; ) {
      fill(probe, end);
      long magic = magicFrom(probe);
      if (magic < 0) {
        probe =
            windowLength < RecordHeader.BYTES
                ? nextSector(probe + windowLength)
                : windowAt + windowLength - RecordHeader.BYTES + 1;
        continue;
      }
      var found = headerAt(magic, end);
      if (found != null) {
        at = magic;
        return new Found.Damage(from, magic, missing, found.sequence());
      }
      probe = magic + 1;
    }
    at = end;
    return new Found.Damage(from, end, missing, Long.MAX_VALUE);
  }

  private Found record(RecordHeader found) {
    long start = at;
    previous = found.sequence();
    at += found.length();
    return new Found.Head(found, start);
  }

  /// Where the next magic is in the window; -1 if there is none that a whole header could follow.
  private long magicFrom(long probe) {
    var buffer = ByteBuffer.wrap(window, 0, windowLength);
    for (int i = (int) (probe - windowAt); i + RecordHeader.BYTES <= windowLength; i++) {
      if (buffer.getInt(i) == RecordHeader.MAGIC) {
        return windowAt + i;
      }
    }
    return -1;
  }

  private @Nullable RecordHeader headerAt(long position, long end) throws IOException {
    if (position + RecordHeader.BYTES > end) {
      return null;
    }
    fill(position, end);
    int offset = (int) (position - windowAt);
    if (windowLength - offset < RecordHeader.BYTES) {
      return null;
    }
    var found =
        RecordHeader.read(ByteBuffer.wrap(window, offset, RecordHeader.BYTES), header.salt());
    boolean belongs =
        found != null && found.sequence() > previous && position + found.length() <= end;
    return belongs ? found : null;
  }

  /// Makes the window hold a header's length from this position on, if the file does.
  private void fill(long position, long end) throws IOException {
    if (position >= windowAt && position + RecordHeader.BYTES <= windowAt + windowLength) {
      return;
    }
    windowLength = 0;
    windowAt = position;
    int wanted = (int) Math.min(WINDOW_BYTES, end - position);
    try {
      windowLength = Scan.read(file, ByteBuffer.wrap(window, 0, wanted), position);
    } catch (IOException e) {
      if (!tolerant) {
        throw e;
      }
      windowLength = readable(window, wanted, position);
    }
  }

  /// Reads up to the first sector that cannot be read; how much that was.
  private int readable(byte[] into, int wanted, long from) {
    int total = 0;
    while (total < wanted) {
      long position = from + total;
      int some = (int) Math.min(wanted - total, nextSector(position) - position);
      try {
        int read = Scan.read(file, ByteBuffer.wrap(into, total, some), position);
        total += read;
        if (read < some) {
          return total;
        }
      } catch (IOException _) {
        unreadable(position);
        return total;
      }
    }
    return total;
  }

  private void unreadable(long position) {
    if (unreadableAt < 0) {
      unreadableAt = position;
    }
  }

  private static long nextSector(long position) {
    return (position / SECTOR_BYTES + 1) * SECTOR_BYTES;
  }

  /// Where the first bytes were found that cannot be read; -1 if all could be.
  long unreadableAt() {
    return unreadableAt;
  }

  /// From now on bytes that cannot be read are damage.
  void tolerate() {
    tolerant = true;
  }

  Content content(Found.Head record) throws IOException {
    var head = record.header();
    int length = Math.toIntExact(head.length() - RecordHeader.BYTES);
    var body = new byte[length];
    try {
      if (read(file, ByteBuffer.wrap(body), record.at() + RecordHeader.BYTES) < length) {
        return new Content.Damaged();
      }
    } catch (IOException e) {
      if (!tolerant) {
        throw e;
      }
      unreadable(record.at());
      return new Content.Unreadable();
    }
    int trailerAt = length - RecordHeader.TRAILER_BYTES;
    if (ByteBuffer.wrap(body).getInt(trailerAt) != crc(head, body, trailerAt)) {
      return new Content.Damaged();
    }
    try {
      return new Content.Whole(
          Envelope.decode(Bytes.wrap(body, 0, head.envelopeLength())),
          Bytes.wrap(body, head.envelopeLength(), trailerAt));
    } catch (MalformedWireException _) {
      return new Content.Damaged();
    }
  }

  private int crc(RecordHeader head, byte[] body, int length) {
    var crc = new CRC32C();
    var bytes = ByteBuffer.allocate(RecordHeader.BYTES);
    head.write(bytes, header.salt());
    crc.update(bytes.flip());
    crc.update(body, 0, length);
    return (int) crc.getValue();
  }

  /// Copies bytes as they are. Zeros stand for those that cannot be read.
  void copy(long from, long to, Files.Handle into) throws IOException {
    var bytes = new byte[WINDOW_BYTES];
    long position = from;
    while (position < to) {
      int some = readable(bytes, (int) Math.min(WINDOW_BYTES, to - position), position);
      if (some == 0 && position >= file.size()) {
        return;
      }
      Segments.writeFully(into, ByteBuffer.wrap(bytes, 0, some), position - from);
      position = some == 0 ? nextSector(position) : position + some;
    }
  }

  /// Reads until the buffer is full or the file ends; how much that was.
  static int read(Files.Handle file, ByteBuffer into, long at) throws IOException {
    long position = at;
    int total = 0;
    while (into.hasRemaining()) {
      int read = file.read(into, position);
      if (read <= 0) {
        break;
      }
      position += read;
      total += read;
    }
    return total;
  }

  @Override
  public void close() {
    file.close();
  }
}

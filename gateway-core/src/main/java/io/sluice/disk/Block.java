package io.sluice.disk;

import io.sluice.telemetry.Why;
import io.sluice.wire.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// What headers, footers and marks are wrapped in:
///
/// ```
/// magic u64 | format version u32 | length of body u32 | CRC32C of the sixteen bytes and the body u32 | body
/// ```
///
/// Numbers are big-endian; bodies are protobuf messages, so that a later writer may add fields. A change
/// that an older reader must not read past gets another version.
final class Block {
  static final int VERSION = 1;
  static final int OVERHEAD_BYTES = 20;

  private Block() {}

  sealed interface Content {
    record Body(Bytes bytes) implements Content {}

    /// Written by a later release.
    record Newer(int version) implements Content {}

    record Damaged() implements Content {}

    /// The disk does not give it.
    record Unreadable(String why) implements Content {}
  }

  /// @param size of the whole block, zeros behind the body; 0 for as long as it needs
  static ByteBuffer of(long magic, Bytes body, int size) {
    int needed = OVERHEAD_BYTES + body.length();
    if (size != 0 && needed > size) {
      throw new IllegalArgumentException("a block of " + needed + " bytes (expected: <= " + size);
    }
    var block = ByteBuffer.allocate(Math.max(size, needed));
    block.putLong(magic).putInt(VERSION).putInt(body.length());
    block.putInt(crc(block.array(), body));
    block.put(body.buffer());
    return block.rewind();
  }

  /// The block of so many bytes that a file has at some place.
  static Content read(long magic, Files.Handle file, long at, int bytes) {
    var block = new byte[bytes];
    try {
      return read(magic, block, Scan.read(file, ByteBuffer.wrap(block), at));
    } catch (IOException e) {
      return new Content.Unreadable(Why.of(e));
    }
  }

  static Content read(long magic, byte[] block, int length) {
    var buffer = ByteBuffer.wrap(block, 0, length);
    if (length < OVERHEAD_BYTES || buffer.getLong() != magic) {
      return new Content.Damaged();
    }
    int version = buffer.getInt();
    int bodyLength = buffer.getInt();
    int crc = buffer.getInt();
    if (bodyLength < 0 || bodyLength > buffer.remaining()) {
      return new Content.Damaged();
    }
    var body = Bytes.wrap(block, OVERHEAD_BYTES, OVERHEAD_BYTES + bodyLength);
    if (crc(block, body) != crc) {
      return new Content.Damaged();
    }
    return version == VERSION ? new Content.Body(body) : new Content.Newer(version);
  }

  private static int crc(byte[] head, Bytes body) {
    var crc = new CRC32C();
    crc.update(head, 0, OVERHEAD_BYTES - Integer.BYTES);
    crc.update(body.sharedArray(), body.offset(), body.length());
    return (int) crc.getValue();
  }
}

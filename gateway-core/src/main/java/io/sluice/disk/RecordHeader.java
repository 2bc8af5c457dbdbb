package io.sluice.disk;

import io.sluice.data.Signal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The fixed head of a record, 64 bytes, big-endian:
///
/// ```
///  0 magic u32 | 4 header length u16 | 6 version u8 | 7 type u8
///  8 sequence u64
/// 16 committed u64      the highest sequence that was on stable storage when this was written
/// 24 destinations u64   one bit for each name in the segment's header
/// 32 stored at u64      milliseconds since 1970
/// 40 items u32 | 44 envelope length u32 | 48 payload length u32 | 52 length when uncompressed u32
/// 56 signal u8 | 57 flags u8 | 58 zero u16
/// 60 CRC32C of the above, and of the segment's salt before it
/// ```
///
/// Behind it: envelope, payload, and the CRC32C of header, envelope and payload. The checksum of the
/// header makes the lengths trustworthy, so that one bad payload costs one record. The salt is random for
/// each segment: what an earlier use of the file left behind, or a sender made up, is no record.
record RecordHeader(
    Type type,
    long sequence,
    long committed,
    long destinations,
    long storedAtMs,
    int items,
    int envelopeLength,
    int payloadLength,
    int rawLength,
    Signal signal,
    boolean framed) {
  static final int BYTES = 64;
  static final int TRAILER_BYTES = Integer.BYTES;
  static final int MAGIC = 0x534C5243; // "SLRC"

  private static final byte VERSION = 1;
  private static final int SIGNAL_AT = 56;
  private static final int CRC_AT = 60;
  private static final int FRAMED = 1;

  /// Their places in these lists are what is written.
  private static final List<Type> TYPES = List.of(Type.BATCH, Type.DEAD_LETTER);

  private static final List<Signal> SIGNALS =
      List.of(Signal.TRACES, Signal.METRICS, Signal.LOGS, Signal.PROFILES);

  enum Type {
    BATCH,
    DEAD_LETTER
  }

  /// The whole record.
  long length() {
    return lengthOf(envelopeLength, payloadLength);
  }

  static long lengthOf(long envelopeLength, long payloadLength) {
    return BYTES + envelopeLength + payloadLength + TRAILER_BYTES;
  }

  void write(ByteBuffer into, long salt) {
    int at = into.position();
    into.putInt(MAGIC).putShort((short) BYTES).put(VERSION).put((byte) TYPES.indexOf(type));
    into.putLong(sequence).putLong(committed).putLong(destinations).putLong(storedAtMs);
    into.putInt(items).putInt(envelopeLength).putInt(payloadLength).putInt(rawLength);
    into.put((byte) SIGNALS.indexOf(signal)).put((byte) (framed ? FRAMED : 0)).putShort((short) 0);
    into.putInt(crc(into.duplicate().position(at), salt));
  }

  /// The header at the buffer's position, which does not move; null if there is none.
  static @Nullable RecordHeader read(ByteBuffer from, long salt) {
    if (from.remaining() < BYTES || from.getInt(from.position()) != MAGIC) {
      return null;
    }
    var in = from.duplicate();
    if (in.getInt(in.position() + CRC_AT) != crc(from.duplicate(), salt)) {
      return null;
    }
    in.getInt();
    int length = in.getShort();
    int version = in.get();
    int type = in.get();
    int signal = from.get(from.position() + SIGNAL_AT);
    if (length != BYTES
        || version != VERSION
        || type < 0
        || type >= TYPES.size()
        || signal < 0
        || signal >= SIGNALS.size()) {
      return null;
    }
    var header =
        new RecordHeader(
            TYPES.get(type),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getInt(),
            in.getInt(),
            in.getInt(),
            in.getInt(),
            SIGNALS.get(signal),
            (in.get(in.position() + 1) & FRAMED) != 0);
    return header.envelopeLength < 0 || header.payloadLength < 0 ? null : header;
  }

  private static int crc(ByteBuffer header, long salt) {
    var crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(salt).flip());
    crc.update(header.limit(header.position() + CRC_AT));
    return (int) crc.getValue();
  }
}

package io.sluice.transport.codec;

import io.sluice.wire.Bytes;

/// The frame of a gzip member, RFC 1952. The JDK's stream forgives garbage behind the last member;
/// whoever gets the frame from us may not.
final class GzipHeader {
  static final int TRAILER_BYTES = 8;
  static final byte[] PLAIN = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private static final int FIXED_BYTES = 10;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private GzipHeader() {}

  /// Where the deflated data of the member at `at` starts.
  static int skip(Bytes in, int at) {
    if (in.length() - at < FIXED_BYTES
        || in.at(at) != PLAIN[0]
        || in.at(at + 1) != PLAIN[1]
        || in.at(at + 2) != PLAIN[2]) {
      throw DecodeException.malformed(Codec.GZIP, "invalid header");
    }
    int flags = in.at(at + 3);
    if ((flags & RESERVED) != 0) {
      throw DecodeException.malformed(Codec.GZIP, "unknown flags");
    }
    int next = at + FIXED_BYTES;
    if ((flags & EXTRA) != 0) {
      int length = checked(in, next, 2) - 2;
      next = checked(in, next + 2, (in.at(length) & 0xff) | ((in.at(length + 1) & 0xff) << 8));
    }
    if ((flags & NAME) != 0) {
      next = pastZero(in, next);
    }
    if ((flags & COMMENT) != 0) {
      next = pastZero(in, next);
    }
    return (flags & HEADER_CRC) != 0 ? checked(in, next, 2) : next;
  }

  static int int32(Bytes in, int at) {
    return (in.at(at) & 0xff)
        | ((in.at(at + 1) & 0xff) << 8)
        | ((in.at(at + 2) & 0xff) << 16)
        | ((in.at(at + 3) & 0xff) << 24);
  }

  private static int checked(Bytes in, int at, int length) {
    if (in.length() - at < length) {
      throw DecodeException.malformed(Codec.GZIP, "unexpected end of header");
    }
    return at + length;
  }

  private static int pastZero(Bytes in, int at) {
    int next = at;
    while (in.at(checked(in, next, 1) - 1) != 0) {
      next++;
    }
    return next + 1;
  }
}

package io.sluice.processors.attraction;

import io.sluice.data.AnyValue;
import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// `hash`: SHA-256 of a value as lower-case hex. Of a text its UTF-8, of a bool one byte, of a number
/// its eight bytes with the lowest first; all other values become the empty text.
final class Hash {
  private static final int DIGEST_BYTES = 32;
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final Bytes EMPTY_TEXT = new AnyValue.Text("").encode();

  /// `stringValue`, 64 characters.
  private static final byte[] HEADER = {0x0A, 2 * DIGEST_BYTES};

  private final MessageDigest sha256;
  private final byte[] digest = new byte[DIGEST_BYTES];
  private final ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
  private final WireReader fields = new WireReader();

  Hash() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// The AnyValue message with the hash of what is in this one.
  Bytes of(Bytes value) {
    int last = 0;
    fields.over(value);
    while (fields.next()) {
      if (last != 0) {
        sha256.reset(); // of several members the last one counts
      }
      last = fields.field();
      switch (last) {
        case 1 -> sha256.update(value.sharedArray(), fields.valueStart(), fields.valueLength());
        case 2 -> sha256.update(fields.varint() != 0 ? (byte) 1 : 0);
        case 3 -> number(fields.varint());
        case 4 -> number(fields.fixed64());
        default -> {}
      }
    }
    return last >= 1 && last <= 4 ? hex() : EMPTY_TEXT;
  }

  private void number(long bits) {
    sha256.update(number.putLong(0, bits).array());
  }

  private Bytes hex() {
    try {
      sha256.digest(digest, 0, DIGEST_BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException(e);
    }
    var text = new byte[HEADER.length + 2 * DIGEST_BYTES];
    System.arraycopy(HEADER, 0, text, 0, HEADER.length);
    for (int i = 0; i < DIGEST_BYTES; i++) {
      text[HEADER.length + 2 * i] = DIGITS[digest[i] >> 4 & 0xF];
      text[HEADER.length + 2 * i + 1] = DIGITS[digest[i] & 0xF];
    }
    return Bytes.wrap(text);
  }
}

package io.sluice.transport.codec;

/// A compressed body that cannot be taken. A fault of the sender; holds no payload.
public final class DecodeException extends RuntimeException {
  private final boolean tooLarge;

  private DecodeException(String message, boolean tooLarge) {
    super(message, null, false, false);
    this.tooLarge = tooLarge;
  }

  static DecodeException malformed(Codec codec, String what) {
    return new DecodeException("malformed " + codec + " data: " + what, false);
  }

  static DecodeException tooLarge(int bytesMax) {
    return new DecodeException("more than " + bytesMax + " bytes when decompressed", true);
  }

  /// It may be well-formed, but would not fit.
  public boolean tooLarge() {
    return tooLarge;
  }
}

package io.sluice.wire;

/// The bytes are not what they claim to be. A fault of the sender, never a bug here; the message
/// names what was found and where, and holds no payload.
public final class MalformedWireException extends RuntimeException {
  public MalformedWireException(String message) {
    super(message, null, false, false);
  }
}

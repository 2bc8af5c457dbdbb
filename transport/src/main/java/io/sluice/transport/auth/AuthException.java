package io.sluice.transport.auth;

/// An authentication that failed. The message goes to the other side, so it must not hold what was
/// presented.
public final class AuthException extends RuntimeException {
  public AuthException(String message) {
    super(message, null, false, false);
  }
}

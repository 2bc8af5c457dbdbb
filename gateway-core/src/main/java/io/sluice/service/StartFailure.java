package io.sluice.service;

/// A component could not start: a port in use, a file that cannot be opened. The message says which and
/// why, for the user.
public final class StartFailure extends RuntimeException {
  StartFailure(String message) {
    super(message, null, false, false);
  }
}

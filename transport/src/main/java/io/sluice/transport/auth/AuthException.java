package io.sluice.transport.auth;

import io.sluice.pipeline.Outcome;
import io.sluice.telemetry.Why;
import java.io.Serial;

/// An authentication that failed. The message goes to the other side or into the log, so it must not hold
/// what was presented, nor a secret of ours.
public final class AuthException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final boolean passing;

  private AuthException(String message, boolean passing) {
    super(message, null, false, false);
    this.passing = passing;
  }

  /// It would fail again.
  public AuthException(String message) {
    this(message, false);
  }

  /// It may succeed a little later.
  public static AuthException passing(String message) {
    return new AuthException(message, true);
  }

  public boolean isPassing() {
    return passing;
  }

  /// What comes of a batch that could not be sent for this reason.
  public static Outcome outcome(Throwable failure) {
    return failure instanceof AuthException auth && !auth.passing
        ? new Outcome.Rejected(Outcome.Fault.PERMISSION_DENIED, String.valueOf(auth.getMessage()))
        : Outcome.refused("no answer: " + Why.of(failure));
  }
}

package io.sluice.disk;

import java.time.Duration;

/// What came of an append.
public sealed interface Appended {
  /// On stable storage, and so is the way to it.
  record Stored(long sequence) implements Appended {}

  /// Not stored, worth trying again. It may be found after a restart all the same.
  record Refused(String reason, Duration retryAfter) implements Appended {}

  /// No log with these limits can hold it.
  record TooLarge(String reason) implements Appended {}
}

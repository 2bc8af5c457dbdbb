package io.sluice.export;

import io.sluice.component.Loop;
import io.sluice.data.Batch;
import io.sluice.pipeline.Outcome;
import java.time.Duration;
import java.util.regex.Pattern;

/// What a destination takes in one request, learnt from what it would not have. Confined to one loop.
///
/// In uncompressed bytes: a server that counts compressed ones has a limit for the others too. Where it
/// does not say what its limit is, half of what it would not have is tried.
final class SizeLimit {
  /// Then it is tried anew: the limit may have been raised.
  static final Duration REMEMBERED = Duration.ofHours(1);

  /// Below that a word of a server is no limit but a mistake.
  static final int BYTES_MIN = 1 << 10;

  /// In the words of gRPC for Go, C++ and Java, and of this gateway.
  private static final Pattern STATED =
      Pattern.compile(
          "larger than max \\(\\d+ vs\\.? (\\d+)\\)|larger than max \\(?(\\d+)|maximum size (\\d+)");

  /// That of HTTP says without words that it is about the size.
  private static final Pattern OF_SIZE = Pattern.compile("^HTTP 413\\b");

  private final Loop loop;
  private int bytes = Integer.MAX_VALUE;
  private long learnt;

  SizeLimit(Loop loop) {
    this.loop = loop;
  }

  /// The highest there is if none is known.
  int bytes() {
    if (bytes < Integer.MAX_VALUE && loop.nanoTime() - learnt > REMEMBERED.toNanos()) {
      bytes = Integer.MAX_VALUE;
    }
    return bytes;
  }

  /// @param batch of several items: what stands alone says nothing of the others
  /// @return whether the batch was rejected for its size, and is worth sending in pieces of [#bytes]
  boolean learn(Batch batch, Outcome.Rejected rejected) {
    int size = batch.sizeInBytes();
    if (rejected.fault() != Outcome.Fault.TOO_LARGE || size <= BYTES_MIN) {
      return false;
    }
    long stated = stated(rejected.reason());
    if (stated < 0 && !OF_SIZE.matcher(rejected.reason()).find()) {
      return false; // a quota perhaps
    }
    long limit = stated >= BYTES_MIN && stated < size ? stated : size / 2;
    bytes = (int) Math.max(Math.min(limit, bytes()), BYTES_MIN);
    learnt = loop.nanoTime();
    return true;
  }

  private static long stated(String reason) {
    var words = STATED.matcher(reason);
    if (!words.find()) {
      return -1;
    }
    for (int i = 1; i <= words.groupCount(); i++) {
      var digits = words.group(i);
      if (digits != null && digits.length() < 19) {
        return Long.parseLong(digits);
      }
    }
    return 0;
  }
}

package io.sluice.data;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sluice.wire.Bytes;
import java.io.IOException;

/// Any bytes give a value or a [io.sluice.wire.MalformedWireException]. In normal tests the inputs in the tree are run
/// again; with `JAZZER_FUZZ=1` new ones are looked for.
final class DataFuzzTest {
  @FuzzTest
  void anyBytesAreARequestOrMalformed(byte[] input) throws IOException {
    if (input.length > 0) {
      Probe.wire(signal(input[0]), Bytes.wrap(input, 1, input.length));
    }
  }

  @FuzzTest
  void anyTextIsJsonOrMalformed(byte[] input) throws IOException {
    if (input.length > 0) {
      Probe.json(signal(input[0]), Bytes.wrap(input, 1, input.length));
    }
  }

  private static Signal signal(byte choice) {
    return switch (choice & 3) {
      case 0 -> Signal.TRACES;
      case 1 -> Signal.METRICS;
      case 2 -> Signal.LOGS;
      default -> Signal.PROFILES;
    };
  }
}

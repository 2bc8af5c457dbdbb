package io.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Valid requests, damaged: whatever comes of it is a value or a refusal, never a bug.
final class MutatedInputTest {
  private static final int CASES = 5000;

  @ParameterizedTest
  @EnumSource
  void damagedBytesAreTakenOrRefused(Signal signal) throws Exception {
    int accepted = 0;
    for (int seed = 0; seed < CASES; seed++) {
      accepted += Probe.wire(signal, Bytes.wrap(ValidateTest.mutated(signal, seed))) ? 1 : 0;
    }
    assertThat(accepted).isBetween(10, CASES - 10);
  }

  @ParameterizedTest
  @EnumSource
  void damagedJsonIsTakenOrRefused(Signal signal) throws Exception {
    int accepted = 0;
    for (int seed = 0; seed < CASES; seed++) {
      accepted += Probe.json(signal, mutated(signal, seed)) ? 1 : 0;
    }
    assertThat(accepted).isBetween(10, CASES - 10);
  }

  private static Bytes mutated(Signal signal, long seed) {
    var random = new SplittableRandom(seed);
    var request = new RandomMessages(seed % 20, true).request(signal);
    var json = OtlpJsonTest.encode(signal, request).getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(3); i > 0; i--) {
      json[random.nextInt(json.length)] =
          random.nextBoolean()
              ? (byte) "{}[]\",:0-e".charAt(random.nextInt(10))
              : (byte) random.nextInt();
    }
    return Bytes.wrap(
        random.nextInt(5) == 0 ? Arrays.copyOf(json, random.nextInt(json.length)) : json);
  }
}

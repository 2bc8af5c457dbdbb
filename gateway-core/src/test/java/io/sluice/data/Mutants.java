package io.sluice.data;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/// Valid requests, damaged in ways that follow their structure. A seed makes one, always the same.
public final class Mutants {
  private static final int MESSAGES = 64;
  private static final int DAMAGES_MAX = 3;

  private Mutants() {}

  /// Seeds take the signals in turn.
  public static Signal signal(long seed) {
    var signals = Signal.values();
    return signals[Math.floorMod(seed, signals.length)];
  }

  /// In protobuf.
  public static byte[] wire(long seed) {
    var random = new SplittableRandom(seed);
    var mutant = message(seed, random);
    for (int i = random.nextInt(DAMAGES_MAX) + 1; i > 0; i--) {
      mutant = new WireMutation(random, message(seed, random)).apply(mutant);
    }
    return mutant;
  }

  private static byte[] message(long seed, SplittableRandom random) {
    return new RandomMessages(random.nextInt(MESSAGES), true).request(signal(seed)).toByteArray();
  }

  /// In JSON.
  public static byte[] json(long seed) {
    var random = new SplittableRandom(seed);
    var mutant = text(seed, random);
    for (int i = random.nextInt(DAMAGES_MAX) + 1; i > 0; i--) {
      mutant = new TextMutation(random, text(seed, random)).apply(mutant);
    }
    return mutant;
  }

  private static byte[] text(long seed, SplittableRandom random) {
    var request = new RandomMessages(random.nextInt(MESSAGES), true).request(signal(seed));
    return OtlpJsonTest.encode(signal(seed), request).getBytes(StandardCharsets.UTF_8);
  }
}

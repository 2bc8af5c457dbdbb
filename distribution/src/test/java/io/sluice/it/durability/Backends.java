package io.sluice.it.durability;

import io.grpc.Status;
import io.sluice.it.durability.Subject.Setting;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The destination is down, slow, moody, or will not have something.
final class Backends {
  private static final int CONNECTIONS = 4;
  private static final int POISON = 97;
  private static final int TOO_LARGE_BYTES = 40_000;
  private static final String WORDS = "not with me";

  private Backends() {}

  private static boolean poisonous(long item) {
    return item % POISON == 0;
  }

  /// Rejects what has a poisonous item and what is too large.
  private static Sink.Reply picky(Set<Long> items, int bytes, Set<Long> large) {
    if (items.stream().anyMatch(Backends::poisonous)) {
      return new Sink.Reply.Refuse(
          Status.INVALID_ARGUMENT.withDescription(WORDS), Optional.empty());
    }
    if (bytes > TOO_LARGE_BYTES) {
      if (items.size() == 1) {
        large.addAll(items);
      }
      return new Sink.Reply.Refuse(
          Status.RESOURCE_EXHAUSTED.withDescription(WORDS), Optional.empty());
    }
    return new Sink.Reply.Take();
  }

  /// E20: one item in many is answered with INVALID_ARGUMENT, larger requests with RESOURCE_EXHAUSTED:
  /// only the culprits are dead letters, with these words; their neighbours are delivered.
  static Row poison(Subject subject, long seed, int runs) {
    try (var bench = new Bench(subject, seed, Setting.USUAL)) {
      Set<Long> large = ConcurrentHashMap.newKeySet();
      bench.plays((items, bytes) -> picky(items, bytes, large));
      bench.start();
      bench.send(400 * runs);
      bench.settle(item -> poisonous(item) || large.contains(item), Bench.QUIET);
      bench.life().kill();
      bench.start(); // dead letters survive
      bench.settle(item -> poisonous(item) || large.contains(item), Bench.QUIET);
      bench.stop();
      long fired = bench.sink().failures.get();
      var row = bench.row("E20", runs, fired > 0 ? runs : 0);
      if (!subject.ours()) {
        return row;
      }
      var letters = bench.letters(0);
      long neighbours =
          letters.keySet().stream()
              .filter(item -> !poisonous(item) && !large.contains(item))
              .count();
      boolean words = letters.values().stream().allMatch(letter -> letter.reason().contains(WORDS));
      return row.note(
          "%s%d neighbours among the dead letters%s"
              .formatted(neighbours > 0 ? "!" : "", neighbours, words ? "" : " !without words"));
    }
  }
}

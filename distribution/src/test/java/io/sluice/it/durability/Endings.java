package io.sluice.it.durability;

import io.sluice.it.Eventually;
import io.sluice.it.durability.Subject.Setting;
import java.util.List;

/// Lives that end as they should, and begin where one ended.
final class Endings {
  private static final int CONNECTIONS = 4;
  private static final double STOP_SECONDS_MAX = 10;

  private Endings() {}

  /// E21: SIGTERM under load while the destination takes, refuses, or hangs; twice in a row; at once
  /// after the start.
  static Row terminate(Subject subject, long seed, int runs) {
    try (var bench = new Bench(subject, seed, Setting.USUAL)) {
      var scripts = List.of(Sink.UP, Sink.DOWN, Sink.HANGING);
      double longest = 0;
      int statuses = 0;
      for (int i = 0; i < runs; i++) {
        bench.plays(scripts.get(i % scripts.size()));
        bench.start();
        try (var sender = bench.sender(CONNECTIONS)) {
          sender.awaitMore(20 + bench.random.nextInt(200));
          long start = System.nanoTime();
          bench.life().signal("TERM");
          if (i >= scripts.size() && subject.ours()) {
            bench.life().signal("TERM"); // once more, as impatient people do
          }
          statuses += bench.life().awaitEnd() == 0 ? 0 : 1;
          longest = Math.max(longest, (System.nanoTime() - start) / 1e9);
        }
      }
      var early = bench.begin(List.of());
      Eventually.pause();
      early.signal("TERM");
      early.awaitEnd();
      bench.plays(Sink.UP);
      bench.start();
      bench.probe();
      bench.settle();
      bench.stop();
      var row = bench.row("E21", runs, runs);
      return row.note(
          "longest stop %.1f s%s%s"
              .formatted(
                  longest,
                  longest > STOP_SECONDS_MAX && subject.ours() ? " !too long" : "",
                  statuses > 0 ? (subject.ours() ? " !" : " ") + statuses + " bad statuses" : ""));
    }
  }
}

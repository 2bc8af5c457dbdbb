package io.sluice.export;

import io.sluice.pipeline.Outcome.Culprits;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.OptionalLong;

/// Makes dead letters of what a destination itself named, one after the other. Confined to one loop.
final class Burial {
  private final List<Culprits> culprits;
  private final DeadLetters letters;
  private final Promise<OptionalLong> done = Promise.promise();
  private long items;
  private int next;

  private Burial(List<Culprits> culprits, DeadLetters letters) {
    this.culprits = culprits;
    this.letters = letters;
  }

  /// How many items are on stable storage now: all of them, or nothing is said because of a stop.
  static Future<OptionalLong> of(List<Culprits> culprits, DeadLetters letters) {
    var burial = new Burial(culprits, letters);
    burial.step();
    return burial.done.future();
  }

  private void step() {
    if (next == culprits.size()) {
      done.complete(OptionalLong.of(items));
      return;
    }
    var each = culprits.get(next++);
    letters.keep(
        each.items(),
        each.why(),
        kept -> {
          if (kept) {
            items += each.items().items();
            step();
          } else {
            done.complete(OptionalLong.empty());
          }
        });
  }
}

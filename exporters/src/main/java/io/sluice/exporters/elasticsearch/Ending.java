package io.sluice.exporters.elasticsearch;

import io.sluice.component.Loop;
import io.sluice.data.Batch;
import io.sluice.exporters.elasticsearch.document.Documents;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.pipeline.Outcome.Partly;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What an attempt comes to when it is over. Confined to one loop.
///
/// @param documents makes some to walk over, as those of the attempt may be used again by then
record Ending(
    Batch batch, Progress progress, BulkConfig config, Loop loop, Supplier<Documents> documents) {
  /// @param rejected why nothing else is taken; null if that is not so
  /// @param refused why something is to come again; null if nothing is
  /// @param waiting documents whose own answer was to come again
  /// @param works whether the destination does
  Future<Outcome> of(
      Outcome.@Nullable Rejected rejected,
      Outcome.@Nullable Refused refused,
      BitSet waiting,
      boolean works) {
    if (rejected == null) {
      return refused == null ? settled(config.keepsDeadLetters()).now() : again(refused, works);
    }
    if (waiting.isEmpty() && untouched()) {
      return rejected.now();
    }
    return rejectOpen(rejected, waiting)
        .compose(_ ->
            refused == null || waiting.isEmpty()
                ? settled(config.keepsDeadLetters()).now()
                : again(refused, works));
  }

  private Future<Outcome> again(Outcome.Refused refused, boolean works) {
    progress.refusals++;
    if (!mayComeAgain()) {
      return giveUp(refused, config.keepsDeadLetters());
    }
    return untouched()
        ? refused.now()
        : refused.with(new Partly(works, () -> giveUp(refused, true))).now();
  }

  /// Without retries whoever sent the batch may send it again as long as nothing of it is there.
  private boolean mayComeAgain() {
    if (!config.retry().enabled()) {
      return untouched() || (progress.delivered == 0 && !config.keepsDeadLetters());
    }
    var most = config.retry().retriesMax();
    return most.isEmpty() || progress.refusals <= most.get();
  }

  /// What is open counts as rejected.
  private Future<Outcome> giveUp(Outcome.Refused refused, boolean named) {
    var why = config.retry().enabled() ? "retries exhausted: " : "not retried: ";
    var last = new Outcome.Rejected(Fault.UNKNOWN, why + refused.reason());
    return untouched()
        ? last.now()
        : rejectOpen(last, new BitSet()).map(_ -> partial(last.reason(), named));
  }

  private boolean untouched() {
    return progress.delivered == 0 && progress.rejects.none();
  }

  /// @param named whether to say which items were rejected
  private Outcome settled(boolean named) {
    if (progress.rejects.none()) {
      return new Outcome.Accepted();
    }
    var first = progress.rejects.byReason().keySet().iterator().next();
    if (progress.delivered == 0 && !config.keepsDeadLetters()) {
      return new Outcome.Rejected(progress.fault(first), first);
    }
    return partial(first, named);
  }

  /// @param named whether to say which items were rejected
  private Outcome partial(String reason, boolean named) {
    return new Outcome.Partial(
        progress.rejects.count(), reason, named ? Refusal.culprits(batch, progress) : List.of());
  }

  /// Rejects all that is not settled, but for some.
  private Future<Void> rejectOpen(Outcome.Rejected why, BitSet spared) {
    var walk = new Walk(documents.get(), why, spared);
    walk.begin();
    return walk.done.future();
  }

  /// Over all documents of the batch, in steps.
  private final class Walk {
    private final Documents open;
    private final Outcome.Rejected why;
    private final BitSet spared;
    private final BitSet items = new BitSet();
    private final Promise<Void> done = Promise.promise();

    Walk(Documents open, Outcome.Rejected why, BitSet spared) {
      this.open = open;
      this.why = why;
      this.spared = spared;
    }

    void begin() {
      open.begin(batch, progress.rejects);
      step();
    }

    private void step() {
      try {
        for (int left = Shipment.DOCUMENTS_AT_ONCE; left > 0; left--) {
          switch (open.next()) {
            case DOCUMENT -> add(open.number());
            case PAUSE -> left = 0;
            case END -> {
              progress.reject(items, why.fault(), why.reason(), why.reason());
              done.complete();
              return;
            }
          }
        }
        loop.execute(this::step);
      } catch (RuntimeException bug) {
        done.tryFail(bug);
      }
    }

    private void add(int number) {
      if (!progress.settled.get(number) && !spared.get(number)) {
        open.items(items);
        progress.settled.set(number);
      }
    }
  }
}

package io.sluice.processors.attraction;

import io.sluice.component.ComponentContext;
import io.sluice.component.Processor;
import io.sluice.data.Batch;
import io.sluice.data.RecordPatch;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;

/// Patches each batch and hands it on.
public final class PatchProcessor implements Processor {
  private final RecordPatch patch;
  private final ComponentContext context;
  private final BatchSink next;

  public PatchProcessor(RecordPatch patch, ComponentContext context, BatchSink next) {
    this.patch = patch;
    this.context = context;
    this.next = next;
  }

  @Override
  public Future<Outcome> accept(Batch batch) {
    Batch patched;
    try {
      patched = patch.apply(batch, context.budget().arrays());
    } catch (RuntimeException e) {
      context.log().error("Cannot change attributes", "error", e);
      return new Outcome.Rejected(Outcome.Fault.INTERNAL, context.id() + ": " + e).now();
    }
    return unchanged(batch, patched) ? next.accept(batch) : handOn(patched);
  }

  @SuppressWarnings("ReferenceEquality") // what did not change is the same object
  private static boolean unchanged(Batch batch, Batch patched) {
    return batch == patched;
  }

  /// The edited batch has bytes of its own, so it stands on a lease of its own; what was received can
  /// go as soon as nobody else needs it.
  private Future<Outcome> handOn(Batch patched) {
    var array = patched.otlp().flatten().sharedArray();
    var lease = context.budget().take(array.length);
    if (lease == null) {
      return Outcome.refused("no room for the edited batch").now();
    }
    lease.owns(array);
    var answer = next.accept(patched.with(lease));
    if (answer.isComplete()) {
      lease.close();
      return answer;
    }
    return answer.onComplete(_ -> lease.close());
  }
}

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
      patched = patch.apply(batch);
    } catch (RuntimeException e) {
      context.log().error("Cannot change attributes", "error", e);
      return new Outcome.Rejected(Outcome.Fault.INTERNAL, context.id() + ": " + e).now();
    }
    return next.accept(patched);
  }
}

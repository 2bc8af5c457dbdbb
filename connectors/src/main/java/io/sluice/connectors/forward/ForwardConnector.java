package io.sluice.connectors.forward;

import io.sluice.component.Connector;
import io.sluice.component.Outlets;
import io.sluice.data.Batch;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;

/// Hands each batch to all target pipelines of its signal and answers with their worst outcome.
record ForwardConnector(Outlets outlets) implements Connector {
  @Override
  public Future<Outcome> accept(Batch batch) {
    var sink = outlets.all().get(batch.signal());
    return sink == null
        ? new Outcome.Rejected(Outcome.Fault.INTERNAL, "no pipeline to forward to").now()
        : sink.accept(batch);
  }
}

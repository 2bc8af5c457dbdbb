package io.sluice.service;

import io.sluice.component.Inlets;
import io.sluice.component.Loop;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// What one receiver feeds, now. A reload puts other pipelines behind it while the receiver runs; a
/// batch that is on its way goes on in the graph it entered.
final class Inlet implements Inlets {
  /// The sinks of one graph, by loop and signal.
  record Sinks(Set<Signal> signals, Map<Loop, BatchSink> byLoop) {
    static final Sinks NONE = new Sinks(Set.of(), Map.of());

    BatchSink on(Loop loop) {
      return byLoop.getOrDefault(loop, NOT_READY);
    }

    /// As long as these may not be used yet: what the receiver of this name fed before goes there still, and
    /// the rest is to come again.
    Sinks after(Sinks before) {
      var meanwhile = new HashMap<Loop, BatchSink>();
      for (var loop : byLoop.keySet()) {
        meanwhile.put(
            loop,
            batch ->
                (before.signals.contains(batch.signal()) ? before.on(loop) : NOT_READY)
                    .accept(batch));
      }
      return new Sinks(signals, meanwhile);
    }
  }

  /// What stands behind a receiver: the pipelines of the batch's signal.
  record BySignal(Map<Signal, BatchSink> sinks) implements BatchSink {
    @Override
    public Future<Outcome> accept(Batch batch) {
      var sink = sinks.get(batch.signal());
      return sink == null
          ? new Outcome.Rejected(Outcome.Fault.UNIMPLEMENTED, "no pipeline for " + batch.signal())
              .now()
          : sink.accept(batch);
    }
  }

  private static final BatchSink NOT_READY = _ -> Outcome.refused("the gateway is not ready").now();

  private volatile Sinks sinks = Sinks.NONE;

  void lead(Sinks to) {
    sinks = to;
  }

  @Override
  public Set<Signal> signals() {
    return sinks.signals();
  }

  @Override
  public BatchSink on(Loop loop) {
    return sinks.on(loop);
  }
}

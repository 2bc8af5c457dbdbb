package io.sluice.service;

import io.sluice.component.Inlets;
import io.sluice.component.Loop;
import io.sluice.data.Signal;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
import java.util.Map;
import java.util.Set;

/// What one receiver feeds, now. A reload puts other pipelines behind it while the receiver runs; a
/// batch that is on its way goes on in the graph it entered.
final class Inlet implements Inlets {
  /// The sinks of one graph, by loop and signal.
  record Sinks(Set<Signal> signals, Map<Loop, BatchSink> byLoop) {}

  private static final BatchSink NOT_READY = _ -> Outcome.refused("the gateway is not ready").now();

  private volatile Sinks sinks = new Sinks(Set.of(), Map.of());

  void lead(Sinks to) {
    sinks = to;
  }

  @Override
  public Set<Signal> signals() {
    return sinks.signals();
  }

  @Override
  public BatchSink on(Loop loop) {
    return sinks.byLoop().getOrDefault(loop, NOT_READY);
  }
}

package io.sluice.component;

import io.sluice.data.Signal;
import io.sluice.pipeline.BatchSink;
import java.util.Map;

/// The pipelines a connector feeds, by signal and by pipeline id (`traces/2`). For those that do not
/// choose among pipelines, [#all].
public record Outlets(Map<Signal, Map<String, BatchSink>> pipelines, Map<Signal, BatchSink> all) {
  public Outlets {
    pipelines = Map.copyOf(pipelines);
    all = Map.copyOf(all);
  }
}

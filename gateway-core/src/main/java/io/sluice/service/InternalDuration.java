package io.sluice.service;

import io.sluice.component.ComponentId;
import io.sluice.data.Signal;
import io.sluice.pipeline.BatchSink;
import io.sluice.telemetry.Histogram;
import io.sluice.telemetry.Telemetry;
import org.jspecify.annotations.Nullable;

/// `otelcol_processor_internal_duration` of one instance of a processor: how long it is at work on a
/// batch, without what comes behind it. At level detailed only. Confined to the instance's loop.
final class InternalDuration {
  private final Telemetry telemetry;
  private final ComponentId processor;
  private final Signal signal;
  private @Nullable Histogram histogram;

  /// Spent in the sinks behind, since the batch came.
  private long elsewhere;

  InternalDuration(Telemetry telemetry, ComponentId processor, Signal signal) {
    this.telemetry = telemetry;
    this.processor = processor;
    this.signal = signal;
  }

  BatchSink before(BatchSink processor) {
    return batch -> {
      if (!telemetry.at(Telemetry.Level.DETAILED)) {
        return processor.accept(batch);
      }
      long begun = System.nanoTime();
      elsewhere = 0;
      var answer = processor.accept(batch);
      histogram().record((System.nanoTime() - begun - elsewhere) / 1e9);
      return answer;
    };
  }

  BatchSink behind(BatchSink next) {
    return batch -> {
      if (!telemetry.at(Telemetry.Level.DETAILED)) {
        return next.accept(batch);
      }
      long begun = System.nanoTime();
      var answer = next.accept(batch);
      elsewhere += System.nanoTime() - begun;
      return answer;
    };
  }

  private Histogram histogram() {
    if (histogram == null) {
      histogram =
          telemetry.histogram(
              "otelcol_processor_internal_duration",
              "Duration of time taken to process a batch of telemetry data through the processor."
                  + " [Alpha]",
              "otel.signal",
              signal.toString(),
              "processor",
              processor.toString());
    }
    return histogram;
  }
}

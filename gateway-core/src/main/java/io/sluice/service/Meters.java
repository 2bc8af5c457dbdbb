package io.sluice.service;

import io.micrometer.core.instrument.Counter;
import io.sluice.component.ComponentId;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Counted;
import io.sluice.pipeline.Outcome;
import io.sluice.telemetry.Telemetry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The Collector's metrics of receivers and processors, hung on the edges of the graph.
final class Meters {
  private Meters() {}

  /// `otelcol_receiver_accepted_*`, `refused_*` and `failed_*`; the three appear together, by transport,
  /// with the first request.
  static Counted.Meter receiver(Telemetry telemetry, ComponentId id, Signal signal) {
    return new Counted.Meter() {
      private final Map<String, Three> byTransport = new ConcurrentHashMap<>();

      @Override
      public void answered(Batch batch, Outcome outcome) {
        var three =
            byTransport.computeIfAbsent(
                batch.origin().transport(),
                transport -> Three.of(telemetry, id.toString(), transport, signal));
        long refused =
            switch (outcome) {
              case Outcome.Accepted _ -> 0;
              case Outcome.Partial(var rejected, _, _) -> Math.clamp(rejected, 0, batch.items());
              case Outcome.Rejected _, Outcome.Refused _ -> batch.items();
            };
        three.accepted.increment(batch.items() - refused);
        three.refused.increment(refused);
      }
    };
  }

  private record Three(Counter accepted, Counter refused, Counter failed) {
    static Three of(Telemetry telemetry, String receiver, String transport, Signal signal) {
      return new Three(
          counter(telemetry, "accepted", receiver, transport, signal),
          counter(telemetry, "refused", receiver, transport, signal),
          counter(telemetry, "failed", receiver, transport, signal));
    }

    private static Counter counter(
        Telemetry telemetry, String what, String receiver, String transport, Signal signal) {
      var help =
          switch (what) {
            case "accepted" -> "Number of %s successfully pushed into the pipeline. [Alpha]";
            case "refused" -> "Number of %s that could not be pushed into the pipeline. [Alpha]";
            default -> "The number of %s that failed to be processed by the receiver. [Alpha]";
          };
      return telemetry.counter(
          "otelcol_receiver_" + what + "_" + signal.items(),
          help.formatted(signal.items().replace('_', ' ')),
          "receiver",
          receiver,
          "transport",
          transport);
    }
  }

  /// `otelcol_processor_incoming_items`.
  static Counted.Meter incoming(Telemetry telemetry, ComponentId id, Signal signal) {
    var counter =
        telemetry.counter(
            "otelcol_processor_incoming_items",
            "Number of items passed to the processor. [Alpha]",
            "otel.signal",
            signal.toString(),
            "processor",
            id.toString());
    return new Counted.Meter() {
      @Override
      public void came(Batch batch) {
        counter.increment(batch.items());
      }
    };
  }

  /// `otelcol_processor_outgoing_items`, before the sink that a processor feeds.
  static BatchSink outgoing(Telemetry telemetry, ComponentId id, Signal signal, BatchSink next) {
    var counter =
        telemetry.counter(
            "otelcol_processor_outgoing_items",
            "Number of items emitted from the processor. [Alpha]",
            "otel.signal",
            signal.toString(),
            "processor",
            id.toString());
    return batch -> {
      counter.increment(batch.items());
      return next.accept(batch);
    };
  }
}

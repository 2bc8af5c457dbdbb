package io.sluice.export;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.sluice.component.ComponentContext;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.pipeline.Outcome;
import io.sluice.telemetry.Telemetry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// `otelcol_exporter_*` of one exporter and signal.
///
/// Series appear with the first operation, `sent` and `send_failed` together, as the Collector's do.
/// `error_type` and `error_permanent` appear at level detailed.
final class ExportMeters {
  private final Telemetry telemetry;
  private final Signal signal;
  private final String exporter;
  private final String[] labels;
  private final AtomicLong inFlight = new AtomicLong();
  private final List<Runnable> gauges = new ArrayList<>();
  private final @Nullable DistributionSummary batchItems;
  private final @Nullable DistributionSummary batchBytes;
  private final @Nullable DistributionSummary enqueuedItems;
  private final @Nullable DistributionSummary enqueuedBytes;
  private @Nullable Counter sent;
  private @Nullable Counter failed;

  ExportMeters(ComponentContext context, Signal signal, List<String> moreLabels) {
    telemetry = context.telemetry();
    this.signal = signal;
    exporter = context.id().toString();
    var all = new ArrayList<>(List.of("exporter", exporter));
    all.addAll(moreLabels);
    labels = all.toArray(String[]::new);
    gauges.add(
        telemetry.gauge(
            "otelcol_exporter_in_flight_requests",
            "Number of requests currently being exported [Alpha]",
            inFlight::get,
            byType()));
    boolean detailed = telemetry.at(Telemetry.Level.DETAILED);
    batchItems =
        detailed
            ? telemetry.counts(
                "otelcol_exporter_queue_batch_send_size",
                "Number of units in the batch [Development]",
                byType())
            : null;
    batchBytes =
        detailed
            ? telemetry.sizes(
                "otelcol_exporter_queue_batch_send_size_bytes",
                "Number of bytes in the batch that was sent [Development]",
                byType())
            : null;
    enqueuedItems =
        detailed
            ? telemetry.counts(
                "otelcol_exporter_enqueue_size",
                "Number of units in the request that is enqueued [Development]",
                byType())
            : null;
    enqueuedBytes =
        detailed
            ? telemetry.sizes(
                "otelcol_exporter_enqueue_size_bytes",
                "Number of bytes in the request that is enqueued [Development]",
                byType())
            : null;
  }

  void queue(MemoryQueue queue) {
    gauges.add(
        telemetry.gauge(
            "otelcol_exporter_queue_size",
            "Current size of the retry queue (in batches, items or bytes) [Alpha]",
            queue::size,
            byType()));
    gauges.add(
        telemetry.gauge(
            "otelcol_exporter_queue_capacity",
            "Fixed capacity of the retry queue (in batches, items or bytes) [Alpha]",
            queue::capacity,
            byType()));
  }

  /// An attempt begins, its retries included.
  void began(Batch batch) {
    inFlight.incrementAndGet();
    if (batchItems != null && batchBytes != null) {
      batchItems.record(batch.items());
      batchBytes.record(batch.sizeInBytes());
    }
  }

  void ended(Batch batch, Outcome outcome) {
    inFlight.decrementAndGet();
    if (sent == null || failed == null) {
      sent = counter("sent", "Number of %s successfully sent to destination [Alpha]", labels);
      failed = counter("send_failed", "Number of %s in failed attempts to send [Alpha]", labels);
    }
    switch (outcome) {
      case Outcome.Accepted _, Outcome.Partial _ -> sent.increment(batch.items());
      case Outcome.Rejected rejected -> failed(batch, rejected.fault().toString(), true);
      case Outcome.Refused refused -> failed(batch, refused.pressure().toString(), false);
    }
  }

  private void failed(Batch batch, String type, boolean permanent) {
    if (telemetry.at(Telemetry.Level.DETAILED)) {
      var all = new ArrayList<>(List.of(labels));
      all.addAll(List.of("error_type", type, "error_permanent", Boolean.toString(permanent)));
      counter(
              "send_failed",
              "Number of %s in failed attempts to send [Alpha]",
              all.toArray(String[]::new))
          .increment(batch.items());
    } else if (failed != null) {
      failed.increment(batch.items());
    }
  }

  /// A batch has entered the queue.
  void enqueued(Batch batch) {
    if (enqueuedItems != null && enqueuedBytes != null) {
      enqueuedItems.record(batch.items());
      enqueuedBytes.record(batch.sizeInBytes());
    }
  }

  /// On any loop.
  void overflowed(Batch batch) {
    counter(
            "enqueue_failed",
            "Number of %s failed to be added to the sending queue [Alpha]",
            "exporter",
            exporter)
        .increment(batch.items());
  }

  void close() {
    gauges.forEach(Runnable::run);
  }

  private Counter counter(String what, String help, String... labels) {
    var items = signal.items();
    return telemetry.counter(
        "otelcol_exporter_" + what + "_" + items, help.formatted(items.replace('_', ' ')), labels);
  }

  private String[] byType() {
    return new String[] {"data_type", signal.toString(), "exporter", exporter};
  }
}

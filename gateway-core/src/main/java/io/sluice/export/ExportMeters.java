package io.sluice.export;

import io.micrometer.core.instrument.Counter;
import io.sluice.component.ComponentContext;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.disk.Destination;
import io.sluice.pipeline.Outcome;
import io.sluice.telemetry.Histogram;
import io.sluice.telemetry.Telemetry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// `otelcol_exporter_*` of one exporter and signal.
///
/// Series appear with the first operation, `sent` and `send_failed` together, as the Collector's do.
/// `error.type` and `error.permanent` appear at level detailed.
final class ExportMeters {
  private final Telemetry telemetry;
  private final Signal signal;
  private final String exporter;
  private final String[] labels;
  private final AtomicLong inFlight = new AtomicLong();
  private final List<Runnable> gauges = new ArrayList<>();
  private @Nullable Histogram batchItems;
  private @Nullable Histogram batchBytes;
  private @Nullable Histogram enqueuedItems;
  private @Nullable Histogram enqueuedBytes;
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
  }

  /// @param each units that are shown as one
  void queue(SendingQueue queue, long each) {
    gauges.add(
        telemetry.gauge(
            "otelcol_exporter_queue_size",
            "Current size of the retry queue (in batches, items or bytes) [Alpha]",
            () -> Math.ceilDiv(queue.size(), each),
            byType()));
    gauges.add(
        telemetry.gauge(
            "otelcol_exporter_queue_capacity",
            "Fixed capacity of the retry queue (in batches, items or bytes) [Alpha]",
            () -> Math.floorDiv(queue.capacity(), each),
            byType()));
  }

  /// How old the oldest batch on disk may be.
  void stored(Destination stored, InstantSource clock) {
    gauges.add(
        telemetry.gauge(
            "sluice_exporter_queue_stored_bytes",
            "Uncompressed bytes of the batches on disk that are not delivered",
            () -> stored.unsettled().bytes(),
            byType()));
    gauges.add(
        telemetry.gauge(
            "sluice_exporter_queue_oldest_age_seconds",
            "How long ago the oldest segment with a batch that is not delivered was begun",
            () -> {
              long oldest = stored.oldestMs();
              return oldest == 0 ? 0 : Math.max(0, clock.millis() - oldest) / 1000.0;
            },
            byType()));
  }

  void deadLettered(Batch batch) {
    telemetry
        .counter(
            "sluice_exporter_dead_lettered_" + signal.items(),
            "Number of "
                + signal.items().replace('_', ' ')
                + " that the destination would not have; they are kept as dead letters",
            "exporter",
            exporter)
        .increment(batch.items());
  }

  /// An attempt begins, its retries included.
  void began(Batch batch) {
    inFlight.incrementAndGet();
    if (telemetry.at(Telemetry.Level.DETAILED)) {
      sending(batch);
    }
  }

  private void sending(Batch batch) {
    if (batchItems == null || batchBytes == null) {
      batchItems =
          telemetry.counts(
              "otelcol_exporter_queue_batch_send_size",
              "Number of units in the batch [Development]",
              byType());
      batchBytes =
          telemetry.sizes(
              "otelcol_exporter_queue_batch_send_size_bytes",
              "Number of bytes in the batch that was sent [Development]",
              byType());
    }
    batchItems.record(batch.items());
    batchBytes.record(batch.sizeInBytes());
  }

  /// @param buried items that are dead letters now
  void ended(Batch batch, Outcome outcome, long buried) {
    inFlight.decrementAndGet();
    if (sent == null || failed == null) {
      sent = counter("sent", "Number of %s successfully sent to destination [Alpha]", labels);
      failed = counter("send_failed", "Number of %s in failed attempts to send [Alpha]", labels);
    }
    switch (outcome) {
      case Outcome.Accepted _, Outcome.Partial _ -> {
        sent.increment(batch.items() - buried);
        failed.increment(buried);
      }
      case Outcome.Rejected rejected -> failed(batch, typeOf(rejected.fault()), true);
      case Outcome.Refused refused -> failed(batch, typeOf(refused.pressure()), false);
    }
  }

  /// In the words of the Collector, which are those of gRPC's codes.
  private static String typeOf(Outcome.Fault fault) {
    return switch (fault) {
      case INVALID -> "InvalidArgument";
      case TOO_LARGE -> "ResourceExhausted";
      case UNAUTHENTICATED -> "Unauthenticated";
      case PERMISSION_DENIED -> "PermissionDenied";
      case UNIMPLEMENTED -> "Unimplemented";
      case INTERNAL -> "Internal";
      case UNKNOWN -> "Unknown";
    };
  }

  private static String typeOf(Outcome.Pressure pressure) {
    return switch (pressure) {
      case UNAVAILABLE -> "Unavailable";
      case THROTTLED -> "ResourceExhausted";
    };
  }

  private void failed(Batch batch, String type, boolean permanent) {
    if (telemetry.at(Telemetry.Level.DETAILED)) {
      var all = new ArrayList<>(List.of(labels));
      all.addAll(List.of("error.type", type, "error.permanent", Boolean.toString(permanent)));
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
    if (telemetry.at(Telemetry.Level.DETAILED)) {
      measure(batch);
    }
  }

  private void measure(Batch batch) {
    if (enqueuedItems == null || enqueuedBytes == null) {
      enqueuedItems =
          telemetry.counts(
              "otelcol_exporter_enqueue_size",
              "Number of units in the request added to the sending queue. Only available on"
                  + " detailed level. [Development]",
              "exporter",
              exporter);
      enqueuedBytes =
          telemetry.sizes(
              "otelcol_exporter_enqueue_size_bytes",
              "Number of bytes in the request added to the sending queue. Only available on"
                  + " detailed level. [Development]",
              "exporter",
              exporter);
    }
    enqueuedItems.record(batch.items());
    enqueuedBytes.record(batch.sizeInBytes());
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

package io.sluice.processors.batch;

import io.micrometer.core.instrument.Counter;
import io.sluice.component.ComponentContext;
import io.sluice.data.Batch;
import io.sluice.export.Batcher;
import io.sluice.telemetry.Histogram;
import io.sluice.telemetry.Telemetry;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// `otelcol_processor_batch_*`; hidden below level normal.
final class BatchMeters {
  private final Telemetry telemetry;
  private final String processor;
  private final Runnable cardinality;
  private @Nullable Histogram items;
  private @Nullable Histogram bytes;

  BatchMeters(ComponentContext context, AtomicInteger combinations) {
    telemetry = context.telemetry();
    processor = context.id().toString();
    cardinality =
        telemetry.gauge(
            "otelcol_processor_batch_metadata_cardinality",
            "Number of distinct metadata value combinations being processed [Development]",
            combinations::get,
            "processor",
            processor);
  }

  void sent(Batch batch) {
    if (items == null && telemetry.at(Telemetry.Level.NORMAL)) {
      items =
          telemetry.counts(
              "otelcol_processor_batch_batch_send_size",
              "Number of units in the batch [Development]",
              "processor",
              processor);
    }
    if (bytes == null && telemetry.at(Telemetry.Level.DETAILED)) {
      bytes =
          telemetry.sizes(
              "otelcol_processor_batch_batch_send_size_bytes",
              "Number of bytes in batch that was sent. Only available on detailed level."
                  + " [Development]",
              "processor",
              processor);
    }
    if (items != null) {
      items.record(batch.items());
    }
    if (bytes != null) {
      bytes.record(batch.sizeInBytes());
    }
  }

  void triggered(Batcher.Trigger trigger) {
    if (telemetry.at(Telemetry.Level.NORMAL)) {
      switch (trigger) {
        case SIZE ->
            counter(
                    "batch_size_trigger_send",
                    "Number of times the batch was sent due to a size trigger [Development]")
                .increment();
        case TIMEOUT ->
            counter(
                    "timeout_trigger_send",
                    "Number of times the batch was sent due to a timeout trigger [Development]")
                .increment();
        case FLUSH -> {}
      }
    }
  }

  void close() {
    cardinality.run();
  }

  private Counter counter(String name, String help) {
    return telemetry.counter("otelcol_processor_batch_" + name, help, "processor", processor);
  }
}

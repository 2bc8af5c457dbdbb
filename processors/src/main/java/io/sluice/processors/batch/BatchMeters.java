package io.sluice.processors.batch;

import io.sluice.component.ComponentContext;
import io.sluice.component.Joining;
import io.sluice.data.Batch;
import io.sluice.export.Batcher;
import io.sluice.telemetry.Histogram;
import io.sluice.telemetry.Telemetry;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// `otelcol_processor_batch_*`; hidden below level normal.
final class BatchMeters implements Joining.Meter {
  private final Telemetry telemetry;
  private final String processor;
  private final Runnable cardinality;
  private final AtomicInteger combinations = new AtomicInteger();
  private @Nullable Histogram items;
  private @Nullable Histogram bytes;

  BatchMeters(ComponentContext context) {
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

  @Override
  public void combinations(int now) {
    combinations.set(now);
  }

  @Override
  public void sent(Batch batch) {
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

  @Override
  public void sizeReached() {
    count("batch_size_trigger_send", "Number of times the batch was sent due to a size trigger");
  }

  @Override
  public void timePassed() {
    count("timeout_trigger_send", "Number of times the batch was sent due to a timeout trigger");
  }

  void triggered(Batcher.Trigger trigger) {
    switch (trigger) {
      case SIZE -> sizeReached();
      case TIMEOUT -> timePassed();
      case FLUSH -> {}
    }
  }

  @Override
  public void close() {
    cardinality.run();
  }

  private void count(String name, String help) {
    if (telemetry.at(Telemetry.Level.NORMAL)) {
      telemetry
          .counter(
              "otelcol_processor_batch_" + name, help + " [Development]", "processor", processor)
          .increment();
    }
  }
}

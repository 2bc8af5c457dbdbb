package io.sluice.extensions.filestorage;

import io.micrometer.core.instrument.Counter;
import io.sluice.disk.LogMeter;
import io.sluice.disk.Store;
import io.sluice.telemetry.Histogram;
import io.sluice.telemetry.Telemetry;
import java.util.ArrayList;
import java.util.List;

/// `sluice_storage_*` of one storage.
final class StorageMeters implements LogMeter {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Telemetry telemetry;
  private final String[] labels;
  private final Histogram commits;
  private final Counter commitFailures;
  private final Counter quarantined;
  private final Counter quarantinedBytes;
  private final List<Runnable> gauges = new ArrayList<>();

  StorageMeters(Telemetry telemetry, String storage) {
    this.telemetry = telemetry;
    labels = new String[] {"storage", storage};
    commits =
        telemetry.seconds(
            "sluice_storage_commit_duration",
            "How long one write and sync took, for all batches that waited",
            labels);
    commitFailures =
        telemetry.counter(
            "sluice_storage_commit_failures",
            "Number of writes and syncs that failed; the batches they were for were refused",
            labels);
    quarantined =
        telemetry.counter(
            "sluice_storage_quarantined_batches",
            "Number of stored batches that were damaged and set aside",
            labels);
    quarantinedBytes =
        telemetry.counter(
            "sluice_storage_quarantined_bytes", "Bytes that were damaged and set aside", labels);
  }

  void show(Store store) {
    gauges.add(
        telemetry.gauge("sluice_storage_bytes", "Bytes of queues on disk", store::bytes, labels));
    gauges.add(
        telemetry.gauge(
            "sluice_storage_dead_letter_bytes",
            "Bytes of dead letters on disk",
            store::deadLettersBytes,
            labels));
    gauges.add(
        telemetry.gauge(
            "sluice_storage_free_bytes",
            "Bytes that may still be written on the disk; -1 if it does not say",
            store::freeBytes,
            labels));
  }

  void orphaned(long items) {
    telemetry
        .counter(
            "sluice_storage_orphaned_items",
            "Number of stored items that were dropped because their exporter is gone",
            labels)
        .increment(items);
  }

  void hide() {
    gauges.forEach(Runnable::run);
    gauges.clear();
  }

  @Override
  public void committed(int records, long bytes, long nanos) {
    commits.record(nanos / NANOS_PER_SECOND);
  }

  @Override
  public void commitFailed() {
    commitFailures.increment();
  }

  @Override
  public void quarantined(long records, long bytes) {
    quarantined.increment(records);
    quarantinedBytes.increment(bytes);
  }
}

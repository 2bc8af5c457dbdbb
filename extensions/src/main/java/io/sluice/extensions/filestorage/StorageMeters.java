package io.sluice.extensions.filestorage;

import io.micrometer.core.instrument.Counter;
import io.sluice.disk.Counts;
import io.sluice.disk.LogMeter;
import io.sluice.disk.Store;
import io.sluice.telemetry.Histogram;
import io.sluice.telemetry.Telemetry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// `sluice_storage_*` of one storage.
final class StorageMeters implements LogMeter {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Telemetry telemetry;
  private final String[] labels;
  private final Histogram commits;
  private final Counter commitFailures;
  private final Counter quarantined;
  private final Counter quarantinedBytes;
  private final Map<String, Counter> redelivered = new ConcurrentHashMap<>();
  private final List<Runnable> gauges = new ArrayList<>();
  private final Map<String, Runnable> drained = new ConcurrentHashMap<>();

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

  /// What is left of those that are drained.
  void draining(Set<String> queues, Store store) {
    for (var queue : queues) {
      drained.computeIfAbsent(
          queue,
          _ ->
              telemetry.gauge(
                  "sluice_storage_draining_items",
                  "Number of stored items whose exporter is gone from the configuration",
                  () -> waiting(store, queue),
                  labels[0],
                  labels[1],
                  "queue",
                  queue));
    }
  }

  private static long waiting(Store store, String queue) {
    return store.stock().stream()
        .filter(stock -> stock.destination().equals(queue))
        .mapToLong(stock -> stock.waiting().items())
        .sum();
  }

  void drained(List<String> queues) {
    for (var queue : queues) {
      var gauge = drained.remove(queue);
      if (gauge != null) {
        gauge.run();
      }
    }
  }

  /// An exporter that ran in this process has left its book with what it had stored.
  ///
  /// @param place of this storage
  void orphaned(String queue, String place, long items) {
    for (var book : telemetry.books().all()) {
      if (book.node().equals("exporter:" + queue)) {
        long held = Math.min(items, book.heldAt(place));
        book.letGo(place, held);
        book.dropped("orphaned", held);
      }
    }
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
    drained(List.copyOf(drained.keySet()));
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
  public void redelivered(String destination, Counts counts) {
    redelivered
        .computeIfAbsent(
            destination,
            _ ->
                telemetry.counter(
                    "sluice_storage_redelivered_items",
                    "Number of items delivered that had been on their way before a crash, a stop or a"
                        + " reload",
                    labels[0],
                    labels[1],
                    "queue",
                    destination))
        .increment(counts.items());
  }

  @Override
  public void quarantined(long records, long bytes) {
    quarantined.increment(records);
    quarantinedBytes.increment(bytes);
  }
}

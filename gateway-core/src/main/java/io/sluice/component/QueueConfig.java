package io.sluice.component;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `sending_queue`.
///
/// @param sizer absent: requests. Kept apart from a written `requests`, which the batch inherits
public record QueueConfig(
    @Doc("What queue_size counts: requests, items or bytes.") Optional<Sizer> sizer,
    @Doc("How much the queue holds, in flight included, in units of the sizer.") long queueSize,
    @Doc("How many batches are sent at the same time.") int numConsumers,
    @Doc("When full: wait for room instead of refusing.") boolean blockOnOverflow,
    @Doc("Answer the sender only when the batch has been delivered.") boolean waitForResult,
    @Doc("Storage extension that keeps the queue on disk.") Optional<ComponentId> storage,
    @Doc("Join queued batches before sending.") Optional<Batching> batch)
    implements Checked {
  /// The unit of a size.
  public enum Sizer {
    REQUESTS,
    ITEMS,
    BYTES;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// `sending_queue::batch`.
  ///
  /// @param sizer absent: the queue's if that was written, else items
  public record Batching(
      @Doc("Send what there is after this time.") Duration flushTimeout,
      @Doc("Send as soon as there is this much.") long minSize,
      @Doc("Split what is larger; 0 for no limit.") long maxSize,
      @Doc("What min_size and max_size count: items or bytes.") Optional<Sizer> sizer,
      @Doc("Which batches may be joined.") Partition partition)
      implements Checked {
    public static Batching defaults() {
      return new Batching(
          Duration.ofMillis(200), 8192, 0, Optional.empty(), new Partition(List.of()));
    }

    @Override
    public void check(Findings findings) {
      findings.require(
          flushTimeout.isPositive(), "flush_timeout", flushTimeout + " (expected: more than 0)");
      findings.require(minSize >= 0, "min_size", minSize + " (expected: >= 0)");
      findings.require(
          maxSize == 0 || maxSize >= minSize,
          "max_size",
          maxSize + " (expected: 0, or at least min_size, " + minSize + ")");
      findings.require(
          sizer.orElse(Sizer.ITEMS) != Sizer.REQUESTS,
          "sizer",
          "requests (expected: items or bytes)");
    }
  }

  /// `sending_queue::batch::partition`.
  public record Partition(
      @Doc("One open batch for each combination of these request metadata keys.")
          List<String> metadataKeys)
      implements Checked {
    public static Partition defaults() {
      return new Partition(List.of());
    }

    @Override
    public void check(Findings findings) {
      long distinct = metadataKeys.stream().map(k -> k.toLowerCase(Locale.ROOT)).distinct().count();
      findings.require(
          distinct == metadataKeys.size(),
          "metadata_keys",
          metadataKeys + " (expected: no key twice, whatever its case)");
    }
  }

  public static QueueConfig defaults() {
    return new QueueConfig(
        Optional.empty(), 1000, 10, false, false, Optional.empty(), Optional.empty());
  }

  /// The same queue, if it also does what a stage before it would have done. What counted joined batches
  /// then counts as many items as make one, for it holds batches as they came.
  public QueueConfig joining(Batching batching) {
    long each = itemsOfBatch(batching);
    return new QueueConfig(
        each == 1 ? sizer : Optional.of(Sizer.ITEMS),
        each > Long.MAX_VALUE / queueSize ? Long.MAX_VALUE : queueSize * each,
        numConsumers,
        blockOnOverflow,
        waitForResult,
        storage,
        Optional.of(batching));
  }

  /// How many items stand for one batch in [#joining]; 1 if batches are not what is counted.
  public long itemsOfBatch(Batching batching) {
    boolean sized = batching.minSize() > 0 && batching.minSize() < Integer.MAX_VALUE;
    return unit() == Sizer.REQUESTS && sized ? batching.minSize() : 1;
  }

  public Sizer unit() {
    return sizer.orElse(Sizer.REQUESTS);
  }

  /// The unit of the batch's sizes.
  public Sizer batchUnit() {
    return batch.flatMap(Batching::sizer).or(() -> sizer).orElse(Sizer.ITEMS);
  }

  @Override
  public void check(Findings findings) {
    findings.require(queueSize > 0, "queue_size", queueSize + " (expected: more than 0)");
    findings.require(numConsumers > 0, "num_consumers", numConsumers + " (expected: more than 0)");
    findings.require(
        !(waitForResult && storage.isPresent()),
        "wait_for_result",
        "true with a storage (expected: one or the other)");
    batch.ifPresent(b -> {
      findings.require(
          batchUnit() != Sizer.REQUESTS,
          "sizer",
          "requests together with batch (expected: items or bytes)");
      findings.require(
          batchUnit() != unit() || b.minSize() <= queueSize,
          "batch::min_size",
          b.minSize() + " (expected: at most queue_size, " + queueSize + ")");
    });
  }
}

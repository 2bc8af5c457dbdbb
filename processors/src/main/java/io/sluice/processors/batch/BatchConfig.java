package io.sluice.processors.batch;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.QueueConfig;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `processors::batch`.
public record BatchConfig(
    @Doc("Send what there is after this time; 0: send each batch at once.") Duration timeout,
    @Doc("Send as soon as there are so many spans, data points or log records; 0: no trigger.")
        int sendBatchSize,
    @Doc("Split what is larger; 0 for no limit.") int sendBatchMaxSize,
    @Doc("One batch for each combination of the values of these request metadata keys.")
        List<String> metadataKeys,
    @Doc("How many combinations there may be; requests with one more are refused.")
        int metadataCardinalityLimit)
    implements Checked {
  public static BatchConfig defaults() {
    return new BatchConfig(Duration.ofMillis(200), 8192, 0, List.of(), 1000);
  }

  /// How many items make a batch leave.
  int trigger() {
    return sendBatchSize == 0 ? Integer.MAX_VALUE : sendBatchSize;
  }

  /// The same for a queue.
  QueueConfig.Batching batching() {
    return new QueueConfig.Batching(
        timeout,
        trigger(),
        sendBatchMaxSize,
        Optional.of(QueueConfig.Sizer.ITEMS),
        new QueueConfig.Partition(metadataKeys));
  }

  @Override
  public void check(Findings findings) {
    findings.require(!timeout.isNegative(), "timeout", timeout + " (expected: >= 0)");
    findings.require(sendBatchSize >= 0, "send_batch_size", sendBatchSize + " (expected: >= 0)");
    findings.require(
        sendBatchMaxSize == 0 || sendBatchMaxSize >= sendBatchSize,
        "send_batch_max_size",
        sendBatchMaxSize + " (expected: 0, or at least send_batch_size, " + sendBatchSize + ")");
    long distinct =
        metadataKeys.stream().map(key -> key.toLowerCase(Locale.ROOT)).distinct().count();
    findings.require(
        distinct == metadataKeys.size(),
        "metadata_keys",
        metadataKeys + " (expected: no key twice, whatever its case)");
    findings.require(
        metadataCardinalityLimit >= 0,
        "metadata_cardinality_limit",
        metadataCardinalityLimit + " (expected: >= 0)");
  }
}

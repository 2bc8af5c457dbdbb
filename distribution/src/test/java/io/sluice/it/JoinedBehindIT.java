package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

/// `batch` before a queue on disk, as in the YAML of nearly every Collector: the queue stores what comes
/// before it joins it, so no answer is early.
final class JoinedBehindIT {
  private static final int SPANS = SpanSink.SPANS;
  private static final int BATCH = 30;

  private static String yaml(SpanSink sink) {
    return StoringYaml.to(sink)
        .batch("send_batch_size: 30, send_batch_max_size: 30, timeout: 60s")
        .queue("storage: file_storage")
        .text()
        .replace("queue_size: 100000", "queue_size: 20");
  }

  /// The batch is not full and its time is not up: nothing has left when the process dies.
  @Test
  void whatBatchStillHeldBackSurvivesAKillRightAfterTheAnswer() throws IOException {
    try (var sink = new SpanSink()) {
      var gateway = Gateway.sluice(yaml(sink));
      try {
        var answered = new HashSet<String>();
        for (int life = 0; life < 3; life++) {
          answered.addAll(SpanSink.send(gateway, "life" + life + "-", 3));
          gateway.kill();
          gateway = gateway.again();
        }
        assertThat(sink.names).as("held back").isEmpty();
        answered.addAll(SpanSink.send(gateway, "last-", BATCH / SPANS));
        Eventually.happens(() -> !sink.names.isEmpty(), () -> "no batch is full");
        assertThat(sink.sizes).containsExactly(BATCH);
        gateway.stop();
        assertThat(sink.names).as("a stop sends the rest").isEqualTo(answered);
        assertThat(sink.sizes).containsExactly(BATCH, answered.size() - BATCH);
      } finally {
        gateway.close();
      }
    }
  }

  @Test
  void countsAndMetersAsBatchDoes() throws IOException {
    try (var sink = new SpanSink()) {
      sink.down();
      var gateway = Gateway.sluice(yaml(sink));
      try {
        SpanSink.send(gateway, "a", 4 * BATCH / SPANS);
        Eventually.happens(
            () -> gateway.scrape().contains("otelcol_processor_batch_batch_size_trigger_send"),
            gateway::scrape);
        assertThat(gateway.scrape())
            .containsPattern("otelcol_exporter_queue_size\\{[^}]*} 4\n")
            .containsPattern("otelcol_exporter_queue_capacity\\{[^}]*} 20\n")
            .containsPattern("otelcol_processor_batch_metadata_cardinality\\{[^}]*} 1\n")
            .contains("otelcol_processor_batch_batch_send_size_bucket");
        assertThat(gateway.log()).contains("'batch' joins batches behind the disk queue");
      } finally {
        gateway.stop();
      }
    }
  }
}

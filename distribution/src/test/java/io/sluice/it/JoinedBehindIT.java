package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.sluice.data.Signal;
import io.sluice.testkit.Payloads;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/// `batch` before a queue on disk, as in the YAML of nearly every Collector: the queue stores what comes
/// before it joins it, so no answer is early.
final class JoinedBehindIT {
  private static final int SPANS = 3;
  private static final int BATCH = 30;

  private final Set<String> arrived = ConcurrentHashMap.newKeySet();
  private final List<Integer> sizes = new CopyOnWriteArrayList<>();

  private static String yaml(int port) {
    return """
    extensions:
      file_storage: {directory: "%dir%/queue", create_directory: true}
    receivers:
      otlp: {protocols: {grpc: {endpoint: "127.0.0.1:@grpc@"}}}
    processors:
      batch: {send_batch_size: 30, send_batch_max_size: 30, timeout: 60s}
    exporters:
      otlp_grpc/out:
        endpoint: "127.0.0.1:{sink}"
        tls: {insecure: true}
        compression: none
        retry_on_failure: {initial_interval: 50ms, max_interval: 200ms}
        sending_queue: {storage: file_storage, queue_size: 20}
    service:
      extensions: [file_storage]
      pipelines:
        traces: {receivers: [otlp], processors: [batch], exporters: [otlp_grpc/out]}
    """
        .replace("{sink}", String.valueOf(port));
  }

  private void take(byte[] request) {
    try {
      int size = 0;
      for (var resource : ExportTraceServiceRequest.parseFrom(request).getResourceSpansList()) {
        for (var scope : resource.getScopeSpansList()) {
          scope.getSpansList().forEach(span -> arrived.add(span.getName()));
          size += scope.getSpansCount();
        }
      }
      sizes.add(size);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /// @return the names of the spans that were answered for
  private static Set<String> send(Gateway gateway, String prefix, int requests) {
    var names = new HashSet<String>();
    try (var grpc = new GrpcCaller(gateway.port("grpc"))) {
      for (int i = 0; i < requests; i++) {
        var name = prefix + i + "-";
        var answer =
            grpc.call(Signal.TRACES, Payloads.spans(name, SPANS).otlp().flatten().toArray());
        assertThat(answer.code()).as(answer.message()).isEqualTo(Status.Code.OK);
        for (int j = 0; j < SPANS; j++) {
          names.add(name + "-" + j);
        }
      }
    }
    return names;
  }

  /// The batch is not full and its time is not up: nothing has left when the process dies.
  @Test
  void whatBatchStillHeldBackSurvivesAKillRightAfterTheAnswer() throws IOException {
    try (var sink = new GrpcDestination(this::take)) {
      var gateway = Gateway.sluice(yaml(sink.port()));
      try {
        var answered = new HashSet<String>();
        for (int life = 0; life < 3; life++) {
          answered.addAll(send(gateway, "life" + life + "-", 3));
          gateway.kill();
          gateway = gateway.again();
        }
        assertThat(arrived).as("held back").isEmpty();
        answered.addAll(send(gateway, "last-", BATCH / SPANS));
        Eventually.happens(() -> !arrived.isEmpty(), () -> "no batch is full");
        assertThat(sizes).containsExactly(BATCH);
        gateway.stop();
        assertThat(arrived).as("a stop sends the rest").isEqualTo(answered);
        assertThat(sizes).containsExactly(BATCH, answered.size() - BATCH);
      } finally {
        gateway.close();
      }
    }
  }

  @Test
  void countsAndMetersAsBatchDoes() throws IOException {
    try (var sink = new GrpcDestination(this::take)) {
      sink.answer(Status.UNAVAILABLE, Optional.empty());
      var gateway = Gateway.sluice(yaml(sink.port()));
      try {
        send(gateway, "a", 4 * BATCH / SPANS);
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

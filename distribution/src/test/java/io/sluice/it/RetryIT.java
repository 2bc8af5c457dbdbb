package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.sluice.data.Signal;
import io.sluice.testkit.Payloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// What becomes of batches that a destination does not take at first.
final class RetryIT {
  private static final int SPANS = 60_000;

  private static final String YAML =
      """
      extensions:
        file_storage: {directory: "%dir%/queue", create_directory: true}
      receivers:
        otlp: {protocols: {grpc: {endpoint: "127.0.0.1:@grpc@", max_recv_msg_size_mib: 32}}}
      exporters:
        otlp_grpc/out:
          endpoint: "127.0.0.1:{sink}"
          tls: {insecure: true}
          retry_on_failure: {initial_interval: 10m, max_interval: 10m, max_elapsed_time: 0s}
          sending_queue: {storage: file_storage}
      service:
        extensions: [file_storage]
        pipelines:
          traces: {receivers: [otlp], exporters: [otlp_grpc/out]}
      """;

  private static String yaml(int sink) {
    return YAML.replace("{sink}", String.valueOf(sink));
  }

  private static void send(Gateway gateway, int spans) {
    try (var grpc = new GrpcCaller(gateway.port("grpc"))) {
      var answer = grpc.call(Signal.TRACES, Payloads.spans("s", spans).otlp().flatten().toArray());
      assertThat(answer.code()).as(answer.message()).isEqualTo(Status.Code.OK);
    }
  }

  private static int spans(byte[] request) {
    try {
      return ExportTraceServiceRequest.parseFrom(request).getResourceSpansList().stream()
          .flatMap(resource -> resource.getScopeSpansList().stream())
          .mapToInt(scope -> scope.getSpansCount())
          .sum();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /// gRPC for Java takes 4 MiB. Of a compressed message it only says UNKNOWN.
  @Test
  void whatIsTooLargeForTheDestinationArrivesInPieces() throws IOException {
    var arrived = new AtomicLong();
    try (var sink = new GrpcDestination(request -> arrived.addAndGet(spans(request)));
        var gateway =
            Gateway.sluice(yaml(sink.port()).replace("tls:", "compression: none\n    tls:"))) {
      assertThat(Payloads.spans("s", SPANS).sizeInBytes()).isGreaterThan(4 << 20);
      send(gateway, SPANS);
      Eventually.happens(() -> arrived.get() >= SPANS, () -> arrived + "\n" + gateway.log());
      assertThat(gateway.scrape()).doesNotContain("sluice_exporter_dead_lettered");
    }
  }

  /// So does gRPC for Go, but it has other words for it.
  @Test
  void whatIsTooLargeForACollectorArrivesInPieces() throws IOException {
    var theirs =
        """
        receivers:
          otlp: {protocols: {grpc: {endpoint: "127.0.0.1:@grpc@", max_recv_msg_size_mib: 1}}}
        exporters:
          file: {path: "%dir%/out.json", flush_interval: 100ms}
        service:
          pipelines:
            traces: {receivers: [otlp], exporters: [file]}
        """;
    try (var collector = Gateway.collector(theirs);
        var gateway = Gateway.sluice(yaml(collector.port("grpc")))) {
      send(gateway, SPANS);
      var file = collector.file("out.json");
      Eventually.happens(() -> names(file) >= SPANS, () -> names(file) + "\n" + gateway.log());
      assertThat(names(file)).isEqualTo(SPANS);
    }
  }

  private static int names(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file).split("\"traceId\"", -1).length - 1 : 0;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// It is read when the exporter runs and not before: else the first attempts would fail, and the rest wait.
  @Test
  void aBacklogNeedsNoRetryAfterAStart() throws IOException {
    var arrived = new AtomicLong();
    try (var sink = new GrpcDestination(request -> arrived.addAndGet(spans(request)))) {
      sink.answer(Status.UNAVAILABLE, Optional.empty());
      var gateway = Gateway.sluice(yaml(sink.port()));
      try {
        for (int i = 0; i < 30; i++) {
          send(gateway, 10);
        }
        gateway.stop();
        sink.answer(Status.OK, Optional.empty());
        gateway = gateway.again();
        var log = gateway.server();
        Eventually.happens(() -> arrived.get() >= 300, log::log);
      } finally {
        gateway.close();
      }
    }
  }
}

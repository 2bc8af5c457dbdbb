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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/// What becomes of a backlog whose exporter goes from the configuration, at a start and at a reload.
final class OrphanIT {
  private static final int SPANS = 3;
  private static final String YAML =
      """
      extensions:
        file_storage: {directory: "%dir%/queue", create_directory: true, orphan: ORPHAN}
      receivers:
        otlp: {protocols: {grpc: {endpoint: "127.0.0.1:@grpc@"}}}
      exporters:
        otlp_grpc/out:
          endpoint: "127.0.0.1:{sink}"
          tls: {insecure: true}
          headers: {x-key: "${env:HOME}"}
          retry_on_failure: {initial_interval: 50ms, max_interval: 200ms}
          sending_queue: {storage: file_storage}
        nop:
      service:
        extensions: [file_storage]
        pipelines:
          traces: {receivers: [otlp], exporters: [EXPORTERS]}
      """;

  private static final class Sink implements AutoCloseable {
    final Set<String> names = ConcurrentHashMap.newKeySet();
    final GrpcDestination destination;

    Sink() throws IOException {
      destination = new GrpcDestination(this::take);
      down();
    }

    private void take(byte[] request) {
      try {
        for (var resource : ExportTraceServiceRequest.parseFrom(request).getResourceSpansList()) {
          resource
              .getScopeSpansList()
              .forEach(scope -> scope.getSpansList().forEach(span -> names.add(span.getName())));
        }
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException(e);
      }
    }

    void up() {
      destination.answer(Status.OK, Optional.empty());
    }

    void down() {
      destination.answer(Status.UNAVAILABLE, Optional.empty());
    }

    void awaitSpans(int count) {
      Eventually.happens(() -> names.size() == count, names::toString);
    }

    String yaml(String orphan, String exporters) {
      return YAML.replace("{sink}", String.valueOf(destination.port()))
          .replace("ORPHAN", orphan)
          .replace("EXPORTERS", exporters);
    }

    /// As after somebody removed the exporter.
    String without(String orphan) {
      var yaml = yaml(orphan, "nop");
      int from = yaml.indexOf("  otlp_grpc/out:");
      return yaml.substring(0, from) + yaml.substring(yaml.indexOf("  nop:"));
    }

    @Override
    public void close() {
      destination.close();
    }
  }

  private static void send(Gateway gateway, String prefix, int requests) {
    try (var grpc = new GrpcCaller(gateway.port("grpc"))) {
      for (int i = 0; i < requests; i++) {
        var request = Payloads.spans(prefix + i, SPANS).otlp().flatten().toArray();
        var answer = grpc.call(Signal.TRACES, request);
        assertThat(answer.code()).as(answer.message()).isEqualTo(Status.Code.OK);
      }
    }
  }

  private static Path kept(Gateway gateway) {
    return gateway.file("queue").resolve("destinations/otlp_grpc%2Fout.yaml");
  }

  @Test
  void aReloadThatRemovesAnExporterWithABacklogIsRefused() throws IOException {
    try (var sink = new Sink();
        var gateway = Gateway.sluice(sink.yaml("error", "otlp_grpc/out"))) {
      send(gateway, "a", 4);
      gateway.reload(sink.without("error"));
      gateway.server().awaitLog("The configuration was not reloaded; the one before goes on.", 1);
      assertThat(gateway.log()).contains("otlp_grpc/out:traces (12 items)", "orphan: drop");
      send(gateway, "b", 1);
      sink.up();
      sink.awaitSpans(15);
      gateway.settle();
      gateway.reload(sink.without("error"));
      gateway.server().awaitLog("Configuration reloaded.", 1);
    }
  }

  @Test
  void aReloadThatDropsSaysHowMuch() throws IOException {
    try (var sink = new Sink();
        var gateway = Gateway.sluice(sink.yaml("drop", "otlp_grpc/out"))) {
      send(gateway, "a", 4);
      gateway.reload(sink.without("drop"));
      gateway.server().awaitLog("Dropping what is stored for exporters that are gone", 1);
      Eventually.happens(
          () ->
              gateway
                  .scrape()
                  .lines()
                  .anyMatch(line ->
                      line.startsWith("sluice_storage_orphaned_items") && line.endsWith(" 12")),
          gateway::scrape);
    }
  }

  @Test
  void whatIsLeftBehindByAReloadIsDrainedAndForgotten() throws IOException {
    try (var sink = new Sink();
        var gateway = Gateway.sluice(sink.yaml("drain", "otlp_grpc/out"))) {
      send(gateway, "a", 4);
      assertThat(kept(gateway)).exists();
      gateway.reload(sink.without("drain"));
      gateway.server().awaitLog("Draining what is stored for exporters that are gone", 1);
      assertThat(gateway.scrape())
          .containsPattern("sluice_storage_draining_items\\{.*otlp_grpc/out:traces.*} 12");
      sink.up();
      sink.awaitSpans(12);
      gateway.server().awaitLog("All that was stored for an exporter that is gone is delivered", 1);
      Eventually.happens(() -> !Files.exists(kept(gateway)), gateway::log);
    }
  }

  @Test
  void whatIsLeftBehindByAStopIsDrainedAndForgotten() throws IOException {
    try (var sink = new Sink()) {
      var gateway = Gateway.sluice(sink.yaml("drain", "otlp_grpc/out"));
      send(gateway, "a", 4);
      assertThat(gateway.stop()).isZero();
      assertThat(Files.readString(kept(gateway)))
          .contains("${env:HOME}", "traces")
          .doesNotContain("\"" + System.getenv("HOME") + "\"");

      gateway = gateway.again(sink.without("drain"));
      assertThat(gateway.log())
          .contains("Draining what is stored for exporters that are gone", "12 items");
      sink.up();
      sink.awaitSpans(12);
      gateway.server().awaitLog("All that was stored for an exporter that is gone is delivered", 1);
      var file = kept(gateway);
      Eventually.happens(() -> !Files.exists(file), gateway::log);
      gateway.close();

      gateway = gateway.again();
      assertThat(gateway.log()).doesNotContain("Draining");
      gateway.close();
    }
  }
}

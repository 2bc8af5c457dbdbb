package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.sluice.data.Signal;
import io.sluice.it.Gateway.Kind;
import io.sluice.testkit.Payloads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What users do with a disk queue: restarts, reloads, exporters that go. What the world does to it is in
/// [io.sluice.it.durability.FaultsIT].
final class DurabilityIT {
  private static final int SPANS = 3;
  private static final String YAML =
      """
      extensions:
        file_storage: {directory: "%dir%/queue", create_directory: true}
      receivers:
        otlp: {protocols: {grpc: {endpoint: "127.0.0.1:@grpc@"}}}
      exporters:
        otlp_grpc/out:
          endpoint: "127.0.0.1:{sink}"
          tls: {insecure: true}
          compression: none
          retry_on_failure: {initial_interval: 50ms, max_interval: 200ms}
          sending_queue: {storage: file_storage, queue_size: 100000}
      service:
        extensions: [file_storage]
        pipelines:
          traces: {receivers: [otlp], exporters: [otlp_grpc/out]}
      """;

  /// Names of spans that have arrived.
  private static final class Sink implements AutoCloseable {
    final Set<String> names = ConcurrentHashMap.newKeySet();
    final GrpcDestination destination;

    Sink() throws IOException {
      destination = new GrpcDestination(this::take);
    }

    private void take(byte[] request) {
      try {
        for (var resource : ExportTraceServiceRequest.parseFrom(request).getResourceSpansList()) {
          for (var scope : resource.getScopeSpansList()) {
            scope.getSpansList().forEach(span -> names.add(span.getName()));
          }
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

    void awaitAll(Set<String> names) {
      Eventually.happens(
          () -> this.names.containsAll(names),
          () -> {
            var missing = new ArrayList<>(names);
            missing.removeAll(this.names);
            return "lost: " + missing;
          });
    }

    String yaml() {
      return YAML.replace("{sink}", String.valueOf(destination.port()));
    }

    @Override
    public void close() {
      destination.close();
    }
  }

  private static List<String> names(String prefix) {
    var names = new ArrayList<String>();
    for (int i = 0; i < SPANS; i++) {
      names.add(prefix + "-" + i);
    }
    return names;
  }

  private static Set<String> send(Gateway gateway, String prefix, int requests) {
    Set<String> names = ConcurrentHashMap.newKeySet();
    try (var grpc = new GrpcCaller(gateway.port("grpc"))) {
      for (int i = 0; i < requests; i++) {
        var request = Payloads.spans(prefix + i + "-", SPANS).otlp().flatten().toArray();
        var answer = grpc.call(Signal.TRACES, request);
        assertThat(answer.code()).as(answer.message()).isEqualTo(Status.Code.OK);
        names.addAll(names(prefix + i + "-"));
      }
    }
    return names;
  }

  @Test
  void whatADeadBackendDidNotTakeIsDeliveredAfterARestart() throws IOException {
    try (var sink = new Sink()) {
      sink.down();
      var gateway = Gateway.sluice(sink.yaml());
      var answered = send(gateway, "a", 50);
      assertThat(gateway.scrape())
          .containsPattern("otelcol_exporter_queue_size\\{.*otlp_grpc/out.*} 50");
      assertThat(gateway.stop()).as(gateway.log()).isZero();
      assertThat(gateway.log())
          .contains("Shutdown complete.")
          .doesNotContain("did not end in time");

      gateway = gateway.again();
      assertThat(gateway.log()).contains("Delivering what was stored before");
      answered.addAll(send(gateway, "b", 10));
      sink.up();
      sink.awaitAll(answered);
      gateway.close();
    }
  }

  @Test
  void aSecondProcessOnTheDirectoryIsRefused() throws IOException {
    try (var sink = new Sink();
        var gateway = Gateway.sluice(sink.yaml())) {
      var second =
          Programs.run(
              Map.of(),
              Kind.SLUICE.command(
                  "--config=" + gateway.file("gateway.yaml"),
                  "--set=receivers.otlp.protocols.grpc.endpoint=127.0.0.1:0",
                  "--set=service.telemetry.metrics.level=none"));
      assertThat(second.status()).as(second.output()).isEqualTo(1);
      assertThat(second.output())
          .contains(
              "file_storage", gateway.file("queue").toString(), "another process has it open");
      sink.awaitAll(send(gateway, "a", 5));
    }
  }

  @Test
  void aReloadKeepsQueues() throws IOException {
    try (var sink = new Sink()) {
      sink.down();
      try (var gateway = Gateway.sluice(sink.yaml())) {
        var answered = send(gateway, "a", 20);
        gateway.reload(sink.yaml().replace("compression: none", "compression: gzip"));
        gateway.server().awaitLog("Configuration reloaded.", 1);
        answered.addAll(send(gateway, "b", 20));
        gateway.reload(
            sink.yaml()
                .replace("create_directory: true", "create_directory: true, age_max: 1000h"));
        gateway.server().awaitLog("Configuration reloaded.", 2);
        answered.addAll(send(gateway, "c", 20));
        sink.up();
        sink.awaitAll(answered);
      }
    }
  }

  @Test
  void aQueueWhoseExporterIsGoneIsAnErrorUnlessItIsToBeDropped() throws IOException {
    try (var sink = new Sink()) {
      sink.down();
      var gateway = Gateway.sluice(sink.yaml());
      send(gateway, "a", 5);
      assertThat(gateway.stop()).isZero();
      var renamed = sink.yaml().replace("otlp_grpc/out", "otlp_grpc/other");
      var other = renamed.replace("%dir%", gateway.file("").toString()).replace("@grpc@", "0");
      var refused =
          Programs.run(
              Map.of(),
              Kind.SLUICE.command(
                  "--config=yaml:" + other, "--set=service.telemetry.metrics.level=none"));
      assertThat(refused.status()).as(refused.output()).isEqualTo(1);
      assertThat(refused.output()).contains("otlp_grpc/out:traces (15 items)", "orphan: drop");
    }
  }

  @Test
  void aSignalThatAReloadAddsIsDelivered() throws IOException {
    try (var sink = new Sink();
        var gateway = Gateway.sluice(sink.yaml())) {
      sink.awaitAll(send(gateway, "a", 1));
      gateway.reload(sink.yaml() + "    logs: {receivers: [otlp], exporters: [otlp_grpc/out]}\n");
      gateway.server().awaitLog("Configuration reloaded.", 1);
      try (var grpc = new GrpcCaller(gateway.port("grpc"))) {
        var request = Payloads.logs("line", SPANS).otlp().flatten().toArray();
        assertThat(grpc.call(Signal.LOGS, request).code()).isEqualTo(Status.Code.OK);
      }
      var sent = Pattern.compile("otelcol_exporter_sent_log_records\\{.*otlp_grpc/out.*} " + SPANS);
      Eventually.happens(
          () -> sent.matcher(gateway.scrape()).find(), () -> "no log was sent:\n" + gateway.log());
    }
  }

  /// The receiver's port is taken; the storage would have come after it.
  @Test
  void aReloadThatFailsElsewhereLeavesTheStorageAsItWas() throws IOException {
    try (var sink = new Sink();
        var gateway = Gateway.sluice(sink.yaml())) {
      sink.down();
      var answered = send(gateway, "a", 5);
      var taken =
          "  otlp/taken: {protocols: {grpc: {endpoint: \"127.0.0.1:%d\"}}}\nexporters:"
              .formatted(sink.destination.port());
      gateway.reload(
          sink.yaml()
              .replace(
                  "create_directory: true", "create_directory: true, orphan: drop, age_max: 9h")
              .replace("exporters:\n  otlp_grpc/out", taken + "\n  otlp_grpc/out")
              .replace("receivers: [otlp]", "receivers: [otlp, otlp/taken]"));
      gateway.server().awaitLog("the one before goes on", 1);
      answered.addAll(send(gateway, "b", 5));
      sink.up();
      sink.awaitAll(answered);
    }
  }
}

package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.sluice.data.Signal;
import io.sluice.it.Gateway.Kind;
import io.sluice.testkit.Payloads;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What users do with a disk queue: restarts, reloads, exporters that go. What the world does to it is in
/// [io.sluice.it.durability.FaultsIT].
final class DurabilityIT {
  @Test
  void whatADeadBackendDidNotTakeIsDeliveredAfterARestart() throws IOException {
    try (var sink = new SpanSink()) {
      sink.down();
      var gateway = Gateway.sluice(StoringYaml.to(sink).text());
      var answered = SpanSink.send(gateway, "a", 50);
      assertThat(gateway.scrape())
          .containsPattern("otelcol_exporter_queue_size\\{.*otlp_grpc/out.*} 50");
      assertThat(gateway.stop()).as(gateway.log()).isZero();
      assertThat(gateway.log())
          .contains("Shutdown complete.")
          .doesNotContain("did not end in time");

      gateway = gateway.again();
      assertThat(gateway.log()).contains("Delivering what was stored before");
      answered.addAll(SpanSink.send(gateway, "b", 10));
      sink.up();
      sink.awaitAll(answered);
      gateway.close();
    }
  }

  @Test
  void aSecondProcessOnTheDirectoryIsRefused() throws IOException {
    try (var sink = new SpanSink();
        var gateway = Gateway.sluice(StoringYaml.to(sink).text())) {
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
      sink.awaitAll(SpanSink.send(gateway, "a", 5));
    }
  }

  @Test
  void aReloadKeepsQueues() throws IOException {
    try (var sink = new SpanSink()) {
      var yaml = StoringYaml.to(sink);
      sink.down();
      try (var gateway = Gateway.sluice(StoringYaml.to(sink).text())) {
        var answered = SpanSink.send(gateway, "a", 20);
        gateway.reload(yaml.exporter("timeout: 9s").text());
        gateway.server().awaitLog("Configuration reloaded.", 1);
        answered.addAll(SpanSink.send(gateway, "b", 20));
        gateway.reload(yaml.storage("age_max: 1000h").text());
        gateway.server().awaitLog("Configuration reloaded.", 2);
        answered.addAll(SpanSink.send(gateway, "c", 20));
        sink.up();
        sink.awaitAll(answered);
      }
    }
  }

  @Test
  void aQueueWhoseExporterIsGoneIsAnErrorUnlessItIsToBeDropped() throws IOException {
    try (var sink = new SpanSink()) {
      sink.down();
      var gateway = Gateway.sluice(StoringYaml.to(sink).text());
      SpanSink.send(gateway, "a", 5);
      assertThat(gateway.stop()).isZero();
      var renamed = StoringYaml.to(sink).text().replace("otlp_grpc/out", "otlp_grpc/other");
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
    try (var sink = new SpanSink();
        var gateway = Gateway.sluice(StoringYaml.to(sink).text())) {
      sink.awaitAll(SpanSink.send(gateway, "a", 1));
      gateway.reload(
          StoringYaml.to(sink).text()
              + "    logs: {receivers: [otlp], exporters: [otlp_grpc/out]}\n");
      gateway.server().awaitLog("Configuration reloaded.", 1);
      try (var grpc = new GrpcCaller(gateway.port("grpc"))) {
        var request = Payloads.logs("line", 3).otlp().flatten().toArray();
        assertThat(grpc.call(Signal.LOGS, request).code()).isEqualTo(Status.Code.OK);
      }
      var sent = Pattern.compile("otelcol_exporter_sent_log_records\\{.*otlp_grpc/out.*} 3");
      Eventually.happens(
          () -> sent.matcher(gateway.scrape()).find(), () -> "no log was sent:\n" + gateway.log());
    }
  }

  /// The receiver's port is taken; the storage would have come after it.
  @Test
  void aReloadThatFailsElsewhereLeavesTheStorageAsItWas() throws IOException {
    try (var sink = new SpanSink();
        var gateway = Gateway.sluice(StoringYaml.to(sink).text())) {
      sink.down();
      var answered = SpanSink.send(gateway, "a", 5);
      var taken =
          "\n  otlp/taken: {protocols: {grpc: {endpoint: \"127.0.0.1:%d\"}}}\nprocessors:"
              .formatted(sink.port());
      gateway.reload(
          StoringYaml.to(sink)
              .storage("orphan: drop, age_max: 9h")
              .text()
              .replace("\nprocessors:", taken)
              .replace("receivers: [otlp]", "receivers: [otlp, otlp/taken]"));
      gateway.server().awaitLog("the one before goes on", 1);
      assertThat(gateway.log()).contains("otlp/taken", "Address already in use");
      answered.addAll(SpanSink.send(gateway, "b", 5));
      sink.up();
      sink.awaitAll(answered);
    }
  }
}

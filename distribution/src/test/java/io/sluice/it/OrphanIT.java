package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// What becomes of a backlog whose exporter goes from the configuration, at a start and at a reload.
final class OrphanIT {
  private static StoringYaml yaml(SpanSink sink, String orphan) {
    return StoringYaml.to(sink)
        .storage("orphan: " + orphan)
        .exporter("headers: {x-key: \"${env:HOME}\"}");
  }

  private static SpanSink downSink() throws IOException {
    var sink = new SpanSink();
    sink.down();
    return sink;
  }

  private static Path kept(Gateway gateway) {
    return gateway.file("queue").resolve("destinations/otlp_grpc%2Fout.yaml");
  }

  @Test
  void aReloadThatRemovesAnExporterWithABacklogIsRefused() throws IOException {
    try (var sink = downSink();
        var gateway = Gateway.sluice(yaml(sink, "error").text())) {
      SpanSink.send(gateway, "a", 4);
      gateway.reload(yaml(sink, "error").withoutExporter().text());
      gateway.server().awaitLog("The configuration was not reloaded; the one before goes on.", 1);
      assertThat(gateway.log()).contains("otlp_grpc/out:traces (12 items)", "orphan: drop");
      SpanSink.send(gateway, "b", 1);
      sink.up();
      sink.awaitSpans(15);
      gateway.settle();
      gateway.reload(yaml(sink, "error").withoutExporter().text());
      gateway.server().awaitLog("Configuration reloaded.", 1);
    }
  }

  @Test
  void aReloadThatDropsSaysHowMuch() throws IOException {
    try (var sink = downSink();
        var gateway = Gateway.sluice(yaml(sink, "drop").text())) {
      SpanSink.send(gateway, "a", 4);
      gateway.reload(yaml(sink, "drop").withoutExporter().text());
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
    try (var sink = downSink();
        var gateway = Gateway.sluice(yaml(sink, "drain").text())) {
      SpanSink.send(gateway, "a", 4);
      assertThat(kept(gateway)).exists();
      gateway.reload(yaml(sink, "drain").withoutExporter().text());
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
    try (var sink = downSink()) {
      var gateway = Gateway.sluice(yaml(sink, "drain").text());
      SpanSink.send(gateway, "a", 4);
      assertThat(gateway.stop()).isZero();
      assertThat(Files.readString(kept(gateway)))
          .contains("${env:HOME}", "traces")
          .doesNotContain("\"" + System.getenv("HOME") + "\"");

      gateway = gateway.again(yaml(sink, "drain").withoutExporter().text());
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

  private static StoringYaml moved(SpanSink sink, String orphan, String storage) {
    return yaml(sink, orphan)
        .storages(
            new StoringYaml.Storage("", ", orphan: " + orphan),
            new StoringYaml.Storage("/other", ""))
        .queue(storage);
  }

  @Test
  void whatAnExporterLeavesInItsStorageWhenItMovesIsDrained() throws IOException {
    try (var sink = downSink();
        var gateway = Gateway.sluice(moved(sink, "drain", "storage: file_storage").text())) {
      SpanSink.send(gateway, "a", 4);
      gateway.reload(moved(sink, "drain", "storage: file_storage/other").text());
      gateway.server().awaitLog("Configuration reloaded.", 1);
      SpanSink.send(gateway, "b", 4);
      gateway.reload(moved(sink, "drain", "num_consumers: 3").text());
      gateway.server().awaitLog("The configuration was not reloaded", 1);
      assertThat(gateway.log())
          .contains("file_storage/other", "otlp_grpc/out:traces (12 items)", "orphan: drain");
      sink.up();
      sink.awaitSpans(24);
      Eventually.happens(() -> !Files.exists(kept(gateway)), gateway::log);
    }
  }

  @Test
  void whatAnExporterLeftInItsStorageWhenItMovedIsDrainedAfterAStart() throws IOException {
    try (var sink = downSink()) {
      var gateway = Gateway.sluice(moved(sink, "drain", "storage: file_storage").text());
      SpanSink.send(gateway, "a", 4);
      assertThat(gateway.stop()).isZero();
      gateway = gateway.again(moved(sink, "drain", "num_consumers: 3").text());
      assertThat(gateway.log())
          .contains("Draining what is stored for exporters that are gone", "12 items");
      sink.up();
      sink.awaitSpans(12);
      gateway.close();
    }
  }

  @Test
  void anExporterThatMovesAwayFromABacklogIsRefusedUnlessItIsToBeDrained() throws IOException {
    try (var sink = downSink();
        var gateway = Gateway.sluice(moved(sink, "error", "storage: file_storage").text())) {
      SpanSink.send(gateway, "a", 4);
      for (int i = 1; i <= 2; i++) {
        gateway.reload(
            moved(sink, "error", i == 1 ? "storage: file_storage/other" : "num_consumers: 3")
                .text());
        gateway.server().awaitLog("The configuration was not reloaded", i);
      }
      assertThat(gateway.log())
          .contains("otlp_grpc/out:traces (12 items)", "with this storage", "orphan: drain");
      SpanSink.send(gateway, "b", 1);
      sink.up();
      sink.awaitSpans(15);
    }
  }
}

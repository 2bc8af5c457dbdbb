package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.Gateway.Kind;
import io.sluice.it.Programs.Ended;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `sluice queue` beside a gateway that runs, and without one.
final class QueueIT {
  private static final int SPANS = SpanSink.SPANS;
  private static final String QUEUE = "otlp_grpc/out:traces";

  private static StoringYaml yaml(SpanSink sink) {
    return StoringYaml.to(sink).withAdmin().queue("storage: file_storage, num_consumers: 1");
  }

  private static Ended queue(String... words) {
    var all = new ArrayList<>(List.of("queue"));
    all.addAll(Arrays.asList(words));
    return Programs.run(Map.of(), Kind.SLUICE.command(all.toArray(String[]::new)));
  }

  private static String done(String... words) {
    var ended = queue(words);
    assertThat(ended.status()).as("%s: %s", List.of(words), ended.output()).isZero();
    return ended.output();
  }

  private static String directory(Gateway gateway) {
    var directory = gateway.file("queue");
    Eventually.happens(() -> Files.exists(directory.resolve("admin.json")), gateway::log);
    return directory.toString();
  }

  private static void listed(String output, int records, int letters) {
    assertThat(output)
        .containsPattern(
            QUEUE
                + " +"
                + records
                + " +"
                + records * SPANS
                + " +\\d+ +(\\d+[smhd].*|-) +"
                + letters);
  }

  @Test
  void aBacklogIsListedExportedAndDroppedWhileTheGatewayRuns() throws IOException {
    try (var sink = new SpanSink()) {
      sink.down();
      try (var gateway = Gateway.sluice(yaml(sink).text())) {
        SpanSink.send(gateway, "a", 5);
        var at = directory(gateway);
        listed(done("ls", at), 5, 0);
        assertThat(done("ls", "--json", "--config", gateway.file("gateway.yaml").toString()))
            .contains("\"records\" : 5", gateway.uri("admin", "").toString());
        assertThat(done("show", at)).contains("traces  3 items", "received     by otlp over grpc");
        assertThat(done("export", at).lines().filter(line -> line.startsWith("{")))
            .hasSize(5)
            .allMatch(line -> line.contains("resourceSpans"));
        var file = gateway.file("export.bin");
        done("export", at, "--format", "proto", "--limit=2", "--output", file.toString());
        assertThat(Files.size(file)).isPositive();
        var again = queue("export", at, "--output", file.toString());
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.output()).contains("is there already");
        assertThat(done("check", at)).contains("no damage");

        var unconfirmed = queue("drop", at, "--destination", QUEUE);
        assertThat(unconfirmed.status()).isEqualTo(1);
        assertThat(unconfirmed.output()).contains("15 items", "[y/N]", "Nothing was dropped.");
        listed(done("ls", at), 5, 0);
        assertThat(done("drop", at, "--destination", QUEUE, "--yes"))
            .contains("dropped 4 batches with 12 items", "1 are being sent just now");
        listed(done("ls", at), 1, 0);
        assertThat(gateway.scrape())
            .containsPattern("sluice_items\\{.*reason=\"by_operator\".*} 12");
        sink.up();
        Eventually.happens(() -> sink.names.size() == SPANS, () -> sink.names.toString());
      }
    }
  }

  @Test
  void aDeadLetterIsShownInTheBackendsWordsAndDeliveredWhenItIsReplayed() throws IOException {
    try (var sink = new SpanSink()) {
      sink.reject("span names must rhyme");
      try (var gateway = Gateway.sluice(yaml(sink).text())) {
        SpanSink.send(gateway, "a", 2);
        var at = directory(gateway);
        Eventually.happens(
            () -> done("ls", at).contains("  0  "), // all are dead letters
            gateway::log);
        assertThat(done("show", at, "--dead-letters"))
            .contains("span names must rhyme", "INVALID", "destination  " + QUEUE);
        sink.up();
        assertThat(done("replay", at, "--destination", QUEUE)).contains("6 items are in the queue");
        Eventually.happens(() -> sink.names.size() == 2 * SPANS, () -> sink.names.toString());
        Eventually.happens(
            () -> done("ls", at).matches("(?s).* 0 +0 +0 +- +0\\s*"), () -> done("ls", at));
        gateway.settle();
      }
    }
  }

  @Test
  void withoutAGatewayTheFilesAreReadAndChanged() throws IOException {
    try (var sink = new SpanSink()) {
      sink.reject("no");
      var gateway = Gateway.sluice(yaml(sink).text());
      SpanSink.send(gateway, "dead", 1);
      var at = directory(gateway);
      Eventually.happens(() -> done("ls", at).contains("-  "), gateway::log);
      sink.down();
      SpanSink.send(gateway, "a", 4);
      assertThat(gateway.stop()).isZero();
      assertThat(Path.of(at, "admin-token")).doesNotExist();

      var ls = done("ls", at);
      assertThat(ls).contains(QUEUE);
      assertThat(done("show", "--dead-letters", at))
          .contains("INVALID", "message      INVALID_ARGUMENT: no");
      assertThat(done("export", at).lines().filter(line -> line.startsWith("{"))).hasSize(4);
      var id = firstId(done("show", at, "--limit", "1"));
      assertThat(done("drop", at, "--destination", QUEUE, "--id", id, "--yes"))
          .contains("dropped 1 batches with 3 items");
      done("replay", at);
      assertThat(done("ls", at)).containsPattern(QUEUE + " +\\d+ +12 ");

      sink.up();
      gateway = gateway.again();
      Eventually.happens(() -> sink.names.size() == 4 * SPANS, () -> sink.names.toString());
      assertThat(sink.names).as("dropped").doesNotContain("a0-0");
      gateway.close();
    }
  }

  private static String firstId(String shown) {
    var matcher = Pattern.compile("id (\\d+)").matcher(shown);
    assertThat(matcher.find()).as(shown).isTrue();
    return matcher.group(1);
  }

  @Test
  void checkFindsAFlippedBit() throws IOException {
    try (var sink = new SpanSink()) {
      sink.down();
      var gateway = Gateway.sluice(yaml(sink).text());
      SpanSink.send(gateway, "a", 3);
      var at = directory(gateway);
      assertThat(gateway.stop()).isZero();
      assertThat(done("check", at)).contains("3 whole records", "no damage");

      var shown = done("show", at);
      var place = Pattern.compile("at +(\\S+), offset (\\d+)").matcher(shown);
      assertThat(place.find()).as(shown).isTrue();
      long offset = Long.parseLong(place.group(2));
      flip(Path.of(at, place.group(1)), offset + 90);
      var damaged = queue("check", at);
      assertThat(damaged.status()).isEqualTo(1);
      assertThat(damaged.output())
          .contains(place.group(1) + ": offset " + offset, "2 whole records", "1 place is damaged");
    }
  }

  private static void flip(Path path, long at) throws IOException {
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(at);
      int old = file.read();
      file.seek(at);
      file.write(old ^ 4);
    }
  }

  @Test
  void withoutAnAdminPortARunningGatewaysFilesAreOnlyRead() throws IOException {
    try (var sink = new SpanSink()) {
      sink.down();
      var gateway = Gateway.sluice(StoringYaml.to(sink).text());
      SpanSink.send(gateway, "a", 2);
      var at = gateway.file("queue").toString();
      assertThat(done("ls", at)).contains(QUEUE, "it has no admin port");
      var drop = queue("drop", at, "--all", "--yes");
      assertThat(drop.status()).isEqualTo(1);
      assertThat(drop.output()).contains(at, "extensions: admin", "or the gateway stopped");
      gateway.kill();
    }
  }

  @Test
  void figuresAndBooksGoOnAfterARestart() throws IOException {
    try (var sink = new SpanSink()) {
      sink.down();
      var gateway = Gateway.sluice(yaml(sink).text());
      SpanSink.send(gateway, "a", 5);
      assertThat(gateway.scrape())
          .contains(
              "sluice_storage_commit_duration",
              "sluice_storage_commit_failures{",
              "sluice_storage_quarantined_batches{",
              "sluice_storage_quarantined_bytes{",
              "sluice_storage_free_bytes{",
              "sluice_storage_bytes{",
              "sluice_storage_dead_letter_bytes{",
              "sluice_exporter_queue_stored_bytes{",
              "sluice_exporter_queue_oldest_age_seconds{",
              "otelcol_exporter_queue_size{",
              "otelcol_exporter_queue_capacity{");
      assertThat(gateway.stop()).isZero();

      gateway = gateway.again();
      balanced(gateway, "state=\"received\"", 15);
      assertThat(gateway.scrape())
          .containsPattern("sluice_items_held\\{.*exporter:otlp_grpc/out:traces.*} 15\n");
      sink.up();
      Eventually.happens(() -> sink.names.size() == 5 * SPANS, () -> sink.names.toString());
      gateway.settle();
      balanced(gateway, "state=\"delivered\"", 15);
      assertThat(gateway.scrape())
          .as("one of them had been on its way")
          .containsPattern("sluice_storage_redelivered_items\\{.*otlp_grpc/out:traces.*} [1-9]");

      sink.reject("no");
      SpanSink.send(gateway, "b", 1);
      var running = gateway;
      Eventually.happens(
          () -> running.scrape().contains("sluice_exporter_dead_lettered_spans{"), gateway::scrape);
      gateway.close();
    }
  }

  private static void balanced(Gateway gateway, String state, int items) {
    assertThat(gateway.scrape().lines())
        .anyMatch(line ->
            line.startsWith("sluice_items{")
                && line.contains("exporter:otlp_grpc/out:traces")
                && line.contains(state)
                && line.endsWith(" " + items))
        .noneMatch(line -> line.startsWith("sluice_items_residue") && !line.endsWith(" 0"));
  }

  @Test
  void mistakesAreNamed() {
    var nowhere = queue("ls", "/nowhere/at/all");
    assertThat(nowhere.status()).isEqualTo(1);
    assertThat(nowhere.output()).contains("/nowhere/at/all: no such directory");
    var unknown = queue("list");
    assertThat(unknown.status()).isEqualTo(2);
    assertThat(unknown.output()).contains("'queue list'", "ls, show, export");
    assertThat(queue("--help").output()).contains("sluice queue COMMAND");
  }
}

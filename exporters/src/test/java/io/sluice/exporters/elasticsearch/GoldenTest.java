package io.sluice.exporters.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
import io.sluice.data.Origin;
import io.sluice.pipeline.Outcome;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each folder of `golden/elasticsearch` holds a configuration, a batch and the lines that must arrive, worked
/// out by hand from the specifications; a last line that is no JSON is the outcome where it is not plain
/// acceptance. Comments in the configuration: `# exporter: opensearch`, `# metadata: mode` is what the sender asked
/// for, `# now: instant`, and `# query: text` is what each request's address must end with.
class GoldenTest {
  static Stream<Path> cases() throws IOException, URISyntaxException {
    var root =
        Path.of(
            Objects.requireNonNull(GoldenTest.class.getResource("/golden/elasticsearch")).toURI());
    try (var folders = Files.list(root)) {
      return folders.sorted().toList().stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void arrivesAsTheSpecificationsSay(Path folder) throws Exception {
    var yaml = Files.readString(folder.resolve("config.yaml"));
    try (var server = new BulkServer();
        var sending = sending(yaml, server.endpoint())) {
      var outcome = sending.send(batch(folder, yaml));
      assertThat(server.requests).allMatch(request -> request.uri().endsWith(said("query", yaml)));
      var arrived = new ArrayList<>();
      server.requests.forEach(request -> arrived.addAll(lines(request.text().lines().toList())));
      if (!(outcome instanceof Outcome.Accepted)) {
        arrived.add(text(outcome));
      }
      assertThat(arrived)
          .as(server.requests.stream().map(BulkServer.Request::text).toList().toString())
          .isEqualTo(lines(Files.readAllLines(folder.resolve("out.ndjson"))));
    }
  }

  private static Sending sending(String yaml, String endpoint) throws Exception {
    var now = said("now", yaml);
    var clock = now.isEmpty() ? InstantSource.system() : InstantSource.fixed(Instant.parse(now));
    return said("exporter", yaml).equals("opensearch")
        ? Sending.opensearch(yaml, clock, endpoint)
        : Sending.elasticsearch(yaml, clock, endpoint);
  }

  private static Batch batch(Path folder, String yaml) throws IOException {
    var batch = Sending.batch(Files.readString(folder.resolve("in.json")));
    var mode = said("metadata", yaml);
    return mode.isEmpty()
        ? batch
        : batch.with(
            new Origin("otlp", "http", "", Map.of("x-elastic-mapping-mode", List.of(mode))));
  }

  /// In a comment; empty if it is not.
  private static String said(String what, String yaml) {
    var begin = "# " + what + ": ";
    return yaml.lines()
        .filter(line -> line.startsWith(begin))
        .map(line -> line.substring(begin.length()))
        .findFirst()
        .orElse("");
  }

  private static List<Object> lines(List<String> lines) {
    return lines.stream()
        .<Object>map(line -> line.startsWith("{") ? Lines.literally(line) : line)
        .toList();
  }

  private static String text(Outcome outcome) {
    return outcome instanceof Outcome.Partial(var items, var reason, _)
        ? "partial " + items + ": " + reason
        : outcome.toString();
  }
}

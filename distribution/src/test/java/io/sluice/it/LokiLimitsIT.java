package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.logs.v1.LogRecord;
import io.sluice.it.Loki.Entry;
import io.sluice.testkit.Json;
import io.sluice.testkit.ScriptedServer;
import io.sluice.testkit.ScriptedServer.Answer;
import io.sluice.wire.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a real Loki does not take, or not at once, and answers that get lost.
final class LokiLimitsIT extends LokiCase {
  private static final long SEED = 1;

  /// What stands between Sluice and Loki. Keeps the requests that Loki got.
  private static final class Between implements AutoCloseable {
    final AtomicBoolean away = new AtomicBoolean();
    final List<Bytes> taken = new CopyOnWriteArrayList<>();
    private final ScriptedServer<ScriptedServer.Request> server;

    /// @param answers what becomes of Loki's answers
    Between(UnaryOperator<Answer> answers) throws IOException {
      server =
          ScriptedServer.plain(
              request -> request,
              request -> away.get() ? Answer.of(503, "away") : answers.apply(handed(request)));
    }

    private Answer handed(ScriptedServer.Request request) {
      var headers = request.headers();
      var answer =
          Http.post(
              loki.uri(request.target()),
              headers.getOrDefault("Content-Type", ""),
              request.body().toArray(),
              "X-Scope-OrgID",
              headers.getOrDefault("X-Scope-OrgID", ""));
      taken.add(request.body());
      return Answer.of(answer.status(), answer.text());
    }

    String endpoint() {
      return server.endpoint();
    }

    /// Lines in the order in which they came, of JSON.
    List<String> lines() {
      return taken.stream()
          .flatMap(body -> Json.list(Json.object(body.utf8()).get("streams")).stream())
          .flatMap(stream -> Json.list(Json.object(stream).get("values")).stream())
          .map(value -> Json.text(Json.list(value).get(1)))
          .toList();
    }

    @Override
    public void close() {
      server.close();
    }
  }

  private static LogRecord.Builder wide(long time, String body, int attributes) {
    var record = LogRequests.record(time, body);
    for (int i = 0; i < attributes; i++) {
      record.addAttributes(LogRequests.attribute("a" + i, "v"));
    }
    return record;
  }

  private static List<String> bodies(int count, String prefix) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }

  /// In another order Loki would refuse what is more than an hour older than the newest it has.
  @Test
  void aBacklogOfHoursIsThereWholeAndBeforeWhatIsNew() throws IOException {
    int requests = 40;
    int each = 100;
    int all = requests * each;
    long step = 2 * SECOND; // less than what ingesters are asked for in all
    long start = recently() - all * step;
    var random = new SplittableRandom(SEED);
    try (var between = new Between(answer -> answer);
        var sluice =
            Gateway.sluice(
                yaml(
                        between.endpoint(),
                        "tenant: {value: wide}\n    encoding: json\n    compression: none")
                    .replace("storage: file", "num_consumers: 1, storage: file")
                    .replace("directory: true", "directory: true, bytes_max: 16777216"))) {
      between.away.set(true);
      for (int r = 0; r < requests; r++) {
        int first = r * each;
        send(
            sluice,
            new LogRequests("backlog")
                .many(
                    each,
                    i ->
                        LogRequests.record(
                            start + (first + i) * step, (first + i) + filler(random))));
      }
      assertThat(segments(sluice)).isGreaterThan(1);
      between.away.set(false);
      send(sluice, new LogRequests("backlog").many(1, _ -> LogRequests.record(recently(), "new-")));
      var expected =
          IntStream.rangeClosed(0, all).mapToObj(i -> i < all ? String.valueOf(i) : "new").toList();
      Eventually.happens(
          () -> numbers(between.lines()).size() >= expected.size(),
          () -> numbers(between.lines()).toString());
      assertThat(numbers(between.lines())).isEqualTo(expected);
      Eventually.happens(
          () -> loki.lines("wide", selector("backlog")).size() >= expected.size(),
          () -> numbers(loki.lines("wide", selector("backlog"))).toString());
      assertThat(numbers(loki.lines("wide", selector("backlog")))).isEqualTo(expected);
      sluice.settle();
      assertThat(sluice.scrape()).doesNotContainPattern("dead_lettered_log_records\\{[^}]*} [1-9]");
    }
  }

  private static List<String> numbers(List<String> lines) {
    return lines.stream().map(line -> line.split("-")[0]).toList();
  }

  /// That no compression makes small.
  private static String filler(SplittableRandom random) {
    var filler = new StringBuilder("-");
    for (int i = 0; i < 100; i++) {
      filler.append(Long.toHexString(random.nextLong()));
    }
    return filler.toString();
  }

  private static long segments(Gateway sluice) {
    try (var files = Files.walk(sluice.file(""))) {
      return files.filter(file -> file.toFile().length() > 1 << 20).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Loki has them already when they come again, also those that it gave the time they came with.
  @Test
  void whatWasTakenWhileTheAnswerWasLostIsThereOnce() throws IOException {
    long time = recently();
    var count = new AtomicInteger();
    try (var between =
            new Between(answer -> count.incrementAndGet() % 2 == 1 ? Answer.NONE : answer);
        var sluice =
            Gateway.sluice(
                yaml(
                    between.endpoint(), "tenant: {value: wide}\n    max_batch_size_bytes: 4096"))) {
      var requests = new LogRequests("once");
      send(sluice, requests.many(300, i -> LogRequests.record(time + i, "timed" + i)));
      send(sluice, requests.many(20, i -> LogRequests.record(0, "untimed" + i)));
      awaits(loki, "wide", "once", 320);
      sluice.settle();
      assertThat(between.taken).hasSizeGreaterThan(10);
      var lines = loki.lines("wide", selector("once"));
      assertThat(lines).hasSize(320);
      assertThat(lines.subList(0, 300)).isEqualTo(bodies(300, "timed"));
      assertThat(lines.subList(300, 320))
          .containsExactlyInAnyOrderElementsOf(bodies(20, "untimed"));
    }
  }

  /// Loki says how many of a stream have too much metadata, and takes the others.
  @Test
  void oneInAHundredOfAFullWindowIsFoundAndTheRestIsThere() {
    long time = recently();
    int count = 10_000;
    try (var sluice = sluice(loki, "tenant: {value: poor}\n    max_batch_size_bytes: 4000000")) {
      send(
          sluice,
          new LogRequests("window")
              .many(
                  count,
                  i ->
                      wide(
                          time + i,
                          i % 100 == 42 ? "bad" + i : "fine" + i,
                          i % 100 == 42 ? 20 : 1)));
      awaits(loki, "poor", "window", count - count / 100);
      deadLetters(sluice, count / 100);
      assertThat(loki.lines("poor", selector("window")))
          .isEqualTo(
              IntStream.range(0, count)
                  .filter(i -> i % 100 != 42)
                  .mapToObj(i -> "fine" + i)
                  .toList());
      assertThat(sluice.log()).contains("has too many structured metadata labels");
    }
  }

  @Test
  void metadataThatIsTooLargeIsKeptAndTheRestIsThere() {
    long time = recently();
    try (var sluice = sluice(loki, "tenant: {value: poor}")) {
      send(
          sluice,
          new LogRequests("large")
              .many(
                  100,
                  i ->
                      i % 40 == 7
                          ? LogRequests.record(time + i, "bad")
                              .addAttributes(LogRequests.attribute("huge", "x".repeat(3000)))
                          : LogRequests.record(time + i, "fine")));
      awaits(loki, "poor", "large", 97);
      deadLetters(sluice, 3);
      assertThat(loki.lines("poor", selector("large"))).hasSize(97).containsOnly("fine");
      assertThat(sluice.log()).contains("has structured metadata too large");
    }
  }

  /// More of them than Loki names in one answer.
  @Test
  void whatIsTooFarBehindIsKeptAndTheRestIsThere() {
    long time = recently();
    long behind = time - 3 * 3600 * SECOND;
    try (var sluice = sluice(loki, "tenant: {value: us}")) {
      var requests = new LogRequests("behind");
      send(sluice, requests.many(1, _ -> LogRequests.record(time, "first")));
      awaits(loki, "us", "behind", 1);
      send(
          sluice,
          requests.many(
              130,
              i ->
                  i < 30
                      ? LogRequests.record(behind + i * SECOND, "old" + i)
                      : LogRequests.record(time + i, "fine" + i)));
      awaits(loki, "us", "behind", 101);
      deadLetters(sluice, 30);
      assertThat(loki.lines("us", selector("behind")))
          .hasSize(101)
          .noneMatch(line -> line.startsWith("old"));
      assertThat(sluice.log()).contains("entry too far behind");
    }
  }

  /// Its part of a batch waits, the others' parts are there, and what is only throttled for a while comes too.
  @Test
  void aTenantThatIsThrottledDoesNotHoldUpAnother() {
    long time = recently();
    var sluice = sluice(loki, "tenant: {from_attribute: service.name}");
    try {
      for (int r = 0; r < 4; r++) {
        int first = r * 5;
        var stuck = new LogRequests("stuck").many(5, i -> LogRequests.record(time + i, "s" + i));
        var free =
            new LogRequests("free")
                .many(5, i -> LogRequests.record(time + first + i, "f" + (first + i)));
        send(sluice, r % 2 == 0 ? both(stuck, free) : both(free, stuck));
      }
      awaits(loki, "free", "free", 20);
      assertThat(loki.lines("free", selector("free"))).isEqualTo(bodies(20, "f"));
      assertThat(loki.lines("stuck", selector("stuck"))).isEmpty();
      assertThat(sluice.log()).contains("ingestion rate limit exceeded for user stuck");
    } finally {
      sluice.stop(); // what is stuck stays
    }
  }

  /// Messages behind each other are one with the fields of both.
  private static byte[] both(byte[] one, byte[] other) {
    var both = new ByteArrayOutputStream();
    both.writeBytes(one);
    both.writeBytes(other);
    return both.toByteArray();
  }

  private static String behindBatch(String batch) {
    return yaml(loki.uri("").toString(), "tenant: {from_context: x-team}")
        .replace("exporters:\n  loki:", "processors: {batch: " + batch + "}\nexporters:\n  loki:")
        .replace("receivers: [otlp],", "receivers: [otlp], processors: [batch],");
  }

  @Test
  void aTenantOfTheRequestMustNotGetLostInBatch() {
    var folder = Gateway.newFolder();
    var yaml = behindBatch("{timeout: 1s}");
    Programs.write(
        folder.resolve("gateway.yaml"),
        Ports.of(yaml).fill(yaml).replace("%dir%", folder.toString()));
    var ended =
        Programs.run(
            Map.of(),
            Gateway.Kind.SLUICE.command("validate", "--config=" + folder.resolve("gateway.yaml")));
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.output())
        .contains("service::pipelines::logs::processors: 'batch'", "metadata_keys: [x-team]");
  }

  @Test
  void aTenantOfTheRequestComesThroughBatch() {
    long time = recently();
    var yaml = behindBatch("{timeout: 1s, metadata_keys: [x-team]}");
    try (var sluice = Gateway.sluice(yaml)) {
      for (int r = 0; r < 10; r++) {
        int number = r;
        for (var team : List.of("red", "blue")) {
          send(
              sluice,
              new LogRequests("joined")
                  .many(1, _ -> LogRequests.record(time + number, team + number)),
              "X-Team",
              team);
        }
      }
      for (var team : List.of("red", "blue")) {
        awaits(loki, team, "joined", 10);
        assertThat(loki.select(team, selector("joined")).stream().map(Entry::line))
            .containsExactlyElementsOf(bodies(10, team));
      }
    }
  }
}

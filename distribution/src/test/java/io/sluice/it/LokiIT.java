package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.Loki.Entry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logs go through Sluice into a real Loki, which is asked for what it has.
@Tag("backend")
final class LokiIT {
  private static final String YAML =
      """
      receivers:
        otlp: {protocols: {http: {endpoint: "127.0.0.1:@http@", include_metadata: true}}}
      extensions:
        file_storage: {directory: %dir%, create_directory: true}
      exporters:
        loki:
          endpoint: ENDPOINT
          sending_queue: {storage: file_storage}
          retry_on_failure: {initial_interval: 100ms, max_interval: 1s}
          MORE
      service:
        extensions: [file_storage]
        pipelines:
          logs: {receivers: [otlp], exporters: [loki]}
      """;

  private static final String BY_OTLP =
      """
      receivers:
        otlp: {protocols: {http: {endpoint: "127.0.0.1:@http@"}}}
      exporters:
        otlp_http: {endpoint: ENDPOINT, headers: {X-Scope-OrgID: us}}
      service:
        pipelines:
          logs: {receivers: [otlp], exporters: [otlp_http]}
      """;

  private static final long SECOND = 1_000_000_000L;

  private static Loki loki;

  @BeforeAll
  static void start() {
    loki = Loki.start();
  }

  @AfterAll
  static void stop() {
    if (loki != null) { // there is none here
      loki.close();
    }
  }

  private static Gateway sluice(Loki server, String more) {
    return Gateway.sluice(
        YAML.replace("ENDPOINT", server.uri("").toString()).replace("MORE", more));
  }

  private static void send(Gateway gateway, byte[] request, String... headers) {
    var answer =
        Http.post(gateway.uri("http", "/v1/logs"), "application/x-protobuf", request, headers);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  /// So that no time is rounded, and none is too old.
  private static long recently() {
    return System.currentTimeMillis() / 1000 * SECOND - 600 * SECOND + 123_456_789;
  }

  private static void awaits(Loki server, String tenant, String service, int count) {
    Eventually.happens(
        () -> server.lines(tenant, selector(service)).size() >= count,
        () -> server.lines(tenant, selector(service)) + "\n" + server.log());
  }

  private static String selector(String service) {
    return "{service_name=\"" + service + "\"}";
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void hasWhatWasSent(String encoding) {
    long time = recently();
    var service = "full-" + encoding;
    try (var sluice = sluice(loki, "tenant: {value: us}\n    encoding: " + encoding)) {
      send(sluice, new LogRequests(service).full(time));
      awaits(loki, "us", service, 1);
      assertThat(loki.select("us", selector(service)))
          .containsExactly(
              new Entry(
                  Map.of("service_name", service, "k8s_namespace_name", "prod"),
                  time,
                  "Grüße \"☃\" \\ {a=1}\nsecond line",
                  Map.ofEntries(
                      Map.entry("observed_timestamp", String.valueOf(time + 1)),
                      Map.entry("severity_number", "13"),
                      Map.entry("severity_text", "Warning"),
                      Map.entry("event_name", "happened"),
                      Map.entry("flags", "1"),
                      Map.entry("trace_id", LogRequests.TRACE),
                      Map.entry("span_id", LogRequests.SPAN),
                      Map.entry("host_name", "h1"),
                      Map.entry("tier", "gold"),
                      Map.entry("scope_name", "lib"),
                      Map.entry("scope_version", "1.2"),
                      Map.entry("http_route", "/a"),
                      Map.entry("count", "9007199254740993"))));
    }
  }

  /// What is sent to Loki's own OTLP endpoint has the same names there.
  @Test
  void lokisOwnOtlpEndpointGivesTheSameNames() {
    long time = recently();
    var yaml = BY_OTLP.replace("ENDPOINT", loki.uri("/otlp").toString());
    try (var ours = sluice(loki, "tenant: {value: us}");
        var theirs = Gateway.sluice(yaml)) {
      send(ours, new LogRequests("ours").full(time));
      send(theirs, new LogRequests("theirs").full(time));
      awaits(loki, "us", "ours", 1);
      awaits(loki, "us", "theirs", 1);
      var one = loki.select("us", selector("ours")).getFirst();
      var other = loki.select("us", selector("theirs")).getFirst();
      assertThat(other.labels().keySet()).isEqualTo(one.labels().keySet());
      assertThat(other.line()).isEqualTo(one.line());
      assertThat(other.timeNs()).isEqualTo(one.timeNs());
      assertThat(one.metadata()).containsAllEntriesOf(other.metadata());
    }
  }

  @Test
  void labelsAreThoseThatTheUserChose() {
    long time = recently();
    var more =
        "tenant: {value: us}\n    labels: {resource: [service.name], attributes: [http.route],"
            + " severity: level, static: {cluster: c1}}\n    drop: {resource: [host.name]}";
    try (var sluice = sluice(loki, more)) {
      send(sluice, new LogRequests("chosen").full(time));
      awaits(loki, "us", "chosen", 1);
      var entry = loki.select("us", "{cluster=\"c1\",level=\"warn\"}").getFirst();
      assertThat(entry.labels())
          .isEqualTo(
              Map.of(
                  "service_name", "chosen", "http_route", "/a", "level", "warn", "cluster", "c1"));
      assertThat(entry.metadata())
          .containsEntry("k8s_namespace_name", "prod")
          .doesNotContainKeys("host_name", "http_route");
    }
  }

  @Test
  void eachTenantHasItsOwn() {
    long time = recently();
    try (var sluice = sluice(loki, "tenant: {from_context: x-team, default_value: us}")) {
      var requests = new LogRequests("tenants");
      for (var team : List.of("red", "blue")) {
        send(sluice, requests.many(2, i -> LogRequests.record(time + i, team + i)), "X-Team", team);
      }
      send(sluice, requests.many(1, i -> LogRequests.record(time + i, "nobody's")));
      awaits(loki, "red", "tenants", 2);
      awaits(loki, "blue", "tenants", 2);
      awaits(loki, "us", "tenants", 1);
      assertThat(loki.lines("red", selector("tenants"))).containsExactly("red0", "red1");
      assertThat(loki.lines("blue", selector("tenants"))).containsExactly("blue0", "blue1");
      assertThat(loki.lines("us", selector("tenants"))).containsExactly("nobody's");
    }
  }

  @Test
  void nothingIsLostWhileTheServerIsAway() {
    long time = recently();
    try (var server = Loki.start();
        var sluice = sluice(server, "tenant: {value: us}")) {
      var requests = new LogRequests("away");
      send(sluice, requests.many(1, i -> LogRequests.record(time, "0")));
      awaits(server, "us", "away", 1);
      server.kill();
      for (int r = 1; r < 20; r++) {
        int number = r;
        send(
            sluice, requests.many(1, i -> LogRequests.record(time + number * SECOND, "" + number)));
      }
      try (var again = server.again()) {
        awaits(again, "us", "away", 20);
        assertThat(again.lines("us", selector("away")))
            .isEqualTo(IntStream.range(0, 20).mapToObj(String::valueOf).toList());
      }
    }
  }

  /// One in a hundred is too old, one too long: they are kept with Loki's words, and nothing else is missing.
  @Test
  void culpritsBecomeDeadLettersAndTheRestIsThere() {
    long time = recently();
    long old = time - 3 * 86_400 * SECOND;
    try (var sluice = sluice(loki, "tenant: {value: short}")) {
      send(
          sluice,
          new LogRequests("hundred")
              .many(
                  200,
                  i ->
                      i % 100 == 17
                          ? LogRequests.record(old + i * SECOND, "old" + i)
                          : i % 100 == 42
                              ? LogRequests.record(time + i, "long" + i + "x".repeat(200))
                              : LogRequests.record(time + i, "fine" + i)));
      awaits(loki, "short", "hundred", 196);
      deadLetters(sluice, 4);
      assertThat(loki.lines("short", selector("hundred")))
          .hasSize(196)
          .allMatch(line -> line.startsWith("fine"))
          .doesNotHaveDuplicates();
      assertThat(sluice.log())
          .contains("has timestamp too old: ")
          .contains("max entry size '100' bytes exceeded for stream");
    }
  }

  private static void deadLetters(Gateway sluice, int count) {
    Eventually.happens(
        () ->
            sluice
                .scrape()
                .lines()
                .anyMatch(line ->
                    line.startsWith("sluice_exporter_dead_lettered_log_records{")
                        && line.endsWith("} " + count)),
        sluice::log);
  }

  @Test
  void aStreamTooManyIsKeptAndTheOthersAreThere() {
    long time = recently();
    var more = "tenant: {value: narrow}\n    labels: {attributes: [stream]}";
    try (var sluice = sluice(loki, more)) {
      send(
          sluice,
          new LogRequests("narrow")
              .many(
                  9,
                  i ->
                      LogRequests.record(time + i, "line" + i)
                          .addAttributes(LogRequests.attribute("stream", "s" + i % 3))));
      awaits(loki, "narrow", "narrow", 6);
      deadLetters(sluice, 3);
      assertThat(sluice.log()).contains("aximum active stream limit exceeded");
      assertThat(loki.select("narrow", selector("narrow")).stream().map(Entry::labels).distinct())
          .hasSize(2);
    }
  }

  /// More at once than Loki ever takes for this tenant, by its own word.
  @Test
  void whatIsThrottledComesInTheEnd() {
    long time = recently();
    try (var sluice = sluice(loki, "tenant: {value: slow}")) {
      var line = "x".repeat(1000);
      send(sluice, new LogRequests("slow").many(40, i -> LogRequests.record(time + i, line + i)));
      awaits(loki, "slow", "slow", 40);
      assertThat(loki.lines("slow", selector("slow")))
          .isEqualTo(IntStream.range(0, 40).mapToObj(i -> line + i).toList());
      assertThat(sluice.log()).contains("ingestion rate limit exceeded");
    }
  }

  @Test
  void withoutCredentialsNothingIsLost() {
    long time = recently();
    try (var sluice = sluice(loki, "")) {
      send(sluice, new LogRequests("nobody").many(3, i -> LogRequests.record(time + i, "a" + i)));
      deadLetters(sluice, 3);
      assertThat(sluice.log()).contains("HTTP 401: no org id");
    }
  }

  @Test
  void anSdksLogIsThere() {
    long time = recently();
    try (var sluice = sluice(loki, "tenant: {value: us}")) {
      new JavaClient(sluice.uri("http", "").toString(), false, "gzip", "sdk")
          .sendLogAt(Instant.ofEpochSecond(time / SECOND, time % SECOND));
      awaits(loki, "us", "sdk", 1);
      var entry = loki.select("us", selector("sdk")).getFirst();
      assertThat(entry.timeNs()).isEqualTo(time);
      assertThat(entry.line()).isEqualTo("sdk-log");
      assertThat(entry.metadata())
          .containsEntry("severity_text", "WARN")
          .containsEntry("scope_name", "it")
          .containsEntry("scope_version", "1.2.3")
          .containsEntry("text", "Grüße ☃")
          .containsEntry("count", "9007199254740993")
          .containsEntry("ratio", "0.25")
          .containsEntry("yes", "true")
          .containsEntry("list", "[\"a\",\"b\"]");
    }
  }
}
